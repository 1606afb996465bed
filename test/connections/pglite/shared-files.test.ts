/** Databases in memory that start from one archive share its bytes until they write. */

import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import type { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type DataArchive,
  dumpDatabase,
  packDatabase,
} from '../../../src/connections/pglite/prepared-data.js';
import { loadPglite, startDatabase } from '../../../src/connections/pglite/start-database.js';
import { emptyPglite } from '../../support/pglite.js';

const opened: PGlite[] = [];
let archive: DataArchive;

async function open(data: DataArchive = archive): Promise<PGlite> {
  const database = await startDatabase(await loadPglite(), undefined, {
    sqlTexts: [],
    env: process.env,
    data,
  });
  opened.push(database);
  return database;
}

const digest = (content: DataArchive) => createHash('sha256').update(content).digest('hex');

const count = async (database: PGlite, filter: string) =>
  (await database.query<{ n: number }>(`SELECT count(*)::int AS n FROM seeded WHERE ${filter}`)).rows[0]?.n;

beforeAll(async () => {
  const database = await emptyPglite();
  await database.exec('CREATE TABLE seeded AS SELECT id, 1 AS value FROM generate_series(1, 5000) AS id');
  archive = gunzipSync(await packDatabase(database));
  await database.close();
});

afterAll(async () => {
  for (const database of opened) await database.close();
});

test('what one database changes, removes and adds changes neither the archive nor another database', async () => {
  const before = digest(archive);
  const one = await open();
  const other = await open();
  await one.exec(`UPDATE seeded SET value = 2; DELETE FROM seeded WHERE id > 4000; CHECKPOINT;
    INSERT INTO seeded SELECT id, 3 FROM generate_series(6001, 9000) AS id; CHECKPOINT`);
  expect(await count(one, 'value > 1')).toBe(7000);
  expect(await count(other, 'value = 1')).toBe(5000);
  await other.exec('TRUNCATE seeded; CHECKPOINT');
  expect(await count(await open(), 'value = 1')).toBe(5000);
  expect(digest(archive)).toBe(before);
});

test('a database that shares files can be dumped, and opened from that', async () => {
  const one = await open();
  await one.exec('DELETE FROM seeded WHERE id > 10; CHECKPOINT');
  expect(await count(await open(await dumpDatabase(one)), 'value = 1')).toBe(10);
});

test('the folder has the permissions that initdb gave it', async () => {
  const { FS } = (await open()).Module;
  expect(FS.stat('/pglite/data/PG_VERSION').mode & 0o777).toBe(0o640);
  expect(FS.stat('/pglite/data/base').mode & 0o777).toBe(0o750);
});
