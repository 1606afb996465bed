/** Where disk, memory or server give out, no migration is blamed. */

import { describe, expect, test } from 'vitest';
import { commandMajors, runOnce } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { projectOn } from '../../support/kat-project.js';
import { makeSqliteProject } from '../../support/sqlite.js';

const sorted = 'CREATE TABLE sorted AS SELECT i FROM generate_series(1, 200000) i ORDER BY -i;';

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test('a limit of the role on the server', async () => {
    const project = await projectOn(major, {
      migrations: { '1_sorted': { up: sorted, down: 'DROP TABLE sorted;' } },
    });
    const role = `small_${project.database.name}`;
    await project.database.query(`CREATE ROLE ${role} LOGIN CREATEDB PASSWORD 'small'`);
    await project.database.query(
      `ALTER ROLE ${role} SET temp_file_limit = 100; ALTER ROLE ${role} SET work_mem = 64`,
    );
    const url = new URL(project.database.url);
    [url.username, url.password, url.pathname] = [role, 'small', '/postgres'];
    await project.migrate();
    for (const command of ['verify', 'drift', 'schema']) {
      const run = await project.kat([command, '--on', url.href]);
      expect(run.code, command).toBe(2);
      expect(run.stderr).toContain(
        'the throwaway database gave out at 1_sorted: temporary file size exceeds',
      );
      expect(run.stderr).toContain('raise its limits for this role');
      expect(run.stdout + run.stderr).not.toContain('Correct up.sql');
    }
    await project.database.query(`ALTER ROLE ${role} RESET ALL`);
    expect((await project.kat(['verify', '--on', url.href])).code).toBe(0);
    await project.database.query(`DROP ROLE ${role}`);
  });

  test('a session that somebody ends', async () => {
    const project = await projectOn(major, {
      migrations: {
        '1_slow': { up: 'CREATE TABLE slow (x int); SELECT pg_sleep(600);', down: 'DROP TABLE slow;' },
      },
    });
    const { ended } = await project.start(['verify', '--on', project.database.url]);
    const pid = await eventually('the migration is tried', async () => {
      const [row] = await runOnce(
        { ...project.database, database: 'postgres' },
        `SELECT pid FROM pg_stat_activity WHERE datname LIKE 'kat\\_verify\\_%' AND wait_event = 'PgSleep' AND query LIKE '%1_slow%'`,
      );
      return row?.pid as number | undefined;
    });
    await project.database.query(`SELECT pg_terminate_backend(${pid})`);
    const run = await ended;
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('the throwaway database gave out at 1_slow: terminating connection');
    expect(run.stderr).toContain('Find out why the server ended the session.');
  });
});

test('SQLite', async () => {
  const project = makeSqliteProject({
    migrations: {
      '1_full': {
        up: 'PRAGMA max_page_count = 20;\nCREATE TABLE full (x);\nINSERT INTO full VALUES (zeroblob(1000000));',
        down: 'DROP TABLE full;',
      },
    },
  });
  for (const command of ['verify', 'schema']) {
    const run = await project.kat(command);
    expect(run.code, command).toBe(2);
    expect(run.stderr).toContain(
      'the throwaway database gave out at 1_full: database or disk is full (SQLITE_FULL)',
    );
    expect(run.stderr).toContain('`TMPDIR` names the folder for temporary files.');
  }
});
