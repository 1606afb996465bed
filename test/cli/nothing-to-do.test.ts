/** With nothing to apply, `kat up` looks as closely as with something: what is wrong, edited or empty is never passed over. */
import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { failureOf, openKat } from '../engine/library.js';
import { commandMajors } from '../support/database.js';
import { type DatabaseProject, projectOn } from '../support/kat-project.js';

const commands = ['up', 'up --dry-run', 'plan', 'sync --yes', 'down', 'status'];

async function appliedProject(major: number): Promise<DatabaseProject> {
  const project = await projectOn(major, {
    migrations: {
      '1_users': 'CREATE TABLE users (id int);',
      '2_posts': { up: 'CREATE TABLE posts (id int);', parents: [1] },
    },
  });
  await project.migrate();
  return project;
}

/** What somebody did to the folder, and the code by which `validate` names it. */
const faults: readonly [name: string, code: string, spoil: (project: DatabaseProject) => void][] = [
  [
    'a folder without a timestamp',
    'stray-folder',
    (project) => project.write('migrations/users/up.sql', 'SELECT 1;'),
  ],
  [
    'a folder with a dash',
    'stray-folder',
    (project) => project.write('migrations/0001-init/up.sql', 'SELECT 1;'),
  ],
  [
    'metadata that is no YAML',
    'invalid-metadata',
    (project) => project.write('migrations/1_users/metadata.yaml', 'name: ['),
  ],
  [
    'a parent that is not there',
    'parent-not-found',
    (project) =>
      project.write('migrations/2_posts/metadata.yaml', 'name: posts\ntimestamp: 2\nparents: [7]\n'),
  ],
  [
    'a cycle',
    'cycle',
    (project) =>
      project.write('migrations/1_users/metadata.yaml', 'name: users\ntimestamp: 1\nparents: [2]\n'),
  ],
];

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test.each(faults)('%s stops every command alike', async (_name, code, spoil) => {
    const project = await appliedProject(major);
    spoil(project);
    for (const args of commands) expect(await project.kat(args), args).toMatchObject({ code: 2 });
    const validated = await project.kat('validate --json --git-base none');
    expect(validated.code).toBe(3);
    expect(validated.stdout).toContain(`"${code}"`);
    const { kat } = openKat(project);
    expect((await failureOf(kat.up())).code).toMatch(/^(FILES|GRAPH)_INVALID$/);
  });

  test('edits are told with nothing to apply, unless nobody wants to know', async () => {
    const project = await appliedProject(major);
    expect(await project.kat('up')).toMatchObject({ code: 0, stderr: '' });
    project.write('migrations/1_users/up.sql', 'CREATE TABLE users (id bigint);\n');
    const told = '1_users was edited after it was applied';
    for (const args of ['up', 'up --dry-run', 'up --to 1', 'up --count 1']) {
      const run = await project.kat(args);
      expect(run, args).toMatchObject({ code: 0, stderr: expect.stringContaining(told) });
      expect(run.stdout).toContain('No migration(s) to apply');
    }
    project.write('migrations/1_users/up.sql', 'CREATE TABLE users (id int);\r\n');
    expect((await project.kat('up')).stderr).toBe('');
    project.write('migrations/2_posts/up.sql', 'SELECT 2;\n');
    const off = { env: { KAT_CHECKSUMS: 'off' } };
    expect((await project.kat('up', off)).stderr).toBe('');
    expect((await project.kat('up')).stderr).toContain('2_posts was edited');
  });

  test('what is passed over beside the migrations is named by `up`, `status` and `validate`, and stops nothing', async () => {
    const project = await appliedProject(major);
    project.write('migrations/loose.sql', 'SELECT 1;');
    project.write('migrations/v2/3_nested/up.sql', 'SELECT 1;');
    project.write('migrations/.kat-add-5/up.sql', 'SELECT 1;');
    utimesSync(join(project.folder, 'migrations/.kat-add-5'), 1, 1);
    for (const args of ['up', 'status', 'up --dry-run', 'validate --git-base none']) {
      const run = await project.kat(args);
      expect(run.code, args).toBe(0);
      const said = run.stdout + run.stderr;
      expect(said).toContain('loose.sql is not read');
      expect(said).toContain('1 migration in v2 is not read');
      expect(said).toMatch(/an interrupted command left .*\.kat-add-5 behind/);
    }
  });

  test('`plan` says with nothing to do, too, that a migration was edited', async () => {
    const project = await appliedProject(major);
    project.write('migrations/1_users/up.sql', 'CREATE TABLE users (id bigint);\n');
    expect((await project.kat('plan')).stdout).toMatch(
      /^Nothing to do: .*\nWarning: 1_users was edited after/,
    );
  });

  test.each([
    ['on one head', {}],
    ['on two heads, which an empty merge would join', { '2_posts': 'CREATE TABLE posts (id int);' }],
  ])('what `kat add` wrote %s stops the run before anything is applied', async (_where, others) => {
    const migrations = { '1_users': 'CREATE TABLE users (id int);', ...others };
    const project = await projectOn(major, { migrations });
    expect((await project.kat('add next')).code).toBe(0);
    for (const args of ['up', 'up --dry-run', 'up --dry-run=rollback', 'plan', 'plan --sql', 'sync --yes']) {
      const run = await project.kat(args);
      expect(run, args).toMatchObject({ code: 2, stderr: expect.stringContaining('has no statements') });
    }
    for (const args of ['validate --git-base none', 'lint']) {
      const run = await project.kat(args);
      expect(run.code, args).toBe(3);
      expect(run.stdout + run.stderr).toContain('error[empty-up]');
    }
    expect((await project.kat('stamp heads')).stderr).toContain('has no statements');
    const tables = await project.database.query(
      "SELECT FROM pg_class WHERE relname IN ('users', 'migrations')",
    );
    expect(tables).toEqual([]);
  });

  test('what is empty on purpose runs: a merge, and a statement that does nothing', async () => {
    const project = await projectOn(major, {
      migrations: {
        '1_a': 'CREATE TABLE a (id int);',
        '2_b': 'SELECT;',
        '3_merge': { up: '/* joins */', parents: [1, 2] },
      },
    });
    expect((await project.kat('up')).stdout).toContain('Total: 3 migration(s) applied');
    project.addMigration('4_wrapped', { up: 'BEGIN;\n-- later\nCOMMIT;', parents: [3] });
    expect((await project.kat('up')).code).toBe(2);
  });

  test('one that was applied empty, by an older version, is a warning of validate', async () => {
    const project = await appliedProject(major);
    project.write('migrations/2_posts/up.sql', '-- nothing\n');
    const run = await project.kat('validate --git-base none');
    expect(run.code).toBe(0);
    expect(run.stdout).toContain('empty-up');
  });
});
