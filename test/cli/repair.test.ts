/** `kat repair`: what is recorded is brought in line with the folder, shown first, and nothing runs. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandMajors } from '../support/database.js';
import { documentOf } from '../support/document.js';
import { type DatabaseProject, makeProject, projectOn } from '../support/kat-project.js';

const migrations = {
  '1_users': { up: 'CREATE TABLE users (id int);', down: 'DROP TABLE users;' },
  '2_posts': { up: 'CREATE TABLE posts (id int);', down: 'DROP TABLE posts;', parents: [1] },
};

const halfDone = {
  '3_steps': {
    up: 'CREATE TABLE one ();\nSELECT 1/0 FROM users;\nCREATE TABLE three ();',
    down: 'DROP TABLE one;',
    parents: [1],
    noTransaction: true,
  },
};

/** The last entry of the log. */
async function lastEntry({ database }: DatabaseProject) {
  const [entry] = await database.query(
    `SELECT migration, direction, outcome, checksum, parents::text, down_sql FROM migrations_log ORDER BY id DESC LIMIT 1`,
  );
  return entry;
}

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test('says so when there is nothing to repair', async () => {
    const project = await projectOn(major, { migrations });
    expect((await project.kat('repair')).stdout).toContain('Nothing to repair\n');
    await project.kat('up');
    expect(documentOf(await project.kat('repair --json'))).toEqual({
      command: 'repair',
      ok: true,
      isDryRun: false,
      findings: [],
    });
  });

  test('an edit that was looked at counts as what was applied', async () => {
    const project = await projectOn(major, { migrations });
    await project.kat('up');
    project.write('migrations/1_users/up.sql', 'CREATE TABLE users (id int); -- the users\n');
    project.write('migrations/1_users/down.sql', 'DROP TABLE users CASCADE;\n');
    const unasked = await project.kat('repair');
    expect(unasked.code).toBe(2);
    expect(unasked.stdout).toContain(
      'Differences:\n  ~ 1_users  its up.sql was edited after it was applied, but only its comments and white space\n      → record the current up.sql and down.sql as the applied ones\n',
    );
    expect(unasked.stderr).toContain('Add --yes');
    expect(documentOf(await project.kat('repair --dry-run --json'))).toMatchObject({
      isDryRun: true,
      findings: [{ id: '1_users', problem: 'changed', repair: 'accept edit' }],
    });
    expect((await project.kat('status')).stdout).toContain('changed');
    expect((await project.kat('repair 2_posts --yes')).stdout).toContain('Nothing to repair');
    const run = await project.kat('repair --yes');
    expect(run).toMatchObject({ code: 0, stdout: expect.stringMatching(/Repaired 1\n$/) });
    expect(await lastEntry(project)).toMatchObject({
      migration: '1_users',
      direction: 'up',
      outcome: 'repaired',
      checksum: expect.stringMatching(/^[0-9a-f]{64}$/),
      parents: '{}',
      down_sql: 'DROP TABLE users CASCADE;\n',
    });
    expect(await project.applied()).toEqual(['1_users', '2_posts']);
    expect((await project.kat('status')).stdout).not.toContain('changed');
    expect((await project.kat('repair')).stdout).toContain('Nothing to repair');
  });

  test('a migration whose folder is gone is left, with what else can be done, until the flag says otherwise', async () => {
    const project = await projectOn(major, { migrations });
    await project.kat('up');
    rmSync(join(project.folder, 'migrations/2_posts'), { recursive: true });
    const left = await project.kat('repair');
    expect(left).toMatchObject({ code: 3, stderr: '' });
    expect(left.stdout).toContain('  ! 2_posts  it is applied, but its folder is missing');
    expect(left.stdout).toContain('restore its folder from git, or check out its branch');
    expect(left.stdout).not.toContain('kat down');
    expect(left.stdout).toContain('--drop-missing');
    expect(await project.applied()).toEqual(['1_users', '2_posts']);
    expect(documentOf(await project.kat('repair --drop-missing --yes --json'))).toMatchObject({
      findings: [{ id: '2_posts', problem: 'missing', repair: 'drop' }],
    });
    expect(await project.applied()).toEqual(['1_users']);
    expect(await lastEntry(project)).toMatchObject({
      migration: '2_posts',
      direction: 'down',
      outcome: 'repaired',
    });
    expect(await project.database.query("SELECT to_regclass('posts') IS NOT NULL AS is_there")).toEqual([
      { is_there: true },
    ]);
  });

  test('a half-done migration is shown with the statement that it stopped at', async () => {
    const project = await projectOn(major, { migrations: { ...migrations, ...halfDone } });
    await project.kat('up');
    const left = await project.kat('repair');
    expect(left.code).toBe(3);
    expect(left.stdout).toContain(
      '  ! 3_steps  it stopped at line 2 of up.sql, statement 2 of 3: SELECT 1/0 FROM users\n',
    );
    expect(left.stdout).toContain('`kat up` continues it');
    expect(documentOf(await project.kat('repair --json'))).toMatchObject({
      findings: [
        {
          id: '3_steps',
          problem: 'half done',
          stop: {
            ...{ direction: 'up', finished: 1, statements: 3, line: 2 },
            statement: 'SELECT 1/0 FROM users',
          },
        },
      ],
    });
  });

  test('--done: what ran is all there is', async () => {
    const project = await projectOn(major, { migrations: { ...migrations, ...halfDone } });
    await project.kat('up');
    const run = await project.kat('repair --done 3_steps --yes');
    expect(run, run.stderr).toMatchObject({ code: 0 });
    expect(run.stdout).toContain('→ record it as applied');
    expect(await project.applied()).toEqual(['1_users', '2_posts', '3_steps']);
    expect(await lastEntry(project)).toMatchObject({ outcome: 'repaired', down_sql: 'DROP TABLE one;\n' });
    expect((await project.kat('repair')).stdout).toContain('Nothing to repair');
    expect((await project.kat('down 3_steps --yes')).code).toBe(0);
  });

  test('--undone: it begins anew', async () => {
    const project = await projectOn(major, { migrations: { ...migrations, ...halfDone } });
    await project.kat('up');
    await project.database.query('DROP TABLE one');
    await project.kat('repair --undone 3_steps --yes');
    expect(await project.applied()).toEqual(['1_users', '2_posts']);
    expect((await project.kat('repair')).stdout).toContain('Nothing to repair');
    project.write('migrations/3_steps/up.sql', 'CREATE TABLE one ();\nCREATE TABLE two ();\n');
    const run = await project.kat('up');
    expect(run.code, run.stderr).toBe(0);
    expect(await project.database.query("SELECT FROM pg_class WHERE relname IN ('one', 'two')")).toHaveLength(
      2,
    );
  });

  test('a rollback that stopped half-way is settled the same ways', async () => {
    const down = 'DROP TABLE one;\nSELECT 1/0;';
    const project = await projectOn(major, {
      migrations: { '1_one': { up: 'CREATE TABLE one ();', down, noTransaction: true } },
    });
    await project.kat('up');
    await project.kat('down');
    expect((await project.kat('repair')).stdout).toContain('statement 2 of 2: SELECT 1/0');
    await project.kat('repair --undone 1_one --yes');
    expect(await lastEntry(project)).toMatchObject({
      direction: 'up',
      outcome: 'repaired',
      checksum: expect.any(String),
      down_sql: `${down}\n`,
    });
    expect((await project.kat('repair')).stdout).toContain('Nothing to repair');
    await project.database.query('CREATE TABLE one ()');
    await project.kat('down');
    await project.kat('repair --done 1_one --yes');
    expect(await project.applied()).toEqual([]);
    expect((await project.kat('repair')).stdout).toContain('Nothing to repair');
  });

  test('only what is half done can be settled, and in one way', async () => {
    const project = await projectOn(major, { migrations: { ...migrations, ...halfDone } });
    await project.kat('up');
    expect((await project.kat('repair --done 1_users --yes')).stderr).toContain('1_users is not half done');
    const both = await project.kat('repair --done 3_steps --undone 3_steps --yes');
    expect(both).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('more than one of --done, --undone'),
    });
    expect((await project.kat('repair nothing')).code).toBe(2);
  });
});

