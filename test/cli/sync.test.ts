/** `kat sync`: the database follows the folder. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandMajors } from '../support/database.js';
import { documentOf } from '../support/document.js';
import { makeProject, type Project, projectOn } from '../support/kat-project.js';
import { shop, stepsOf, table } from './shop.js';

function lose(project: Project, ...ids: string[]): void {
  for (const id of ids) rmSync(join(project.folder, 'migrations', id), { recursive: true });
}

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test('applies what is new without asking, and is done then', async () => {
    const project = await projectOn(major, { migrations: shop });
    expect(await stepsOf(project, 'sync')).toHaveLength(5);
    const again = await project.kat('sync');
    expect(again).toMatchObject({ code: 0, stderr: '' });
    expect(again.stdout).toContain('No migration(s) to roll back or apply\n');
  });

  test('rolls back what has no folder here, and applies what has one', async () => {
    const project = await projectOn(major, { migrations: shop });
    await project.migrate();
    lose(project, '3_posts', '5_authors');
    project.addMigration('6_comments', table('comments', [2]));
    const unasked = documentOf(await project.kat('sync --json'));
    const steps = ['-5_authors', '-3_posts', '+6_comments'];
    expect(unasked.plan).toEqual(
      steps.map((step) => ({ id: step.slice(1), direction: step.startsWith('+') ? 'up' : 'down' })),
    );
    expect(await stepsOf(project, 'sync --dry-run')).toEqual(steps);
    expect(await stepsOf(project, 'sync --yes')).toEqual(steps);
    expect(await project.applied()).toEqual(['1_users', '2_profiles', '4_tags', '6_comments']);
    expect(await stepsOf(project, 'sync')).toEqual([]);
  });

  test('leaves edits alone unless it is told to follow them', async () => {
    const project = await projectOn(major, { migrations: shop });
    await project.migrate();
    project.write('migrations/4_tags/up.sql', 'CREATE TABLE tags (id int);\n');
    expect(await stepsOf(project, 'sync')).toEqual([]);
    expect(await stepsOf(project, 'sync --modified --yes')).toEqual(['-4_tags', '+4_tags']);
  });

  /** On its branch 3_posts followed 2_profiles; here it stands alone. */
  test('what followed a migration that is gone makes way for it, and comes again', async () => {
    const posts = {
      up: 'CREATE VIEW posts AS SELECT 1 FROM profiles;',
      down: 'DROP VIEW posts;',
      parents: [2],
    };
    const project = await projectOn(major, {
      migrations: { '1_users': table('users'), '2_profiles': table('profiles', [1]), '3_posts': posts },
    });
    await project.migrate();
    lose(project, '2_profiles');
    project.addMigration('3_posts', table('posts'));
    expect(await stepsOf(project, 'sync --yes')).toEqual(['-3_posts', '-2_profiles', '+3_posts']);
    expect(await project.applied()).toEqual(['1_users', '3_posts']);
  });

  test('when it stops half way, the same command goes on', async () => {
    const project = await projectOn(major, { migrations: shop });
    await project.migrate();
    lose(project, '5_authors');
    project.addMigration('6_comments', { ...table('comments'), up: 'SELECT nothing;' });
    const run = await project.kat('sync --yes');
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('Fix the cause and run `kat sync` again; this migration was rolled back.\n');
    project.addMigration('6_comments', table('comments'));
    expect(await stepsOf(project, 'sync')).toEqual(['+6_comments']);
  });

  test('what nobody can take back is named before anything happens', async () => {
    const migrations = {
      '1_users': { up: 'CREATE TABLE users ();', down: null },
      '2_posts': table('posts'),
      '3_kept': table('kept'),
    };
    const project = await projectOn(major, { migrations });
    await project.migrate();
    lose(project, '1_users', '2_posts');
    const document = documentOf(await project.kat('sync --yes --json'));
    expect(document.error).toMatchObject({
      code: 'MIGRATIONS_MISSING',
      problems: [{ message: '1_users has no folder, and the log has no down.sql for it' }],
    });
    expect(await project.applied()).toEqual(['1_users', '2_posts', '3_kept']);
  });

  test('a half done one that has no folder here is told of, and goes on when its folder is back', async () => {
    const source = { up: 'CREATE TABLE a ();\nCREATE TABLE b ();', noTransaction: true };
    const project = await projectOn(major, { migrations: { '1_two': source } });
    await project.database.query('CREATE TABLE b ()');
    expect((await project.kat('up')).code).toBe(5);
    lose(project, '1_two');
    project.addMigration('2_other', table('other'));
    const run = await project.kat('sync');
    expect(run.code).toBe(0);
    expect(run.stderr).toBe(
      'Warning: 1_two failed after statement 1 and its folder is missing, so its changes stay in the database\n',
    );
    lose(project, '2_other');
    project.addMigration('1_two', source);
    await project.database.query('DROP TABLE b');
    expect(await stepsOf(project, 'sync --yes')).toEqual(['-2_other', '+1_two']);
  });
});

test('the same on the embedded database', async () => {
  const project = makeProject({ migrations: shop });
  await project.kat('init --driver pglite');
  await stepsOf(project, 'sync');
  lose(project, '5_authors');
  expect(await stepsOf(project, 'sync --yes')).toEqual(['-5_authors']);
});
