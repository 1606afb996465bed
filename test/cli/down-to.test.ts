/** `kat down` to and of migrations, with folders that are gone and files that were edited. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandMajors } from '../support/database.js';
import { documentOf } from '../support/document.js';
import { contentOf, makeProject, type Project, projectOn } from '../support/kat-project.js';
import { shop, stepsOf, table } from './shop.js';

function lose(project: Project, id: string): void {
  rmSync(join(project.folder, 'migrations', id), { recursive: true });
}

const ways: readonly [command: string, steps: readonly string[]][] = [
  ['down --to posts', ['-5_authors', '-4_tags']],
  ['down --to base', ['-5_authors', '-4_tags', '-3_posts', '-2_profiles', '-1_users']],
  ['down posts', ['-5_authors', '-3_posts']],
  ['down --all', ['-5_authors', '-3_posts', '-4_tags', '-2_profiles', '-1_users']],
  ['down 3_posts tags', ['-5_authors', '-4_tags', '-3_posts']],
];

const refusals: readonly [command: string, message: string][] = [
  ['down tags --all', 'migrations, --to, --count and --all cannot be combined'],
  ['down --to users --count 1', 'migrations, --to, --count and --all cannot be combined'],
  ['down --to heads', '--to takes one migration, but heads means several'],
  ['down posts', '3_posts is not applied'],
  ['down --to posts', '3_posts is not applied'],
  ['down nothing', 'no migration matches "nothing"'],
  ['down +1', '+1 does not name one migration here'],
];

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test('to one, of some, all, and up again', async () => {
    const project = await projectOn(major, { migrations: shop });
    for (const [command, steps] of ways) {
      await project.migrate();
      expect(await stepsOf(project, `${command} --yes`), command).toEqual(steps);
      const gone = steps.map((step) => step.slice(1));
      const left = Object.keys(shop).filter((id) => !gone.includes(id));
      expect((await project.applied()).sort(), command).toEqual(left);
    }
  });

  test('so many are plain: -2 asks no more than --count 2', async () => {
    const project = await projectOn(major, { migrations: shop });
    await project.migrate();
    expect(await stepsOf(project, 'down -2')).toEqual(['-5_authors', '-4_tags']);
    expect(await stepsOf(project, 'down --count 2')).toEqual(['-3_posts', '-2_profiles']);
    expect(await stepsOf(project, 'down -0')).toEqual([]);
  });

  test('without --yes and a terminal it shows what it would do, and does nothing', async () => {
    const project = await projectOn(major, { migrations: shop });
    await project.migrate();
    const run = await project.kat('down posts');
    expect(run.code).toBe(2);
    expect(run.stdout).toContain('Planned steps:\n  - 5_authors (down)\n  - 3_posts (down)\n');
    expect(run.stderr).toBe(
      'Error: rolling back needs confirmation, but there is no terminal\n\nAdd --yes to proceed.\n',
    );
    const asDocument = await project.kat('down posts --json');
    expect(documentOf(asDocument)).toEqual({
      ok: false,
      error: {
        code: 'USAGE',
        exitCode: 2,
        message: 'rolling back needs confirmation, but there is no terminal',
        help: 'Add --yes to proceed.',
        problems: [],
      },
      plan: [
        { id: '5_authors', direction: 'down' },
        { id: '3_posts', direction: 'down' },
      ],
    });
    expect(await project.applied()).toEqual(Object.keys(shop));
  });

  test('a dry run asks nobody, whether the flag or the environment wants it', async () => {
    const project = await projectOn(major, { migrations: shop });
    await project.migrate();
    expect(await stepsOf(project, 'down --all --dry-run')).toHaveLength(5);
    const run = await project.kat('down posts', { env: { KAT_DRY_RUN: 'true' } });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toContain('Total: 2 migration(s) validated\n');
    expect(await project.applied()).toEqual(Object.keys(shop));
  });

  test('what makes no sense is refused, and nothing is touched', async () => {
    const project = await projectOn(major, { migrations: shop });
    await project.kat('up --to tags');
    for (const [command, message] of refusals) {
      const document = documentOf(await project.kat(`${command} --yes --json`));
      expect(document.error, command).toMatchObject({ code: 'USAGE', exitCode: 2, message });
    }
    expect(await project.applied()).toEqual(['4_tags']);
  });

  test('what has lost its folder goes back by the log, in its place', async () => {
    const project = await projectOn(major, { migrations: shop });
    const before = await contentOf(project.database);
    await project.migrate();
    for (const id of ['2_profiles', '3_posts', '5_authors']) lose(project, id);
    expect(await stepsOf(project, 'down users --yes')).toEqual([
      '-5_authors',
      '-3_posts',
      '-2_profiles',
      '-1_users',
    ]);
    expect(await stepsOf(project, 'down')).toEqual(['-4_tags']);
    expect(await contentOf(project.database)).toEqual(before);
  });

  test('a long one, and one without a transaction, too', async () => {
    const long = `-- ${'long '.repeat(1_000_000)}\nDROP TABLE long;`;
    const project = await projectOn(major, {
      migrations: {
        '1_users': { up: 'CREATE TABLE users (name text);', down: 'DROP TABLE users;' },
        '2_index': {
          up: 'CREATE INDEX CONCURRENTLY users_name ON users (name);',
          down: 'DROP INDEX CONCURRENTLY users_name;\nCOMMENT ON TABLE users IS $$was indexed$$;',
          parents: [1],
          noTransaction: true,
        },
        '3_long': { up: 'CREATE TABLE long ();', down: long },
      },
    });
    await project.migrate();
    lose(project, '2_index');
    lose(project, '3_long');
    const run = await project.kat('down -2 --verbose');
    expect(run.code).toBe(0);
    expect(run.stderr).toContain('statement 2 of 2 done\n');
    expect(await project.applied()).toEqual(['1_users']);
    const [comment] = await project.database.query("SELECT obj_description('users'::regclass) AS text");
    expect(comment).toEqual({ text: 'was indexed' });
    const [{ length } = {}] = await project.database.query(
      "SELECT length(down_sql) FROM migrations_log WHERE migration = '3_long' AND direction = 'down'",
    );
    expect(length).toBe(long.length + 1);
  });

  test('what nobody can take back is refused before anything happens', async () => {
    const project = await projectOn(major, {
      migrations: { ...shop, '6_no_way_back': { up: 'SELECT 1;', down: null }, '7_late': table('late') },
    });
    await project.migrate();
    lose(project, '6_no_way_back');
    const run = await project.kat('down --count 2');
    expect(run.code).toBe(3);
    expect(run.stderr).toContain('Error: 1 migration cannot be rolled back\n');
    expect(run.stderr).toContain('6_no_way_back has no folder, and the log has no down.sql for it\n');
    expect(run.stderr).toContain('Check out the branch that has 6_no_way_back. ');
    expect(run.stderr).toContain('`kat repair --drop-missing 6_no_way_back` only removes its record; ');
    expect(await project.applied()).toHaveLength(7);
    await project.database.query('DROP TABLE migrations_log');
    lose(project, '7_late');
    const document = documentOf(await project.kat('down --json'));
    expect(document.error).toMatchObject({
      code: 'MIGRATIONS_MISSING',
      problems: [{ migration: '7_late' }],
    });
  });

  test('what was edited goes back as it went up, in the mode in which it went up', async () => {
    const project = await projectOn(major, {
      migrations: {
        '1_users': { up: 'CREATE TABLE users (name text);', down: 'DROP TABLE users;' },
        '2_index': {
          up: 'CREATE INDEX CONCURRENTLY users_name ON users (name);',
          down: 'DROP INDEX CONCURRENTLY users_name;',
          parents: [1],
          noTransaction: true,
        },
      },
    });
    await project.migrate();
    project.addMigration('1_users', { up: 'CREATE TABLE people ();', down: 'DROP TABLE people;' });
    project.addMigration('2_index', {
      up: 'CREATE INDEX users_name ON users (name);',
      down: 'DROP INDEX nowhere;',
      parents: [1],
    });
    const run = await project.kat('down -2');
    expect(run).toMatchObject({ code: 0 });
    expect(run.stderr).toBe(
      'Warning: 2_index was edited after it was applied; rolling back with the down.sql recorded at that time\n' +
        'Warning: 1_users was edited after it was applied; rolling back with the down.sql recorded at that time\n',
    );
    expect(await project.database.query("SELECT FROM pg_tables WHERE tablename = 'users'")).toEqual([]);
  });

  test.each([
    ['fails', 'DROP TABLE people;', 1],
    ['does not parse', 'DROP TABLE user;', 2],
  ])('a recorded down.sql that %s is told apart from the one in the folder', async (_, fault, code) => {
    const project = await projectOn(major, {
      migrations: { '1_users': { up: 'CREATE TABLE users (id int);', down: fault } },
    });
    await project.migrate();
    project.addMigration('1_users', { up: 'CREATE TABLE users (n int);', down: 'DROP TABLE users;' });
    const failed = await project.kat('down');
    expect(failed).toMatchObject({ code });
    expect(failed.stderr).toContain(
      'What failed is the down.sql recorded when 1_users was applied. To use the one in the folder instead, record it with `kat repair 1_users` first.',
    );
    rmSync(join(project.folder, 'migrations/1_users/down.sql'));
    expect((await project.kat('down')).stderr).toContain(
      'To use another one, write it into the folder and record it with `kat repair 1_users` first.',
    );
    project.write('migrations/1_users/down.sql', 'DROP TABLE users;');
    expect(await project.kat('repair 1_users --yes')).toMatchObject({ code: 0 });
    expect(await project.kat('down')).toMatchObject({ code: 0 });
    expect(await project.database.query("SELECT FROM pg_tables WHERE tablename = 'users'")).toEqual([]);
  });

  test('an edited up.sql alone needs no word, and a down.sql that came later is used', async () => {
    const project = await projectOn(major, {
      migrations: { '1_users': { up: 'CREATE TABLE users ();', down: null }, '2_posts': table('posts') },
    });
    await project.migrate();
    project.write('migrations/2_posts/up.sql', 'CREATE TABLE posts (); -- with a remark\n');
    expect(await project.kat('down')).toMatchObject({ code: 0, stderr: '' });
    project.write('migrations/1_users/up.sql', 'CREATE TABLE users (id int);\n');
    project.write('migrations/1_users/down.sql', 'DROP TABLE users;\n');
    expect(await project.kat('down')).toMatchObject({
      code: 0,
      stderr:
        'Warning: 1_users was edited after it was applied without a down.sql; rolling back with its present down.sql\n',
    });
  });

  test('an ancestor of a half-done migration is not rolled back before that is finished or undone', async () => {
    const idx = {
      up: 'CREATE INDEX a_i ON a (i);\nCREATE INDEX a_j ON a (j);',
      parents: [1],
      noTransaction: true,
    };
    const project = await projectOn(major, {
      migrations: { '1_a': { up: 'CREATE TABLE a (i int);', down: 'DROP TABLE a;' }, '2_idx': idx },
    });
    expect((await project.kat('up')).code).toBe(5);
    for (const command of ['down --yes', 'down a --yes', 'down --all --yes', 'redo a --yes']) {
      const { code, stderr } = await project.kat(command);
      expect(code, command).toBe(5);
      expect(stderr).toContain('2_idx stopped after 1 statement of its up.sql, and 1_a is its ancestor');
      expect(await project.applied(), command).toEqual(['1_a']);
    }
    await project.database.query('DROP INDEX a_i');
    expect((await project.kat('repair --undone idx --yes')).code).toBe(0);
    expect(await stepsOf(project, 'down --yes')).toEqual(['-1_a']);
  });

  test('one that stopped half way down goes on there, by the log too', async () => {
    const project = await projectOn(major, {
      migrations: {
        '1_index': {
          up: 'CREATE TABLE users (); CREATE TABLE gate ();',
          down: 'DROP TABLE users;\nDROP TABLE gate;',
          noTransaction: true,
        },
      },
    });
    await project.migrate();
    await project.database.query('CREATE VIEW holds AS SELECT 1 FROM gate');
    const stopped = await project.kat('down');
    expect(stopped.code).toBe(5);
    expect(stopped.stderr).toContain('Fix the cause and run `kat down` again: it continues at statement 2.');
    await project.database.query('DROP VIEW holds');
    lose(project, '1_index');
    expect(await stepsOf(project, 'down 1_index --yes')).toEqual(['-1_index']);
    expect(await project.applied()).toEqual([]);
  });
});

test('the same on the embedded database', async () => {
  const project = makeProject({ migrations: shop });
  await project.kat('init --driver pglite');
  await project.kat('up', { timeoutMs: 120_000 });
  lose(project, '5_authors');
  expect(await stepsOf(project, 'down posts --yes')).toEqual(['-5_authors', '-3_posts']);
  expect(await stepsOf(project, 'down --to users --yes')).toEqual(['-4_tags', '-2_profiles']);
});