test('the same on the embedded database', async () => {
  const project = makeProject({ migrations });
  await project.kat('init --driver pglite');
  await project.kat('up');
  project.write('migrations/1_users/up.sql', 'CREATE TABLE users (id int); -- the users\n');
  rmSync(join(project.folder, 'migrations/2_posts'), { recursive: true });
  const run = await project.kat('repair --drop-missing --yes --json');
  expect(documentOf(run)).toMatchObject({
    findings: [
      { id: '1_users', repair: 'accept edit' },
      { id: '2_posts', repair: 'drop' },
    ],
  });
  expect((await project.kat('repair')).stdout).toContain('Nothing to repair');
}, 120_000);

test('a half-done rollback without a folder continues by the command that repair and validate name', async () => {
  const project = await projectOn(commandMajors().at(-1) as number, {
    migrations: {
      '1_half': {
        up: 'CREATE TABLE a (x int);\nCREATE TABLE b (x int);',
        down: 'DROP TABLE a;\nDROP TABLE b;',
        noTransaction: true,
      },
      '2_other': 'SELECT 1;',
    },
  });
  expect((await project.kat('up')).code).toBe(0);
  await project.database.query('DROP TABLE b');
  expect((await project.kat('down 1_half --yes')).code).toBe(5);
  rmSync(join(project.folder, 'migrations/1_half'), { recursive: true });
  const advice = '`kat down 1_half` continues it; or record its state';
  expect((await project.kat('repair')).stdout).toContain(advice);
  const { findings } = documentOf(await project.kat('validate --json')) as unknown as {
    findings: { code: string; help: string }[];
  };
  const [found] = findings.filter(({ code }) => code === 'half-done');
  expect(found?.help).toContain(
    'Run `kat down 1_half` to continue at the next statement. If a finished statement was edited',
  );
  await project.database.query('CREATE TABLE b (x int)');
  expect(await project.kat('down 1_half --yes')).toMatchObject({ code: 0 });
  expect(await project.applied()).toEqual(['2_other']);
});

test('a dropped record of a folder that comes back is recorded again, so that nothing runs twice', async () => {
  const project = await projectOn(commandMajors().at(-1) as number, {
    migrations: {
      '1_rows': 'CREATE TABLE rows (id int); INSERT INTO rows VALUES (1);',
      '2_last': 'SELECT 1;',
    },
  });
  await project.migrate();
  rmSync(join(project.folder, 'migrations/1_rows'), { recursive: true });
  const { stdout } = await project.kat('repair --drop-missing --yes');
  expect(stdout).toContain('If its folder comes back, run `kat stamp --only 1_rows` before `kat up`');
  project.addMigration('1_rows', 'CREATE TABLE rows (id int); INSERT INTO rows VALUES (1);');
  expect(await project.kat('stamp --only 1_rows')).toMatchObject({ code: 0 });
  expect((await project.kat('up')).stdout).toContain('No migration(s) to apply');
  expect(await project.applied()).toEqual(['2_last', '1_rows']);
});
