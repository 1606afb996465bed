/** A tracking table that was renamed or moved without its log: what only the log knows is not forgotten. */

import { describe, expect, test } from 'vitest';
import { majors } from '../support/database.js';
import { type Project, projectOn } from '../support/kat-project.js';
import { makeSqliteProject } from '../support/sqlite.js';
import { column } from './library.js';

const migrations = {
  '1_seen': { up: 'CREATE TABLE seen (x int);', down: 'DROP TABLE seen;' },
  '2_fill': {
    up: 'INSERT INTO seen VALUES (1);\nINSERT INTO missing VALUES (1);',
    noTransaction: true,
    parents: [1],
  },
};

const looking = ['status', 'validate', 'history', 'plan up', 'up --dry-run'];
const writing = ['up', 'down --yes', 'sync --yes', 'redo --yes', 'stamp heads --yes', 'repair --yes'];

interface Scene {
  project: Project;
  execute(sql: string): Promise<unknown>;
  /** How many rows the first statement of the half-done migration has written. */
  count(): Promise<number>;
}

function configure(project: Project, tablename: string): void {
  project.write('kat.conf.yaml', `${project.read('kat.conf.yaml')}migration:\n  tablename: ${tablename}\n`);
}

async function expectRefusal(project: Project, advice: string): Promise<void> {
  for (const command of [...looking, ...writing]) {
    const run = await project.kat(command);
    expect(run.code, command).toBe(2);
    expect(run.stderr, command).toContain(advice);
  }
}

async function expectContinues({ project, execute, count }: Scene): Promise<void> {
  await execute('CREATE TABLE missing (x int)');
  expect((await project.kat('up')).code).toBe(0);
  expect(await count()).toBe(1);
}

async function expectRenamed(scene: Scene, advice: string): Promise<void> {
  const { project, execute } = scene;
  expect((await project.kat('up')).code).toBe(5);
  await execute('ALTER TABLE migrations RENAME TO versions');
  const lost = await project.kat('up');
  expect(lost.code).toBe(2);
  expect(lost.stderr).toMatch(
    /write its name into `tablename`, and rename (?:or move )?\S*migrations_log\S* as well/,
  );
  configure(project, 'versions');
  await expectRefusal(project, advice);
  await execute(advice);
  await expectContinues(scene);
}

describe.concurrent.each(majors())('PostgreSQL %i', (major) => {
  const setTheScene = async (source: Record<string, string | object> = migrations) => {
    const project = await projectOn(major, { migrations: source as typeof migrations });
    const count = async () => Number((await column(project.database, 'SELECT count(*) FROM seen'))[0]);
    return { project, execute: (sql: string) => project.database.query(sql), count };
  };

  test('renamed', async () => {
    await expectRenamed(
      await setTheScene(),
      'ALTER TABLE "public"."migrations_log" RENAME TO "versions_log";',
    );
  });

  test('moved into another schema, also with a new name', async () => {
    const scene = await setTheScene();
    const { project, execute } = scene;
    expect((await project.kat('up')).code).toBe(5);
    await execute('CREATE SCHEMA infra; ALTER TABLE migrations SET SCHEMA infra');
    await execute('ALTER TABLE infra.migrations RENAME TO versions');
    configure(project, 'infra.versions');
    const advice =
      'ALTER TABLE "public"."migrations_log" SET SCHEMA "infra"; ALTER TABLE "infra"."migrations_log" RENAME TO "versions_log";';
    await expectRefusal(project, advice);
    await execute(advice);
    await expectContinues(scene);
  });

  test('nothing is applied yet, and the first migration is half-done', async () => {
    const { project, execute, count } = await setTheScene({
      '1_fill': { ...migrations['2_fill'], parents: [] },
    });
    await execute('CREATE TABLE seen (x int)');
    expect((await project.kat('up')).code).toBe(5);
    await execute('ALTER TABLE migrations RENAME TO versions');
    configure(project, 'versions');
    expect((await project.kat('up')).stderr).toContain('RENAME TO "versions_log";');
    expect(await count()).toBe(1);
  });

  test('a log that was dropped or put away, and the log of another project, stop nobody', async () => {
    const { project, execute } = await setTheScene({ '1_seen': migrations['1_seen'] });
    expect((await project.kat('up')).code).toBe(0);
    await execute('CREATE SCHEMA others');
    await execute('CREATE TABLE others.former_log (LIKE migrations_log INCLUDING ALL)');
    await execute('ALTER TABLE migrations_log RENAME TO migrations_log_2025');
    project.addMigration('2_more', { up: 'CREATE TABLE more (x int);', parents: [1] });
    expect((await project.kat('up')).code).toBe(0);
    await execute('DROP TABLE migrations_log');
    expect((await project.kat('down')).code).toBe(0);
  });
});

test('SQLite: renamed', async () => {
  const project = makeSqliteProject({ migrations });
  await expectRenamed(
    {
      project,
      execute: project.query,
      count: async () => Number((await project.query('SELECT count(*) FROM seen'))[0]?.[0]),
    },
    'ALTER TABLE "main"."migrations_log" RENAME TO "versions_log";',
  );
});
