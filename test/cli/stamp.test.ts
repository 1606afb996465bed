/** `kat stamp`: what is in the database by other means is recorded as applied, and taken back, without running anything. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandMajors } from '../support/database.js';
import { documentOf } from '../support/document.js';
import { makeProject, projectOn } from '../support/kat-project.js';

const migrations = {
  '1_users': { up: 'CREATE TABLE users (id int);', down: 'DROP TABLE users;' },
  '2_posts': { up: 'CREATE TABLE posts (id int);', down: 'DROP TABLE posts;', parents: [1] },
  '3_tags': { up: 'CREATE TABLE tags (id int);', down: 'DROP TABLE tags;', parents: [1] },
  '4_index': {
    up: 'CREATE INDEX CONCURRENTLY posts_idx ON posts (id);',
    down: 'DROP INDEX CONCURRENTLY posts_idx;',
    parents: [2],
    noTransaction: true,
  },
};

const step = (direction: string) => (id: string) => ({ id, direction });

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test('refuses what has no SQL yet, but no merge', async () => {
    const project = await projectOn(major, { migrations });
    project.addMigration('5_merge', { up: '-- joins\n', parents: [3, 4] });
    project.addMigration('6_soon', { up: '-- TODO\n;\n', parents: [5] });
    const run = await project.kat('stamp heads');
    expect(run).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('up.sql of 6_soon has no statements'),
    });
    expect(run.stderr).toContain('Error: 1 migration cannot be recorded as applied\n');
    expect((await project.kat('status')).stdout).toContain('0 applied, 6 pending');
    expect((await project.kat('stamp 5_merge')).code).toBe(0);
    project.write('migrations/6_soon/up.sql', 'SELECT;\n');
    expect((await project.kat('stamp heads')).code).toBe(0);
    expect(await project.applied()).toHaveLength(6);
  });

  test('refuses what is half done and comes along unnamed, in both directions', async () => {
    const half = {
      up: 'SELECT 1;\nSELECT nothing;',
      down: 'SELECT 1;\nSELECT nothing;',
      noTransaction: true,
    };
    const project = await projectOn(major, {
      migrations: { '1_half': half, '2_next': { up: 'SELECT 1;', parents: [1] } },
    });
    expect((await project.kat('up')).code).toBe(5);
    for (const what of ['2_next', 'heads']) {
      const run = await project.kat(`stamp ${what}`);
      expect(run.code).toBe(5);
      expect(run.stderr).toContain(
        '1 migration is half done\n\n1_half stopped after 1 statement of its up.sql',
      );
      expect(run.stderr).toContain('run `kat repair --done 1_half`');
    }
    expect((await project.kat('stamp 2_next --only')).code).toBe(0);
    expect((await project.kat('repair --done 1_half --yes')).code).toBe(0);
    expect((await project.kat('stamp --delete 2_next --yes')).code).toBe(0);
    expect((await project.kat('down --yes')).code).toBe(5);
    for (const what of ['--delete base --yes', 'heads', '1_half', '2_next'])
      expect(await project.kat(`stamp ${what}`)).toMatchObject({
        code: 5,
        stderr: expect.stringContaining('Run `kat down 1_half` to continue'),
      });
    expect(await project.applied()).toEqual(['1_half']);
  });

  test('records what is named with its ancestors, and runs nothing', async () => {
    const project = await projectOn(major, { migrations });
    const run = await project.kat('stamp 2_posts');
    expect(run).toEqual({
      code: 0,
      stdout: `Attempting to ping database
Successfully connected to database!
To be recorded as applied, without running anything:
  + 1_users
  + 2_posts
Recorded 2 migrations as applied
`,
      stderr: '',
    });
    expect(await project.applied()).toEqual(['1_users', '2_posts']);
    expect(await project.database.query("SELECT FROM pg_class WHERE relname IN ('users', 'posts')")).toEqual(
      [],
    );
    expect(documentOf(await project.kat('stamp heads --json'))).toEqual({
      command: 'stamp',
      ok: true,
      direction: 'up',
      isDryRun: false,
      migrations: ['3_tags', '4_index'].map(step('up')),
      skipped: ['1_users', '2_posts'],
    });
    expect((await project.kat('up')).stdout).toContain('No migration(s) to apply');
    const again = await project.kat('stamp heads');
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing to record') });
    expect(again.stdout).toContain('Already recorded as applied: 4 migrations');
  });

  test('the log knows enough to go back when the folder is gone, or edited', async () => {
    const project = await projectOn(major, { migrations });
    await project.database.query(
      'CREATE TABLE users (id int); CREATE TABLE posts (id int); CREATE TABLE tags (id int); CREATE INDEX posts_idx ON posts (id)',
    );
    await project.kat('stamp heads');
    expect(
      await project.database.query(
        `SELECT migration, direction, outcome, parents::text, down_sql, no_transaction FROM migrations_log
         WHERE migration IN ('1_users', '4_index')`,
      ),
    ).toEqual([
      {
        ...{ migration: '1_users', direction: 'up', outcome: 'stamped', parents: '{}' },
        ...{ down_sql: 'DROP TABLE users;\n', no_transaction: false },
      },
      {
        ...{ migration: '4_index', direction: 'up', outcome: 'stamped', parents: '{2_posts}' },
        ...{ down_sql: 'DROP INDEX CONCURRENTLY posts_idx;\n', no_transaction: true },
      },
    ]);
    rmSync(join(project.folder, 'migrations/4_index'), { recursive: true });
    project.write('migrations/3_tags/up.sql', 'CREATE TABLE labels ();');
    project.write('migrations/3_tags/down.sql', 'DROP TABLE labels;');
    expect((await project.kat('status')).stdout).toMatch(/3_tags.*changed/);
    const run = await project.kat('down --all --yes');
    expect(run.code, run.stderr).toBe(0);
    expect(await project.applied()).toEqual([]);
    expect(
      await project.database.query("SELECT FROM pg_class WHERE relname ~ '^(users|posts|tags)'"),
    ).toEqual([]);
  });

  test('--delete takes back what is named and what descends from it, shown first', async () => {
    const project = await projectOn(major, { migrations });
    await project.kat('stamp heads');
    const unasked = await project.kat('stamp --delete 2_posts');
    expect(unasked.code).toBe(2);
    expect(unasked.stdout).toContain('  - 4_index\n  - 2_posts\n');
    expect(unasked.stderr).toContain('Add --yes');
    expect(await project.applied()).toHaveLength(4);
    expect(documentOf(await project.kat('stamp --delete 2_posts --yes --json'))).toMatchObject({
      direction: 'down',
      migrations: ['4_index', '2_posts'].map(step('down')),
      skipped: [],
    });
    expect(await project.applied()).toEqual(['1_users', '3_tags']);
    expect(documentOf(await project.kat('stamp --delete 2_posts 3 --yes --json'))).toMatchObject({
      migrations: [step('down')('3_tags')],
      skipped: ['2_posts'],
    });
    await project.kat('stamp --delete base --yes');
    expect(await project.applied()).toEqual([]);
  });

  test('--delete of a migration whose folder is gone', async () => {
    const project = await projectOn(major, { migrations });
    await project.kat('stamp heads');
    rmSync(join(project.folder, 'migrations/4_index'), { recursive: true });
    rmSync(join(project.folder, 'migrations/2_posts'), { recursive: true });
    const run = await project.kat('stamp --delete 2_posts --yes');
    expect(run.code, run.stderr).toBe(0);
    expect(await project.applied()).toEqual(['1_users', '3_tags']);
  });

  test('--only leaves ancestors and descendants alone', async () => {
    const project = await projectOn(major, { migrations });
    await project.kat('stamp 4_index --only');
    expect(await project.applied()).toEqual(['4_index']);
    await project.kat('stamp heads');
    await project.kat('stamp --delete 2_posts --only --yes');
    expect(await project.applied()).toEqual(['4_index', '1_users', '3_tags']);
  });

  test('a dry run touches nothing', async () => {
    const project = await projectOn(major, { migrations });
    const run = await project.kat('stamp heads --dry-run');
    expect(run.stdout).toContain('DRY RUN: Would record 4 migrations as applied');
    expect(await project.database.query("SELECT FROM pg_class WHERE relname ~ '^migrations'")).toEqual([]);
  });

  test('all of it is recorded, or nothing', async () => {
    const project = await projectOn(major, { migrations });
    await project.kat('stamp 1');
    await project.database.query("ALTER TABLE migrations ADD CHECK (name <> '4_index')");
    const run = await project.kat('stamp heads --json');
    expect(run.code).toBe(2);
    expect(documentOf(run).error).toMatchObject({ code: 'SQL_ERROR' });
    expect(await project.applied()).toEqual(['1_users']);
    expect(await project.database.query('SELECT count(*)::int AS n FROM migrations_log')).toEqual([{ n: 1 }]);
  });

  test('a role that may not write the tracking table learns which privileges it needs', async () => {
    const project = await projectOn(major, { migrations });
    await project.kat('stamp 1');
    await project.database.query(`
      CREATE FUNCTION forbid() RETURNS trigger LANGUAGE plpgsql
      AS $$ BEGIN RAISE insufficient_privilege USING MESSAGE = 'permission denied for table migrations'; END $$;
      CREATE TRIGGER forbid BEFORE INSERT ON migrations EXECUTE FUNCTION forbid();`);
    const run = await project.kat('stamp heads');
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('permission denied for table migrations (SQLSTATE 42501)');
    expect(run.stderr).toContain('Give this role SELECT, INSERT and DELETE on the tracking table');
  });

  test.each([
    'CREATE TABLE users (id int);',
    'ALTER TABLE base ADD COLUMN id int;',
    'CREATE SCHEMA side;',
    'CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;',
    'CREATE TYPE mood AS ENUM ();',
    'ALTER TABLE base ADD CONSTRAINT c CHECK (true);',
  ])('a migration that ran without a record is to be recorded: %s', async (up) => {
    const project = await projectOn(major, {
      migrations: { '1_base': 'CREATE TABLE base ();', '2_again': { up, parents: [1] } },
    });
    await project.kat('up');
    await project.kat('stamp --delete 2_again --yes');
    expect((await project.kat('up')).stderr).toContain(
      'Compare with `kat drift`. If everything that this migration makes is there already, record it with `kat stamp 2_again`. If not, fix the cause and run `kat up` again; this migration was rolled back.',
    );
    expect((await project.kat('stamp 2_again')).code).toBe(0);
    expect((await project.kat('up')).stdout).toContain('No migration(s) to apply');
  });

  test('a half-done migration that is stamped does not go on later', async () => {
    const project = await projectOn(major, {
      migrations: { '1_two': { up: 'CREATE TABLE one ();\nSELECT 1/0;', noTransaction: true } },
    });
    await project.kat('up');
    await project.kat('stamp 1_two');
    expect((await project.kat('status')).stdout).not.toContain('stopped');
    await project.kat('stamp --delete 1_two --yes');
    const run = await project.kat('up');
    expect(run.stderr).toContain('relation "one" already exists');
  });

  test('what is named must be there', async () => {
    const project = await projectOn(major, { migrations });
    for (const args of ['stamp', 'stamp nothing', 'stamp base', 'stamp --delete nothing']) {
      expect((await project.kat(args)).code, args).toBe(2);
    }
  });
});

test('the same on the embedded database', async () => {
  const { '4_index': _index, ...others } = migrations;
  const project = makeProject({ migrations: others });
  await project.kat('init --driver pglite');
  expect(documentOf(await project.kat('stamp 2_posts --json'))).toMatchObject({
    migrations: ['1_users', '2_posts'].map(step('up')),
  });
  expect(documentOf(await project.kat('stamp --delete base --yes --json'))).toMatchObject({
    migrations: ['2_posts', '1_users'].map(step('down')),
  });
  expect(documentOf(await project.kat('up --json'))).toMatchObject({ migrations: [{}, {}, {}] });
}, 120_000);
