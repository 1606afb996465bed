/** Faults within a migration, on a SQLite file and in memory, where a database lives as long as its `Kat`. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createKat, type Kat } from '../../src/index.js';
import type { MigrationSource } from '../support/kat-project.js';
import { makeSqliteProject, type SqliteProject } from '../support/sqlite.js';

const first: MigrationSource = {
  up: 'CREATE TABLE a (x CHECK (x > 0)); INSERT INTO a VALUES (1);',
  down: 'DROP TABLE a;',
};
const ok: MigrationSource = { up: 'CREATE TABLE b (x);', down: 'DROP TABLE b;', parents: [1] };

describe.each(['a file', 'memory'])('SQLite in %s', (place) => {
  let project: SqliteProject;
  let kat: Kat;
  let controller: AbortController;
  let atStart: () => void;
  beforeEach(() => {
    project = makeSqliteProject({ migrations: { '1_a': first } });
    const database = { driver: 'sqlite' as const, ...(place === 'memory' ? {} : { path: project.database }) };
    controller = new AbortController();
    atStart = () => undefined;
    kat = createKat({
      ...{ migrations: join(project.folder, 'migrations'), database, signal: controller.signal },
      onEvent: (event) => {
        if (event.type === 'started' && event.id === '2_b') atStart();
      },
    });
  });
  afterEach(() => kat.close());

  const applied = async () => {
    const { migrations } = await kat.status();
    return migrations.filter(({ state }) => state === 'applied').map(({ id }) => id);
  };

  /** The second migration fails so, the first one stays, and nothing of the second is in the way of its next text. */
  async function expectUndone(second: MigrationSource, expected: object): Promise<void> {
    project.addMigration('2_b', second);
    await expect(kat.up()).rejects.toMatchObject(expected);
    expect(await applied()).toEqual(['1_a']);
    project.addMigration('2_b', ok);
    await kat.up();
    expect(await applied()).toEqual(['1_a', '2_b']);
  }

  test('15: no room for the rows: rolled back', () => {
    const fill =
      'WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 5000) INSERT INTO b SELECT randomblob(1000) FROM n;';
    const up = `PRAGMA max_page_count = 100; CREATE TABLE b (x); ${fill}`;
    return expectUndone(
      { up, parents: [1] },
      {
        ...{ code: 'MIGRATION_FAILED', help: expect.stringContaining('Free disk space') },
        message: expect.stringContaining('(SQLITE_FULL)'),
      },
    );
  });

  test('41: an abort between two statements: rolled back', async () => {
    project.addMigration('2_b', { up: `CREATE TABLE b (x);\n${'SELECT 1;\n'.repeat(1_000)}`, parents: [1] });
    atStart = () => setImmediate(() => controller.abort());
    await expect(kat.up({ to: ['2_b'] })).rejects.toMatchObject({
      help: expect.stringContaining('this migration was rolled back'),
    });
    if (place === 'a file') expect(await project.applied()).toEqual(['1_a']);
  });

  test('46: SQL that ends the transaction is refused before anything runs', async () => {
    for (const sql of ['COMMIT;', 'ROLLBACK;', 'END;', 'BEGIN;'])
      await expectRefused(`CREATE TABLE b (x); ${sql} SELECT 1;`);
    await kat.up();
  });

  async function expectRefused(up: string): Promise<void> {
    project.addMigration('2_b', { up, parents: [1] });
    await expect(kat.up()).rejects.toMatchObject({ code: 'SQL_INVALID' });
    expect(await applied()).toEqual([]);
    project.addMigration('2_b', ok);
  }

  test('46: a constraint and a trigger that end it by themselves: nothing stays', async () => {
    for (const end of ['INSERT OR ROLLBACK INTO a VALUES (-1);', raising])
      await expectFailure(`CREATE TABLE b (x); ${end} CREATE TABLE c (x);`);
    expect(await applied()).toEqual(['1_a']);
    project.addMigration('2_b', { up: 'CREATE TABLE b (x); CREATE TABLE c (x);', parents: [1] });
    await kat.up();
  });

  const raising =
    "CREATE TRIGGER r BEFORE INSERT ON a BEGIN SELECT raise(ROLLBACK, 'all of it'); END; INSERT INTO a VALUES (2);";

  async function expectFailure(up: string): Promise<void> {
    project.addMigration('2_b', { up, parents: [1] });
    await expect(kat.up()).rejects.toMatchObject({
      ...{ code: 'MIGRATION_FAILED', help: expect.stringContaining('this migration was rolled back') },
    });
  }

  test('47: a down.sql that fails half-way: rolled back, and still applied', async () => {
    project.addMigration('2_b', { ...ok, down: 'DROP TABLE b; SELECT wrong;' });
    await kat.up();
    await expect(kat.down({ count: 1 })).rejects.toMatchObject({
      ...{ code: 'MIGRATION_FAILED', help: expect.stringContaining('this migration stays applied') },
    });
    expect(await applied()).toEqual(['1_a', '2_b']);
    project.addMigration('2_b', ok);
    await kat.down({ count: 1 });
    expect(await applied()).toEqual(['1_a']);
  });

  test('30: a migration that was edited shows, and line endings are no edit', async () => {
    project.addMigration('2_b', ok);
    await kat.up();
    const file = join(project.folder, 'migrations', '2_b', 'up.sql');
    writeFileSync(file, readFileSync(file, 'utf8').replace('\n', '\r\n'));
    expect((await kat.status()).counts.changed).toBe(0);
    writeFileSync(file, 'CREATE TABLE b (x, y);\n');
    expect((await kat.status()).counts.changed).toBe(1);
  });
});
