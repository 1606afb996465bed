/** The ancestors of a half-done migration stay applied, also where its folder is on another branch or was edited. */

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { majors } from '../support/database.js';
import { documentOf } from '../support/document.js';
import { type MigrationSource, makeProject, type Project, projectOn } from '../support/kat-project.js';
import { runAsPlainSql } from '../support/run-script.js';
import { makeSqliteProject } from '../support/sqlite.js';
import { failureOf, openKat } from './library.js';

const half: MigrationSource = {
  up: 'ALTER TABLE a ADD COLUMN y int;\nINSERT INTO missing VALUES (1);',
  noTransaction: true,
  parents: [2],
};
const migrations = {
  '1_a': { up: 'CREATE TABLE a (x int);', down: 'DROP TABLE a;' },
  '2_b': { up: 'CREATE TABLE b (x int);', down: 'DROP TABLE b;', parents: [1] },
  '3_half': half,
};

/** All of them take 1_a back. */
const commands = [
  'down 1_a --yes',
  'down --all --yes',
  'redo 1_a --yes',
  'plan down --all',
  'down --all --yes --dry-run',
  'stamp --delete 1_a --yes',
  'stamp --delete 1_a --only --yes',
  'stamp --delete base --yes',
];

function lose(project: Project, id: string): void {
  rmSync(join(project.folder, 'migrations', id), { recursive: true });
}

async function expectRefused(project: Project, command: string, reason: string): Promise<void> {
  const run = await project.kat(command);
  expect([run.code, command]).toEqual([5, command]);
  expect(run.stderr).toContain('an ancestor of a half-done migration cannot be');
  expect(run.stderr).toContain(reason);
  expect(run.stderr).toContain('`kat repair --undone 3_half`');
}

type AppliedProject = Project & { applied(): Promise<string[]> };

async function expectKept(project: AppliedProject): Promise<void> {
  expect((await project.kat('up')).code).toBe(5);
  for (const command of commands) await expectRefused(project, command, '_half stopped after 1 statement');
  lose(project, '3_half');
  for (const command of [...commands, 'redo --yes', 'down --yes']) {
    await expectRefused(project, command, '3_half stopped after 1 statement of its up.sql, and');
    await expectRefused(project, command, 'check out the branch that has 3_half');
  }
  lose(project, '2_b');
  await expectRefused(project, 'down 1_a --yes', 'is its ancestor');
  await expectRefused(project, 'repair --drop-missing --yes', '2_b is its ancestor');
  project.addMigration('2_b', migrations['2_b']);
  project.addMigration('3_half', { ...half, parents: [] });
  for (const command of commands) await expectRefused(project, command, 'is its ancestor');
  expect(await project.applied()).toEqual(['1_a', '2_b']);
}

async function expectContinued(project: AppliedProject): Promise<void> {
  project.addMigration('4_apart', { up: 'CREATE TABLE apart (x int);', down: 'DROP TABLE apart;' });
  expect((await project.kat('up --to 4_apart')).code).toBe(0);
  expect((await project.kat('down 4_apart --yes')).code).toBe(0);
  lose(project, '4_apart');
  project.addMigration('3_half', { ...half, up: half.up.replace('missing', 'a (x)') });
  expect((await project.kat('up')).code).toBe(0);
  expect((await project.kat('down --all --yes')).code).toBe(0);
  expect(await project.applied()).toEqual([]);
}

describe.concurrent.each(majors())('PostgreSQL %i', (major) => {
  test('no command takes them back', async () => {
    const project = await projectOn(major, { migrations });
    await expectKept(project);
    await expectContinued(project);
  });

  test('where the log of version 0.1.0 has no parents, what was applied before may be an ancestor', async () => {
    const project = await projectOn(major, { migrations });
    expect((await project.kat('up')).code).toBe(5);
    await project.database.query("UPDATE migrations_log SET parents = NULL WHERE migration = '3_half'");
    lose(project, '3_half');
    await expectRefused(project, 'down --all --yes', '2_b may be its ancestor');
    project.addMigration('5_later', { up: 'CREATE TABLE later (x int);', down: 'DROP TABLE later;' });
    expect((await project.kat('up')).code).toBe(0);
    expect((await project.kat('down 5_later --yes')).code).toBe(0);
    expect((await project.kat('repair --undone 3_half --yes')).code).toBe(0);
    expect((await project.kat('down --all --yes')).code).toBe(0);
  });

  test('a script that stopped half way keeps them, too', async () => {
    const project = await projectOn(major, { migrations });
    const { sql } = documentOf(await project.kat('plan --sql --plain --json')) as { sql: string };
    expect(await runAsPlainSql(project.database, sql)).toMatchObject({ isDone: false });
    lose(project, '3_half');
    await expectRefused(project, 'down --all --yes', '2_b is its ancestor');
  });

  test('a squashed migration is an ancestor like those that it replaces', async () => {
    const project = await projectOn(major, { migrations });
    expect((await project.kat('up')).code).toBe(5);
    lose(project, '3_half');
    for (const id of ['1_a', '2_b']) lose(project, id);
    const up = 'CREATE TABLE a (x int); CREATE TABLE b (x int);';
    const metadata = ['replaces: [1_a, 2_b]'];
    project.addMigration('4_joined', { up, down: 'DROP TABLE a, b;', metadata });
    expect(await project.kat('stamp 4_joined --yes')).toMatchObject({ code: 0 });
    await expectRefused(project, 'down --all --yes', '4_joined is its ancestor');
  });
});

test('SQLite: no command takes them back', async () => {
  const project = makeSqliteProject({ migrations });
  await expectKept(project);
  await expectContinued(project);
});

test('PGlite: the library takes none of them back', async () => {
  const project = makeProject({ migrations });
  const { kat } = openKat(project);
  expect(await failureOf(kat.up())).toMatchObject({ code: 'MIGRATION_HALF_DONE' });
  lose(project, '3_half');
  for (const work of [() => kat.down({ all: true }), () => kat.redo({ of: ['1_a'] })])
    expect(await failureOf(work())).toMatchObject({
      code: 'MIGRATION_HALF_DONE',
      message: 'an ancestor of a half-done migration cannot be rolled back',
    });
});
