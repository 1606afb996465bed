/** A folder from before a squash, on a database that ran the squashed migration: no SQL of it runs twice. */

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { majors } from '../support/database.js';
import { documentOf } from '../support/document.js';
import { type Project, projectOn } from '../support/kat-project.js';
import { makeSqliteProject } from '../support/sqlite.js';
import { column, failureOf, openKat } from './library.js';

const create = { up: 'CREATE TABLE IF NOT EXISTS seen (x int);', down: 'DROP TABLE seen;' };
const fill = { up: 'INSERT INTO seen VALUES (1);', down: 'DELETE FROM seen WHERE x = 1;' };
const change = { up: 'UPDATE seen SET x = x + 1;', down: 'UPDATE seen SET x = x - 1;' };

const squashed = {
  '3_change': {
    up: `${create.up}\n${fill.up}\n${change.up}`,
    down: create.down,
    metadata: ['replaces: [1_create, 2_fill]'],
  },
  '4_other': { up: 'CREATE TABLE other (x int);', down: 'DROP TABLE other;', parents: [3] },
};

/** Brings back what the squash deleted. */
function checkOutBefore(project: Project): void {
  project.addMigration('1_create', create);
  project.addMigration('2_fill', { ...fill, parents: [1] });
  project.addMigration('3_change', { ...change, parents: [2] });
}

const why = '3_change was applied with other SQL, which may contain that of 1_create and 2_fill';

/** @param count reads how many rows there are. */
async function expectNothingTwice(project: Project, count: () => Promise<unknown>): Promise<void> {
  expect((await project.kat('up')).code).toBe(0);
  checkOutBefore(project);
  const commands = ['up', 'up --count 1', 'up --to 1_create', 'up --dry-run', 'sync --yes', 'plan up'];
  for (const command of commands) {
    const run = await project.kat(command);
    expect([command, run.code]).toEqual([command, 3]);
    expect(run.stderr).toContain(why);
    expect(run.stderr).toContain('check out that commit or a newer one');
  }
  const blocked = '3_change was applied with other SQL, which may contain it';
  expect((await project.kat('status')).stdout).toMatch(new RegExp(`1_create +blocked: ${blocked}`));
  expect(documentOf(await project.kat('status --json')).migrations).toEqual(
    expect.arrayContaining(['1_create', '2_fill'].map((id) => expect.objectContaining({ id, blocked }))),
  );
  const { findings } = documentOf(await project.kat('validate --json')) as {
    findings: { code: string; help: string }[];
  };
  for (const code of ['unordered', 'edited'])
    expect(findings.find((finding) => finding.code === code)?.help).toContain('squashed it into 3_change');
  await expectAsked(project);
  expect((await project.kat('repair 3_change --dry-run')).stdout).toContain(
    'The next `kat up` then runs 1_create and 2_fill: if the database has their changes, run `kat stamp 3_change` first',
  );
  const repair = await project.kat('repair --yes');
  expect(repair.code).toBe(3);
  expect(repair.stdout).toContain(
    'unchanged: what was applied may contain the SQL of 1_create and 2_fill, not applied',
  );
  expect(documentOf(await project.kat('repair --yes --json'))).toMatchObject({
    findings: [{ id: '3_change', problem: 'changed', mayContain: ['1_create', '2_fill'] }],
  });
  expect((await project.kat('up')).code).toBe(3);
  expect((await project.kat('stamp 3_change')).code).toBe(0);
  expect((await project.kat('up')).code).toBe(0);
  await expectAsked(project);
  await expectNotRepeated(project);
  expect(Number(await count())).toBe(1);
}

/** The rollback of the squash would leave the others recorded as applied, and only 3_change would run again. */
async function expectNotRepeated(project: Project): Promise<void> {
  const safe =
    'If a later commit squashed 1_create and 2_fill into 3_change, check out that commit or a newer one';
  const { findings } = documentOf(await project.kat('validate --json')) as {
    findings: { code: string; help: string }[];
  };
  const { help } = findings.find(({ code }) => code === 'edited') ?? {};
  expect(help).toContain(safe);
  expect(help).not.toContain('redo');
  for (const command of ['redo --modified --yes', 'redo 3_change --yes', 'sync --modified --yes']) {
    const run = await project.kat(command);
    expect([command, run.code]).toEqual([command, 3]);
    expect(run.stderr).toContain(
      'its rollback may undo 1_create and 2_fill, which would stay recorded as applied',
    );
    expect(run.stderr).toContain(safe);
  }
}

/** The rollback of the squash undoes what this folder has as migrations of their own. */
async function expectAsked(project: Project): Promise<void> {
  expect(documentOf(await project.kat('plan down 3_change --json'))).toMatchObject({
    losses: expect.arrayContaining([
      expect.objectContaining({ id: '3_change', joined: ['1_create', '2_fill'] }),
    ]),
  });
  const down = await project.kat('down 3_change');
  expect(down.code).toBe(2);
  expect(down.stdout + down.stderr).toContain(
    'rolling back 3_change may undo 1_create and 2_fill as well, because what ran may have contained their SQL',
  );
}

