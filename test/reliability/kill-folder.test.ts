/** `kill -9` of the commands that change folders and rows, at every step: nothing runs twice, and one command puts it right. */
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandMajors } from '../support/database.js';
import { fakePgDump } from '../support/fake-pg-dump.js';
import { type DatabaseProject, projectOn } from '../support/kat-project.js';

const hook = resolve(import.meta.dirname, 'kill-at.mjs');

/** Runs a command that is killed just before this call. */
async function killed(project: DatabaseProject, args: string | readonly string[], at: string): Promise<void> {
  const run = await project.kat(args, { nodeArguments: ['--import', hook], env: { KAT_KILL_AT: at } });
  expect(run.code).toBeUndefined();
}

/** What dbmate left: two applied migrations that must never run again. */
async function dbmateProject(major: number): Promise<DatabaseProject> {
  const file = (table: string) =>
    `-- migrate:up\nCREATE TABLE IF NOT EXISTS ${table} (n int);\nINSERT INTO ${table} VALUES (1);\n-- migrate:down\nDROP TABLE ${table};\n`;
  const project = await projectOn(major, { files: { 'db/1_a.sql': file('a'), 'db/2_b.sql': file('b') } });
  await project.database.query(`CREATE TABLE a AS SELECT 1 AS n; CREATE TABLE b AS SELECT 1 AS n;
    CREATE TABLE schema_migrations (version varchar PRIMARY KEY); INSERT INTO schema_migrations VALUES ('1'), ('2')`);
  return project;
}

async function countRows({ database }: DatabaseProject): Promise<unknown> {
  const [row] = await database.query('SELECT (SELECT count(*) FROM a) + (SELECT count(*) FROM b) AS rows');
  return Number(row?.rows);
}

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test.each([
    'writeFileSync 1',
    'writeFileSync 4',
    'renameSync 1',
    'renameSync 2',
    'renameSync 3',
    'unlinkSync 1',
  ])('import --adopt before %s: up runs nothing, and the same command again completes it', async (at) => {
    const project = await dbmateProject(major);
    await killed(project, 'import --from dbmate db --adopt', at);
    const up = await project.kat('up');
    if (up.code !== 0) expect(up.stderr).toContain('did not finish its change of the migrations folder');
    expect(await countRows(project)).toBe(2);
    expect((await project.kat('validate --offline --git-base none')).code).toBe(3);
    expect(await project.kat('import --from dbmate db --adopt')).toMatchObject({ code: 0 });
    expect((await project.kat('up')).stdout).toContain('No migration(s) to apply');
    expect(await project.applied()).toEqual(['1_a', '2_b']);
    expect(project.ids()).toEqual(['1_a', '2_b']);
    expect(await countRows(project)).toBe(2);
  });

  test('baseline: repair finishes what is recorded, and takes back what is not', async () => {
    for (const [at, count] of [
      ['writeFileSync 3', 0],
      ['renameSync 1', 1],
      ['renameSync 2', 1],
    ] as const) {
      const project = await projectOn(major);
      await project.database.query('CREATE TABLE users (id int)');
      await killed(project, ['baseline', '--pg-dump', fakePgDump(project).program], at);
      expect((await project.kat('status')).stderr).toContain('`kat baseline` did not finish its change');
      const repaired = await project.kat('repair');
      expect(repaired).toMatchObject({
        code: 0,
        stderr: expect.stringContaining('`kat baseline` was interrupted'),
      });
      expect(project.ids()).toHaveLength(count);
      expect(await project.applied()).toHaveLength(count);
      expect((await project.kat('up')).stdout).toContain('No migration(s) to apply');
    }
  });

  test.each([
    'writeFileSync 2',
    'renameSync 1',
    'renameSync 2',
    'renameSync 3',
    'renameSync 4',
    'unlinkSync 1',
  ])('squash before %s: repair leads to all of it or to nothing', async (at) => {
    const project = await projectOn(major, {
      migrations: {
        '1_a': { up: 'CREATE TABLE a (n int);', down: 'DROP TABLE a;' },
        '2_b': { up: 'CREATE TABLE b (n int);', down: 'DROP TABLE b;', parents: [1] },
      },
    });
    await project.kat('up');
    await killed(project, 'squash --to 2 --force --yes --no-verify', at);
    for (const args of ['up', 'sync --yes', 'status']) {
      const run = await project.kat(args);
      expect(run).toMatchObject({ code: 2, stderr: expect.stringContaining('run `kat repair`') });
    }
    expect((await project.kat('repair')).code).toBe(0);
    expect([['1_a', '2_b'], ['2_b']]).toContainEqual(project.ids());
    expect(await project.kat('up')).toMatchObject({ code: 0, stderr: '' });
    expect(await countRows(project)).toBe(0);
  });
});
