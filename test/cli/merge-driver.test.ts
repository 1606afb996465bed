/** `kat schema --install-merge-driver`: real merges of git, in which the schema file is recomputed from the merged migrations. */

import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { parseIds } from '../../src/engine/schema/ids-file.js';
import { commitAll, git } from '../support/git.js';
import { katCommand } from '../support/kat-command.js';
import { makeProject, type Project } from '../support/kat-project.js';

const base = { '1700000001_users': 'CREATE TABLE users (id int PRIMARY KEY);' };
/** The beginning of its statement. */
const table = (...columns: string[]) =>
  ['CREATE TABLE public.users (', '  id integer NOT NULL,', ...columns.map((one) => `  ${one},`)].join('\n');

let project: Project;

/** The driver reads migrations, so any three texts do. */
function writeSchema(...columns: string[]): void {
  project.write('schema.sql', `${table(...columns)}\n  CONSTRAINT users_pkey PRIMARY KEY (id)\n);\n`);
  project.write(
    'schema.sql.migrations',
    project
      .ids()
      .map((id) => `${id}\n`)
      .join(''),
  );
}

function branch(name: string, id: string, column: string): void {
  git(project.folder, 'checkout', '--quiet', '-b', name, 'main');
  project.addMigration(id, { up: `ALTER TABLE users ADD ${column};`, parents: [1700000001] });
  writeSchema(column);
  commitAll(project.folder, name);
}

beforeAll(async () => {
  project = makeProject({ config: 'database:\n  driver: pglite\n  path: db\n', migrations: base });
  const { folder } = project;
  mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true });
  symlinkSync(await katCommand(), join(folder, 'node_modules/.bin/kat'));
  project.write('.gitignore', 'node_modules\n');
  git(folder, 'init', '--quiet');
  writeSchema();
  const installed = await project.kat('schema --install-merge-driver');
  expect(installed).toMatchObject({ code: 0, stderr: '' });
  expect(installed.stdout).toContain('git now runs Kat to merge schema.sql in this clone');
  commitAll(folder, 'base');
  branch('a', '1700000002_a', 'a integer');
  branch('b', '1700000003_b', 'b integer');
  branch('c', '1700000004_c', 'a text');
}, 300_000);

/** Whatever a test has left. */
function start(from: string): (...args: string[]) => string {
  const { folder } = project;
  git(folder, 'checkout', '--quiet', '--force', '--detach', from);
  git(folder, 'clean', '--quiet', '--force', '-d');
  return (...args) => git(folder, ...args);
}

function idsIn({ read }: Project): string[] {
  return [...parseIds(read('schema.sql.migrations')).keys()];
}

function expectBoth(): void {
  expect(project.read('schema.sql')).toContain(table('a integer', 'b integer'));
  expect(idsIn(project)).toEqual(['1700000001_users', '1700000002_a', '1700000003_b']);
  expect(git(project.folder, 'ls-files', '--unmerged')).toBe('');
}

test('installing says what it writes, and changes nothing the second time', async () => {
  const run = start('main');
  expect(project.read('.gitattributes')).toBe(
    '/schema.sql merge=kat-schema\n/schema.sql.migrations merge=kat-schema\n',
  );
  expect(run('config', 'merge.kat-schema.driver')).toBe(
    'node_modules/.bin/kat schema --config kat.conf.yaml --merge-driver %O %A %B %P',
  );
  const again = await project.kat('schema --install-merge-driver');
  expect(again.stdout).toBe('git already runs Kat to merge schema.sql in this clone\n');
  expect(run('status', '--porcelain')).toBe('');
  const elsewhere = makeProject({ config: 'database:\n  driver: pglite\n', migrations: base });
  expect(await elsewhere.kat('schema --install-merge-driver')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('not in a git repository'),
  });
});

test('two branches that add a column to one table merge, by every command that merges', () => {
  const merge = start('b');
  expect(merge('merge', '--no-commit', 'a')).toContain('merged schema.sql: 3 migrations');
  expectBoth();
  merge('commit', '--quiet', '--message', 'merged');
  const merged = merge('rev-parse', 'HEAD');
  start('b')('rebase', 'a');
  expectBoth();
  start('b')('cherry-pick', 'a');
  expectBoth();
  const stash = start('main');
  stash('checkout', 'a', '--', '.');
  stash('stash');
  stash('checkout', '--quiet', '--detach', 'b');
  stash('stash', 'pop');
  expectBoth();
  start(merged)('revert', '--no-edit', 'a');
  expect(project.read('schema.sql')).toContain(table('b integer'));
}, 300_000);

test('a folder merges file by file, each from the merged migrations', async () => {
  const installed = await project.kat('schema --install-merge-driver --dir schema');
  expect(installed.stdout).toContain('wrote .gitattributes: /schema/** merge=kat-schema-dir\n');
  expect(installed.stdout).toContain(' --config kat.conf.yaml --dir schema --merge-driver %O %A %B %P\n');
  const attributes = project.read('.gitattributes');
  const write = (from: string) => {
    const run = start(from);
    project.write('.gitattributes', attributes);
    project.write('schema/table/public.users.sql', from);
    commitAll(project.folder, from);
    return run('rev-parse', 'HEAD');
  };
  const other = write('a');
  write('b');
  git(project.folder, 'merge', other);
  expect(project.read('schema/table/public.users.sql')).toContain(
    `change migrations instead of this file.\n\n${table('a integer', 'b integer')}`,
  );
  expectBoth();
}, 300_000);

test('branches that do not commute leave a conflict with the pair', () => {
  const run = start('a');
  const { stdout, stderr } = failing(() => run('merge', 'c'));
  expect(stderr).toContain(
    'migrations/1700000004_c/up.sql:1:23: error[same-name]: unordered relative to 1700000002_a',
  );
  expect(stderr).toContain('schema.sql is not merged: the order of migrations of the two branches matters.');
  expect(stdout).toContain('CONFLICT (content): Merge conflict in schema.sql\n');
  expect(project.read('schema.sql')).toContain(
    '<<<<<<< ours\n  a integer,\n=======\n  a text,\n>>>>>>> theirs\n',
  );
  expect(idsIn(project)).toEqual(['1700000001_users', '1700000002_a', '1700000004_c']);
});

test('a folder that Kat cannot know is a conflict, and so is a clone without the driver', () => {
  const edit = (branchName: string, up: string) => {
    const run = start(branchName);
    project.write('migrations/1700000001_users/up.sql', up);
    run('commit', '--quiet', '--all', '--message', 'edit');
    return run('rev-parse', 'HEAD');
  };
  const other = edit('a', 'CREATE TABLE users (\n  id int PRIMARY KEY\n); -- one\n\n\n');
  edit('b', '-- two\n\n\nCREATE TABLE users (id int PRIMARY KEY);\n');
  const run = (...args: string[]) => git(project.folder, ...args);
  expect(failing(() => run('merge', other)).stderr).toContain(
    'schema.sql is not merged: both sides changed migrations/1700000001_users/up.sql. ' +
      'Complete the merge of the migrations, then run `kat schema --file schema.sql` and `git add schema.sql`.',
  );
  const clone = makeProject().folder;
  git(clone, 'clone', '--quiet', project.folder, '.');
  git(clone, 'checkout', '--quiet', '--detach', 'origin/b');
  expect(failing(() => git(clone, 'merge', 'origin/a')).stdout).toContain('Merge conflict in schema.sql\n');
});

function failing(work: () => unknown): { stdout: string; stderr: string } {
  try {
    work();
  } catch (error) {
    return error as { stdout: string; stderr: string };
  }
  throw new Error('git should have failed');
}