describe.concurrent.each(majors())('PostgreSQL %i', (major) => {
  const countRows = (project: Awaited<ReturnType<typeof projectOn>>) => async () =>
    (await column(project.database, 'SELECT count(*) FROM seen'))[0];

  test('what the squashed migration did is not done again', async () => {
    const project = await projectOn(major, { migrations: squashed });
    await expectNothingTwice(project, countRows(project));
    for (const id of ['1_create', '2_fill'])
      rmSync(join(project.folder, 'migrations', id), { recursive: true });
    project.addMigration('3_change', squashed['3_change']);
    expect((await project.kat('validate')).code).toBe(0);
  });

  test('status calls a squashed migration blocked where only a part of it is applied, as up does', async () => {
    const project = await projectOn(major, { migrations: { '1_create': create } });
    await project.migrate();
    rmSync(join(project.folder, 'migrations/1_create'), { recursive: true });
    for (const [id, source] of Object.entries(squashed)) project.addMigration(id, source);
    const { stdout } = await project.kat('status');
    expect(stdout).toMatch(/3_change +blocked: it was squashed, and only 1 of its 3 migrations are applied/);
    for (const command of ['up', 'repair --drop-missing --yes', 'up']) {
      const run = await project.kat(command);
      expect(run.code).toBe(3);
      expect(run.stdout + run.stderr).toMatch(
        /was squashed|3_change replaces it, and not all that it replaces/,
      );
    }
    expect((await openKat(project).kat.repair({ dropMissing: true })).findings).toEqual([
      { id: '1_create', problem: 'missing', replacedBy: '3_change' },
    ]);
    expect(await project.applied()).toEqual(['1_create']);
  });

  test('the advice of `up` about a missing squash says what it would do twice', async () => {
    const project = await projectOn(major, { migrations: { ...squashed, '9_old': 'SELECT 1;' } });
    await project.migrate();
    for (const id of ['3_change', '4_other'])
      rmSync(join(project.folder, 'migrations', id), { recursive: true });
    project.addMigration('1_create', create);
    project.addMigration('2_fill', { ...fill, parents: [1] });
    const run = await project.kat('up');
    expect(run.code).toBe(3);
    expect(run.stderr).toContain(
      'none of them is a squash that contains pending migrations: `kat up` would run their SQL a second time',
    );
  });

  test('a rollback names only what was not before it when it ran', async () => {
    const project = await projectOn(major, {
      migrations: { '1_create': create, '3_change': { ...change, parents: [1] } },
    });
    await project.migrate();
    project.addMigration('2_fill', { ...fill, parents: [1] });
    project.addMigration('3_change', { ...change, up: `${change.up} SELECT 1;`, parents: [1, 2] });
    expect(documentOf(await project.kat('plan down 3_change --json'))).toMatchObject({
      losses: [expect.objectContaining({ joined: ['2_fill'] })],
    });
  });

  test('an older program refuses to start', async () => {
    const project = await projectOn(major, { migrations: squashed });
    await project.migrate();
    checkOutBefore(project);
    const { kat } = openKat(project);
    expect(await failureOf(kat.ensure())).toMatchObject({ code: 'MIGRATIONS_CHANGED', message: why });
    expect(await countRows(project)()).toBe('1');
  });

  test('a part that was split off an applied migration runs after the edit was accepted by its name', async () => {
    const project = await projectOn(major, {
      migrations: { '1_create': create, '3_change': { ...change, parents: [1] } },
    });
    await project.migrate();
    project.addMigration('2_fill', { ...fill, parents: [1] });
    project.addMigration('3_change', { ...change, up: `${change.up} SELECT 1;`, parents: [1, 2] });
    const run = await project.kat('up');
    expect(run).toMatchObject({ code: 3, stderr: expect.stringContaining('may contain that of 2_fill') });
    expect((await project.kat('sync --modified --dry-run')).code).toBe(0);
    expect((await project.kat('repair 3_change --yes')).code).toBe(0);
    expect((await project.kat('up')).code).toBe(0);
    expect(await project.applied()).toEqual(['1_create', '3_change', '2_fill']);
  });

  test.each([
    ['only its parents changed', change],
    ['only comments were edited', { ...change, up: `-- Counts from 1.\n${change.up}` }],
  ])('a new parent is applied where %s', async (_name, edited) => {
    const project = await projectOn(major, {
      migrations: { '1_create': create, '3_change': { ...change, parents: [1] } },
    });
    await project.migrate();
    project.addMigration('2_fill', { ...fill, parents: [1] });
    project.addMigration('3_change', { ...edited, parents: [1, 2] });
    expect((await project.kat('up')).code).toBe(0);
    expect(await project.applied()).toEqual(['1_create', '3_change', '2_fill']);
  });
});

test('SQLite: what the squashed migration did is not done again', async () => {
  const project = makeSqliteProject({ migrations: squashed });
  await expectNothingTwice(project, async () => (await project.query('SELECT count(*) FROM seen'))[0]?.[0]);
});
