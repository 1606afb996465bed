/** What `kat status` says of runs: under way, failed, interrupted, and what they left. */

import { describe, expect, test } from 'vitest';
import { holdBack, holdSnapshot, untilGone, untilRunning, waitingMigration } from '../reliability/scene.js';
import { commandMajors } from '../support/database.js';
import { documentOf } from '../support/document.js';
import { eventually } from '../support/eventually.js';
import { type DatabaseProject, projectOn } from '../support/kat-project.js';

type Document = Record<string, Record<string, unknown>[]> & { counts: Record<string, number> };

async function statusOf(project: DatabaseProject): Promise<Document> {
  return documentOf(await project.kat('status --json')) as Document;
}

const me = /\S+@\S+/.source;

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test('a migration in a transaction that is running, and who waits for it', async () => {
    const project = await projectOn(major, { migrations: { '1_t1': waitingMigration(1) } });
    const application = await holdBack(project.database);
    const { ended } = await project.start('up');
    const processId = await untilRunning(project.database, 'pg_advisory_xact_lock');
    const checked = await project.kat('status --check');
    expect([checked.code, checked.stderr]).toEqual([3, 'Check failed: 1 pending, 1 running\n']);
    expect(checked.stdout).toMatch(
      new RegExp(`\\n {2}▸ 1_t1 {2}running since \\S+ \\S+ UTC, by ${me} \\(process ${processId}\\)\\n`),
    );
    expect(checked.stdout).toMatch(
      new RegExp(
        `\\nA run is in progress: process ${processId} \\(kat up, run by ${me}, applying 1_t1, user postgres`,
      ),
    );
    const { migrations, runners } = await statusOf(project);
    expect(migrations?.[0]?.running).toMatchObject({ direction: 'up', command: 'up', processId });
    expect(runners).toHaveLength(2);
    const waiting = await project.kat('up --lock-wait 0s');
    expect(waiting.code).toBe(4);
    expect(waiting.stderr).toMatch(new RegExp(`run by ${me}, applying 1_t1, `));
    expect((await project.kat('unlock')).stdout).toMatch(new RegExp(`run by ${me}, applying 1_t1, `));
    await application.release();
    await ended;
    expect((await project.kat('status --check')).code).toBe(0);
    expect((await statusOf(project)).runners).toEqual([]);
  });

  test('a migration that runs statement by statement, on its way up and down', async () => {
    const project = await projectOn(major, {
      migrations: {
        '1_t1': {
          up: 'CREATE TABLE t1 ();\nSELECT pg_advisory_xact_lock(4711);\nSELECT 1;',
          down: 'DROP TABLE t1;\nSELECT pg_advisory_xact_lock(4711);',
          noTransaction: true,
        },
      },
    });
    for (const [direction, words] of [
      ['up', 'running'],
      ['down', 'rolling back'],
    ] as const) {
      const application = await holdBack(project.database);
      const { ended } = await project.start(`${direction} --lock-timeout 0`);
      await untilRunning(project.database, 'pg_advisory_xact_lock');
      const { stdout } = await project.kat('status');
      expect(stdout).toMatch(
        new RegExp(` ▸ 1_t1 .*${words} since \\S+ \\S+ UTC, statement 2 of [23], by ${me}`),
      );
      expect(stdout).not.toContain('stopped');
      const { migrations, counts } = await statusOf(project);
      expect(migrations?.[0]?.running).toMatchObject({ direction, statement: 2 });
      expect(migrations?.[0]).not.toHaveProperty('halfDone');
      expect(counts).toMatchObject({ halfDone: 0, running: 1 });
      await application.release();
      expect((await ended).code).toBe(0);
    }
  });

  test('one that failed and was rolled back says when and why, until it succeeds', async () => {
    const project = await projectOn(major, { migrations: { '1_t1': "SELECT 'a\nb'::int;" } });
    expect((await project.kat('up')).code).toBe(1);
    expect((await project.kat('status')).stdout).toMatch(
      / {2}• 1_t1 {2}ready, failed \S+ \S+ UTC: ERROR: invalid input syntax for type integer: "a …\n/,
    );
    expect((await statusOf(project)).migrations?.[0]?.failed).toMatchObject({
      direction: 'up',
      sqlstate: '22P02',
    });
    project.write('migrations/1_t1/up.sql', 'SELECT 1;');
    await project.migrate();
    expect((await statusOf(project)).migrations?.[0]).not.toHaveProperty('failed');
  });

  test('one that was killed says who began it, and names the INVALID index that it left', async () => {
    const project = await projectOn(major, {
      migrations: { '1_index': { up: 'CREATE INDEX CONCURRENTLY ON t (n);', noTransaction: true } },
    });
    const { database } = project;
    await database.query('CREATE TABLE t (n int)');
    const snapshot = await holdSnapshot(database);
    const { child, ended } = await project.start('up');
    const pid = await untilRunning(database, 'CREATE INDEX CONCURRENTLY');
    await eventually(
      'the index that is being built',
      async () => (await database.query("SELECT FROM pg_class WHERE relname = 't_n_idx'")).length > 0,
    );
    child.kill('SIGKILL');
    await ended;
    await database.query(`SELECT pg_terminate_backend(${pid})`);
    await untilGone(database);
    await snapshot.release();
    const { stdout } = await project.kat('status');
    expect(stdout).toMatch(
      new RegExp(
        `ready, stopped in statement 1 \\(up\\), started \\S+ \\S+ UTC by ${me}, without a recorded end, left the INVALID index "public"."t_n_idx", which the next \`kat up\` replaces\\n`,
      ),
    );
    expect((await statusOf(project)).migrations?.[0]?.halfDone).toMatchObject({
      invalidIndexes: ['"public"."t_n_idx"'],
    });
    await project.migrate();
    expect((await statusOf(project)).migrations?.[0]).not.toHaveProperty('halfDone');
  });

  test('a concurrent build that failed says how, what it left, and that the next run replaces it', async () => {
    const up = 'CREATE UNIQUE INDEX CONCURRENTLY t_n ON t (n);';
    const project = await projectOn(major, { migrations: { '1_index': { up, noTransaction: true } } });
    await project.database.query('CREATE TABLE t (n int); INSERT INTO t VALUES (1), (1)');
    const { code, stderr } = await project.kat('up');
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining(
        'The statement left the INVALID index "public"."t_n". The next `kat up` replaces it.',
      ),
    ]);
    expect((await project.kat('status')).stdout).toMatch(
      /ready, stopped in statement 1 \(up\), left the INVALID index "public"\."t_n", which the next `kat up` replaces, failed \S+ \S+ UTC in statement 1: ERROR: could not create unique index "t_n" \(SQLSTATE 23505\)/,
    );
    await project.database.query('DELETE FROM t WHERE ctid = (SELECT min(ctid) FROM t)');
    await project.migrate();
    expect((await statusOf(project)).migrations?.[0]).not.toHaveProperty('halfDone');
    const valid = await project.database.query(
      "SELECT indisvalid FROM pg_index WHERE indrelid = 't'::regclass",
    );
    expect(valid).toEqual([{ indisvalid: true }]);
  });

  test('a runner whose work this role may not see: not called stopped for certain', async () => {
    const project = await projectOn(major, {
      migrations: {
        '1_t1': { up: 'CREATE TABLE t1 ();\nSELECT pg_advisory_xact_lock(4711);', noTransaction: true },
      },
    });
    const { database } = project;
    const application = await holdBack(database);
    const { ended } = await project.start('up --lock-timeout 0');
    await untilRunning(database, 'pg_advisory_xact_lock');
    await database.query(
      `CREATE ROLE ${database.name}_reader LOGIN PASSWORD 'r'; GRANT SELECT ON migrations, migrations_log TO ${database.name}_reader`,
    );
    const url = database.url.replace(/\/\/[^@]*@/, `//${database.name}_reader:r@`);
    const seen = await project.kat('status', { env: { KAT_MIGRATION_DATABASE_URL: url } });
    expect(seen.stdout).toMatch(/ready, stopped in statement 2 \(up\) or running now, started /);
    expect(seen.stdout).toMatch(/\nA run is in progress: process \d+ \(kat up, user postgres\)\n/);
    await application.release();
    expect((await ended).code).toBe(0);
    await database.query(`DROP OWNED BY ${database.name}_reader; DROP ROLE ${database.name}_reader`);
  });
});
