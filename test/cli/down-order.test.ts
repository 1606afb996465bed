/** `kat down`: back through what was applied last, and never a parent before its applied children. */
import { describe, expect, test } from 'vitest';
import { commandMajors } from '../support/database.js';
import { contentOf, type DatabaseProject, projectOn } from '../support/kat-project.js';

function table(name: string, parents: number[] = []) {
  return { up: `CREATE TABLE ${name} ();`, down: `DROP TABLE ${name};`, parents };
}

/** The ids that one command rolled back, in order. */
async function down(project: DatabaseProject, args = 'down'): Promise<string[]> {
  const run = await project.kat(`${args} --json`);
  expect(run).toMatchObject({ code: 0, stderr: '' });
  return JSON.parse(run.stdout).migrations.map(({ id }: { id: string }) => id);
}

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test('what was applied last goes first, even when its timestamp is smaller', async () => {
    const project = await projectOn(major, {
      migrations: { '1_users': table('users'), '9_posts': table('posts', [1]) },
    });
    await project.migrate();
    project.addMigration('5_profiles', table('profiles', [1]));
    await project.migrate();
    expect(await project.applied()).toEqual(['1_users', '9_posts', '5_profiles']);
    expect(await down(project)).toEqual(['5_profiles']);
    expect(await down(project)).toEqual(['9_posts']);
    expect(await down(project)).toEqual(['1_users']);
    expect(await down(project)).toEqual([]);
  });

  /** First 2_posts alone; then 1_users appears and becomes its parent: it is applied after its child. */
  test('a child that was applied before its parent goes before it all the same', async () => {
    const project = await projectOn(major, { migrations: { '2_posts': table('posts') } });
    await project.migrate();
    project.addMigration('1_users', table('users'));
    project.addMigration('2_posts', table('posts', [1]));
    await project.migrate();
    expect(await project.applied()).toEqual(['2_posts', '1_users']);
    expect(await down(project)).toEqual(['2_posts']);
    expect(await down(project)).toEqual(['1_users']);
  });

  test('--count, -n and more than there are', async () => {
    const chain = {
      '1_a': table('a'),
      '2_b': table('b', [1]),
      '3_c': table('c', [2]),
      '4_d': table('d', [3]),
    };
    const project = await projectOn(major, { migrations: chain });
    const before = await contentOf(project.database);
    await project.migrate();
    expect(await down(project, 'down --count 2')).toEqual(['4_d', '3_c']);
    expect(await down(project, 'down -n 9')).toEqual(['2_b', '1_a']);
    expect(await contentOf(project.database)).toEqual(before);
  });

  test('down.sql that is missing or broken is found before anything is rolled back', async () => {
    const project = await projectOn(major, {
      migrations: {
        '1_none': { up: 'CREATE TABLE none ();', down: null },
        '2_broken': { up: 'CREATE TABLE broken ();', down: 'DROP TABEL broken;' },
        '3_fine': table('fine'),
      },
    });
    await project.migrate();
    const before = await contentOf(project.database);
    const run = await project.kat('down --count 3');
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('Migration failed: 1_none\nError details: ERROR: 1_none has no down.sql\n');
    expect(run.stderr).toContain(
      'Migration failed: 2_broken\nError details: ERROR: syntax error at or near "TABEL" (SQLSTATE 42601)\n',
    );
    expect(await contentOf(project.database)).toEqual(before);
    expect(await project.applied()).toEqual(['1_none', '2_broken', '3_fine']);
  });

  test('those before the one that fails stay rolled back', async () => {
    const project = await projectOn(major, {
      migrations: {
        '1_a': table('a'),
        '2_bad': { up: 'SELECT 1;', down: 'DROP TABLE nowhere;' },
        '3_c': table('c'),
      },
    });
    await project.migrate();
    const run = await project.kat('down --count 3');
    expect(run.code).toBe(1);
    expect(run.stdout).toContain('Successfully rolled back 1 migrations\n');
    expect(run.stderr).toContain('Migration failed: 2_bad\n');
    expect(await project.applied()).toEqual(['1_a', '2_bad']);
  });
});
