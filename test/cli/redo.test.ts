/** `kat redo`: down and up again, with what descends from it, and with what was edited. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandMajors } from '../support/database.js';
import { documentOf } from '../support/document.js';
import { contentOf, makeProject, projectOn } from '../support/kat-project.js';
import { shop, stepsOf, table } from './shop.js';

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test('the last, the last two, one with what follows it', async () => {
    const project = await projectOn(major, { migrations: shop });
    expect(await stepsOf(project, 'redo')).toEqual([]);
    await project.migrate();
    const before = await contentOf(project.database);
    expect(await stepsOf(project, 'redo --yes')).toEqual(['-5_authors', '+5_authors']);
    expect(await stepsOf(project, 'redo -2 --yes')).toEqual([
      ...['-5_authors', '-4_tags'],
      ...['+4_tags', '+5_authors'],
    ]);
    expect(await stepsOf(project, 'redo posts --yes')).toEqual([
      ...['-5_authors', '-3_posts'],
      ...['+3_posts', '+5_authors'],
    ]);
    expect((await project.applied()).sort()).toEqual(Object.keys(shop));
    expect(await contentOf(project.database)).toEqual(before);
  });

  test('nothing is applied on top of what is half rolled back', async () => {
    const project = await projectOn(major, {
      migrations: {
        '1_steps': {
          up: 'CREATE TABLE one ();\nCREATE TABLE two ();',
          down: 'DROP TABLE two;\nSELECT 1/0;\nDROP TABLE one;',
          noTransaction: true,
        },
        '2_child': { ...table('child'), parents: [1] },
        '3_other': table('other'),
      },
    });
    await project.migrate();
    expect((await project.kat('redo steps --yes')).code).toBe(5);
    const run = await project.kat('up');
    expect(run.code).toBe(5);
    expect(run.stderr).toContain('1_steps stopped after 1 statement of its down.sql');
    expect(run.stderr).toContain('Run `kat down 1_steps` to continue');
    expect(await project.applied()).toEqual(['1_steps', '3_other']);
    project.write('migrations/1_steps/down.sql', 'DROP TABLE two;\nSELECT 1;\nDROP TABLE one;');
    expect((await project.kat('down 1_steps --yes')).code).toBe(0);
    await project.migrate();
    expect(await project.applied()).toEqual(['3_other', '1_steps', '2_child']);
  });

  test('what is half rolled back is not applied, whatever else is', async () => {
    const project = await projectOn(major, {
      migrations: {
        '1_users': table('users'),
        '2_steps': {
          up: 'CREATE TABLE one ();\nCREATE TABLE two ();',
          down: 'DROP TABLE two;\nSELECT 1/0;\nDROP TABLE one;',
          parents: [1],
          noTransaction: true,
        },
      },
    });
    await project.migrate();
    expect((await project.kat('down steps --yes')).code).toBe(5);
    for (const command of ['up', 'up --dry-run', 'up --to steps', 'plan', 'sync --yes']) {
      const { code, stderr } = await project.kat(command);
      expect({ command, code }).toEqual({ command, code: 5 });
      expect(stderr).toContain('Error: 1 migration is half rolled back');
      expect(stderr).toContain('Run `kat down 2_steps` to continue its rollback');
    }
    expect((await project.kat('up --to users')).code).toBe(0);
    project.addMigration('3_other', { ...table('other'), parents: [1] });
    expect((await project.kat('up')).code).toBe(5);
    expect((await project.kat('up --to other')).code).toBe(0);
    expect(await project.applied()).toEqual(['1_users', '2_steps', '3_other']);
    expect((await project.kat('repair --undone steps --yes')).code).toBe(0);
    expect((await project.kat('up --dry-run')).code).toBe(0);
  });

  test('what it says', async () => {
    const project = await projectOn(major, { migrations: { '1_users': table('users') } });
    await project.migrate();
    const { stdout } = await project.kat('redo --yes');
    expect(stdout.replace(/\d+\.\d{3}ms/g, 'TIME')).toBe(`Attempting to ping database
Successfully connected to database!
1_users (down) 
1_users (up) 
Successfully rolled back 1 migrations and applied 1 migrations

Migration Summary
Successful migrations:
  ✓ 1_users (down) - TIME
  ✓ 1_users (up) - TIME

Total: 1 migration(s) rolled back, 1 migration(s) applied
`);
    const unasked = await project.kat('redo');
    expect(unasked).toMatchObject({ code: 2 });
    expect(unasked.stdout).toContain('Planned steps:\n  - 1_users (down)\n  + 1_users (up)\n');
    expect(documentOf(await project.kat('redo --json'))).toMatchObject({
      plan: [
        { id: '1_users', direction: 'down' },
        { id: '1_users', direction: 'up' },
      ],
    });
    const dry = await project.kat('redo', { env: { KAT_DRY_RUN: '1' } });
    expect(dry.stdout).toContain('DRY RUN: Migrations will not be rolled back or applied\n');
    expect(dry.stdout).toContain('Total: 2 migration(s) validated\n');
  });

  test('--modified: what was edited goes back by its old SQL and comes again by its new', async () => {
    const project = await projectOn(major, { migrations: shop });
    await project.migrate();
    expect(await stepsOf(project, 'redo --modified')).toEqual([]);
    project.addMigration('3_posts', {
      up: 'CREATE TABLE articles (id int);',
      down: 'DROP TABLE articles;',
      parents: [1],
    });
    expect(await stepsOf(project, 'redo --modified --yes')).toEqual([
      ...['-5_authors', '-3_posts'],
      ...['+3_posts', '+5_authors'],
    ]);
    const tables = await project.database.query(
      "SELECT relname FROM pg_class WHERE relname IN ('posts', 'articles')",
    );
    expect(tables).toEqual([{ relname: 'articles' }]);
    expect(await stepsOf(project, 'redo --modified')).toEqual([]);
    const both = documentOf(await project.kat('redo tags --modified --yes --json'));
    expect(both.error).toMatchObject({
      code: 'USAGE',
      message: 'migrations and --modified cannot be combined',
    });
  });

  test('a parent that an edit has added is applied first', async () => {
    const project = await projectOn(major, { migrations: { '2_posts': table('posts') } });
    await project.migrate();
    project.addMigration('1_users', {
      up: 'CREATE TABLE users (id int PRIMARY KEY);',
      down: 'DROP TABLE users;',
    });
    project.addMigration('2_posts', {
      up: 'CREATE TABLE posts (author int REFERENCES users);',
      down: 'DROP TABLE posts;',
      parents: [1],
    });
    expect(await stepsOf(project, 'redo --modified --yes')).toEqual(['-2_posts', '+1_users', '+2_posts']);
  });

  test('when applying again fails it says what is rolled back, and `kat up` goes on', async () => {
    const project = await projectOn(major, { migrations: shop });
    await project.migrate();
    project.write('migrations/3_posts/up.sql', 'CREATE TABLE posts (id no_such_type);\n');
    const run = await project.kat('redo users --yes');
    expect(run.code).toBe(1);
    expect(run.stdout).toContain('Successfully rolled back 4 migrations and applied 2 migrations\n');
    expect(run.stderr).toMatch(
      /Fix the cause and run `kat up` again; this migration was rolled back\. Rolled back and not applied again: 5_authors and 3_posts; `kat up` applies them\.\n$/,
    );
    project.write('migrations/3_posts/up.sql', 'CREATE TABLE posts ();\n');
    expect(await stepsOf(project, 'up')).toEqual(['+3_posts', '+5_authors']);
  });

  test('when rolling back fails it says that, too', async () => {
    const project = await projectOn(major, { migrations: shop });
    await project.migrate();
    await project.database.query('CREATE VIEW holds AS SELECT 1 FROM posts');
    const document = documentOf(await project.kat('redo users --yes --json'));
    expect(document).toMatchObject({
      error: {
        code: 'MIGRATION_FAILED',
        migration: '3_posts',
        direction: 'down',
        help: 'Fix the cause and run `kat redo` again; this migration stays applied. Rolled back and not applied again: 5_authors; `kat up` applies them.',
      },
      migrations: [{ id: '5_authors', direction: 'down' }],
    });
    expect(await project.applied()).toEqual(['1_users', '2_profiles', '3_posts', '4_tags']);
  });

  /** A deferred constraint fails at COMMIT, which ends the transaction: the next one must not think that all is well. */
  test('when applying again fails at its COMMIT, nothing behind it is applied', async () => {
    const project = await projectOn(major, {
      migrations: { '1_users': table('users'), '2_posts': table('posts', [1]), '3_tags': table('tags', [2]) },
    });
    await project.migrate();
    project.write(
      'migrations/1_users/up.sql',
      'CREATE TABLE users (id int UNIQUE DEFERRABLE INITIALLY DEFERRED);\nINSERT INTO users VALUES (1), (1);\n',
    );
    const document = documentOf(await project.kat('redo users --yes --json'));
    expect(document.error).toMatchObject({
      migration: '1_users',
      direction: 'up',
      server: { sqlstate: '23505' },
    });
    expect(await project.applied()).toEqual([]);
    const left = "SELECT relname FROM pg_class WHERE relname IN ('users', 'posts', 'tags')";
    expect(await project.database.query(left)).toEqual([]);
  });

  test('a statement that fails on the way up again: `kat up` goes on behind those that are done', async () => {
    const migration = { down: 'DROP TABLE IF EXISTS a, b;', noTransaction: true };
    const project = await projectOn(major, {
      migrations: { '1_two': { ...migration, up: 'CREATE TABLE a ();\nCREATE TABLE b ();' } },
    });
    await project.migrate();
    project.addMigration('1_two', {
      ...migration,
      up: 'CREATE TABLE a ();\nCREATE TABLE b (id no_such_type);',
    });
    const run = await project.kat('redo --modified --yes');
    expect(run.code).toBe(5);
    expect(run.stderr).toContain(
      'run `kat up` again: it continues at statement 2. Rolled back and not applied again: 1_two;',
    );
    project.addMigration('1_two', { ...migration, up: 'CREATE TABLE a ();\nCREATE TABLE b (id int);' });
    expect(await stepsOf(project, 'up')).toEqual(['+1_two']);
  });

  test('what has no folder cannot be applied again, so nothing that it descends from is rolled back', async () => {
    const project = await projectOn(major, { migrations: shop });
    await project.migrate();
    rmSync(join(project.folder, 'migrations/5_authors'), { recursive: true });
    const document = documentOf(await project.kat('redo posts --yes --json'));
    expect(document.error).toMatchObject({
      code: 'MIGRATIONS_MISSING',
      exitCode: 3,
      problems: [{ migration: '5_authors' }],
    });
    expect(await project.applied()).toHaveLength(5);
    expect(await stepsOf(project, 'redo tags --yes')).toEqual(['-4_tags', '+4_tags']);
  });
});

test('the same on the embedded database', async () => {
  const project = makeProject({ migrations: shop });
  await project.kat('init --driver pglite');
  await stepsOf(project, 'up');
  project.write('migrations/3_posts/up.sql', 'CREATE TABLE posts (id int);\n');
  expect(await stepsOf(project, 'redo --modified --yes')).toEqual([
    ...['-5_authors', '-3_posts'],
    ...['+3_posts', '+5_authors'],
  ]);
});
