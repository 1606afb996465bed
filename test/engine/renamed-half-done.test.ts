/** A `no_transaction` migration whose folder is renamed or lost half way: no statement of it runs twice. */

import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { majors } from '../support/database.js';
import { documentOf } from '../support/document.js';
import { type Project, projectOn } from '../support/kat-project.js';
import { makeSqliteProject } from '../support/sqlite.js';
import { column } from './library.js';

const half = (table: string) => ({
  up: `INSERT INTO seen VALUES (1);\nINSERT INTO ${table} VALUES (1);`,
  noTransaction: true,
  parents: [1],
});
const migrations = { '1_seen': 'CREATE TABLE seen (x int);', '2_fill': half('missing') };

function rename(project: Project, from: string, to: string): void {
  renameSync(join(project.folder, 'migrations', from), join(project.folder, 'migrations', to));
  project.addMigration(to, half('missing'));
}

/** @param count reads how many rows the first statement has written. */
async function expectNothingTwice(project: Project, count: () => Promise<unknown>): Promise<void> {
  expect((await project.kat('up')).code).toBe(5);
  rename(project, '2_fill', '2_fill_seen');
  for (const command of ['up', 'up --dry-run', 'sync --yes', 'plan up']) {
    const run = await project.kat(command);
    expect(run.code).toBe(5);
    expect(run.stderr).toContain('2_fill_seen would run the SQL of 2_fill again');
    expect(run.stderr).toContain('rename the folder back');
  }
  expect(Number(await count())).toBe(1);
  rename(project, '2_fill_seen', '2_fill');
  rmSync(join(project.folder, 'migrations/2_fill'), { recursive: true });
  project.addMigration('3_other', { up: 'CREATE TABLE other (x int);', parents: [1] });
  const run = await project.kat('up');
  expect(run.code).toBe(0);
  expect(run.stderr).toContain('2_fill failed after statement 1 and its folder is missing');
  expect((await project.kat('repair')).stdout).toContain('`kat up` continues it when its folder is back');
  const { findings } = documentOf(await project.kat('validate --json')) as { findings: { help: string }[] };
  expect(findings[0]?.help).toContain('Its folder is missing. Restore the folder');
  expect((await project.kat('repair --undone 2_fill --yes')).code).toBe(0);
  project.addMigration('4_fill', half('seen'));
  expect((await project.kat('up')).code).toBe(0);
  expect(Number(await count())).toBe(3);
}

describe.concurrent.each(majors())('PostgreSQL %i', (major) => {
  test.each([
    ['one of its finished statements was', '3_other', 'INSERT INTO seen VALUES (1);\nSELECT 1;'],
    ['all of them were', '2_other', 'INSERT  INTO seen VALUES (1);\ninsert into seen values (2);'],
  ])('nor where %s edited with the name', async (_title, id, edited) => {
    const up = 'INSERT INTO seen VALUES (1);\nINSERT INTO seen VALUES (2);\nSELECT 1 / 0;';
    const project = await projectOn(major, {
      migrations: { '1_seen': 'CREATE TABLE seen (x int);', '2_fill': { ...half('seen'), up } },
    });
    expect((await project.kat('up')).code).toBe(5);
    rmSync(join(project.folder, 'migrations/2_fill'), { recursive: true });
    project.addMigration(id, { ...half('seen'), up: edited });
    expect(await project.kat('up')).toMatchObject({
      code: 5,
      stderr: expect.stringContaining(
        `${id} has its timestamp or a statement of it: was the folder renamed?`,
      ),
    });
    expect(await column(project.database, 'SELECT x FROM seen ORDER BY x')).toEqual([1, 2]);
  });

  test('a renamed migration that stopped half way does not begin again', async () => {
    const project = await projectOn(major, { migrations });
    await expectNothingTwice(
      project,
      async () => (await column(project.database, 'SELECT count(*) FROM seen'))[0],
    );
  });
});

test('SQLite: a renamed migration that stopped half way does not begin again', async () => {
  const project = makeSqliteProject({ migrations });
  await expectNothingTwice(project, async () => (await project.query('SELECT count(*) FROM seen'))[0]?.[0]);
});
