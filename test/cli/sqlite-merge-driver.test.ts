/** `kat schema --install-merge-driver` on SQLite: real merges of git, whose branches are executed in both orders. */

import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { commitAll, git } from '../support/git.js';
import { katCommand } from '../support/kat-command.js';
import type { Project } from '../support/kat-project.js';
import { makeSqliteProject } from '../support/sqlite.js';

let project: Project;

async function branch(name: string, id: string, up: string): Promise<void> {
  git(project.folder, 'checkout', '--quiet', '-b', name, 'main');
  project.addMigration(id, { up, parents: [1] });
  await project.kat('schema --file schema.sql');
  commitAll(project.folder, name);
}

beforeAll(async () => {
  project = makeSqliteProject({ migrations: { '1_users': 'CREATE TABLE users (id INTEGER PRIMARY KEY);' } });
  const { folder } = project;
  mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true });
  symlinkSync(await katCommand(), join(folder, 'node_modules/.bin/kat'));
  project.write('.gitignore', 'node_modules\n');
  git(folder, 'init', '--quiet');
  await project.kat('schema --file schema.sql');
  const installed = await project.kat('schema --install-merge-driver');
  expect(installed).toMatchObject({ code: 0, stderr: '' });
  commitAll(folder, 'base');
  await branch('a', '2_a', 'ALTER TABLE users ADD COLUMN a TEXT;');
  await branch('b', '3_b', 'ALTER TABLE users ADD COLUMN b TEXT;');
  await branch('same', '4_c', 'ALTER TABLE users ADD COLUMN a INTEGER;');
  await branch('either', '5_d', 'CREATE VIEW IF NOT EXISTS v AS SELECT id FROM users;');
  await branch('or', '6_e', 'CREATE VIEW IF NOT EXISTS v AS SELECT 1 AS x FROM users;');
}, 300_000);

function merge(from: string, other: string): { failed: boolean; output: string } {
  const { folder } = project;
  git(folder, 'checkout', '--quiet', '--force', '--detach', from);
  git(folder, 'clean', '--quiet', '--force', '-d');
  try {
    return { failed: false, output: git(folder, 'merge', '--no-commit', other) };
  } catch (error) {
    return { failed: true, output: (error as { stderr: string }).stderr };
  }
}

test('two branches that add a column to one table merge into what kat schema writes', async () => {
  for (const [from, other] of [
    ['b', 'a'],
    ['a', 'b'],
  ] as const) {
    expect(merge(from, other)).toMatchObject({ failed: false });
    expect(await project.kat('schema --file schema.sql --check')).toMatchObject({ code: 0 });
    expect(project.read('schema.sql')).toMatch(/\n {2}a TEXT,\n {2}b TEXT/);
  }
});

test('branches whose order matters leave a conflict that says what differs', () => {
  const same = merge('a', 'same');
  expect(same.failed).toBe(true);
  expect(same.output).toContain(
    'error[order-fails]: 4_c fails in one order: ERROR: duplicate column name: a',
  );
  expect(same.output).toContain(
    'schema.sql is not merged: the order of migrations of the two branches matters.',
  );
  expect(project.read('schema.sql')).toContain('<<<<<<< ours\n');
  const either = merge('or', 'either');
  expect(either.output).toMatch(/error\[order-differs\]: the other branch first: view v was changed/);
});
