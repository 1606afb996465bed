/** Migrations that are values, in a process that lives longer than its temporary folder. */

import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { createKat, type Kat, type MigrationText } from '../../src/index.js';
import { freshDatabase, majors } from '../support/database.js';
import { atEndOfFile } from '../support/end-of-file.js';
import { failureOf } from './library.js';

const migrations: MigrationText[] = [
  { id: '1_a', up: 'CREATE TABLE a (id int);', down: 'DROP TABLE a;' },
  { id: '2_b', up: 'CREATE TABLE b (id int);', down: 'DROP TABLE b;', parents: ['1_a'] },
];

/** Its temporary folder is one of its own. */
async function openValues(values: readonly MigrationText[] = migrations) {
  const before = process.env.TMPDIR;
  const parent = mkdtempSync(join(tmpdir(), 'kv-'));
  process.env.TMPDIR = parent;
  atEndOfFile(() => rmSync(parent, { recursive: true, force: true }));
  try {
    const database = await freshDatabase(majors().at(-1) as number);
    // Equal values share a folder, so these differ from those of the other tests.
    const own = values.map((one) => ({ ...one, up: `${one.up} -- ${parent}` }));
    const kat = createKat({ migrations: own, database: database.url });
    atEndOfFile(() => kat.close());
    const [name = ''] = readdirSync(parent);
    return { kat, database, folder: join(parent, name), files: join(parent, name, 'files') };
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
}

const countsOf = async (kat: Kat) => (await kat.status()).counts;

test.each([
  ['one migration', (files: string) => rmSync(join(files, '2_b'), { recursive: true })],
  ['one file', (files: string) => rmSync(join(files, '2_b/metadata.yaml'))],
  ['all files', (files: string) => rmSync(files, { recursive: true })],
  ['the whole folder', (files: string) => rmSync(dirname(files), { recursive: true })],
])('a cleaner of temporary files removes %s: no call takes it for a missing migration', async (_, clean) => {
  const { kat, database, files } = await openValues();
  await kat.up();
  await database.query('INSERT INTO b VALUES (1)');
  clean(files);
  expect(await countsOf(kat)).toMatchObject({ applied: 2, pending: 0, missing: 0, changed: 0 });
  clean(files);
  expect((await kat.sync()).migrations).toEqual([]);
  clean(files);
  expect(await kat.ensure({ mode: 'check' })).toEqual({ applied: [] });
  expect(await database.query('SELECT id FROM b')).toEqual([{ id: 1 }]);
  await kat.close();
});

test('nothing is read from a folder of that name that somebody else has made', async () => {
  const { kat, database, folder, files } = await openValues();
  await kat.up();
  rmSync(folder, { recursive: true });
  const elsewhere = `${folder}-elsewhere`;
  mkdirSync(join(elsewhere, 'files/3_evil'), { recursive: true });
  symlinkSync(elsewhere, folder);
  expect(await failureOf(kat.up())).toMatchObject({
    code: 'FILES_INVALID',
    message: expect.stringContaining(`${folder} belongs to another user`),
  });
  rmSync(folder);
  mkdirSync(join(files, '3_evil'), { recursive: true });
  writeFileSync(join(files, '3_evil/up.sql'), 'DROP TABLE a;');
  if (process.getuid?.() === 0) {
    chownSync(folder, 65_534, 65_534);
    expect(await failureOf(kat.up())).toMatchObject({ code: 'FILES_INVALID' });
  }
  expect(await database.query("SELECT to_regclass('a')::text AS a")).toEqual([{ a: 'a' }]);
});

test('an array that changes afterwards changes nothing', async () => {
  const values = migrations.map((one) => ({ ...one }));
  const { kat, files } = await openValues(values);
  for (const one of values) one.up = 'SELECT 1;';
  rmSync(files, { recursive: true });
  await kat.up();
  expect(await countsOf(kat)).toMatchObject({ applied: 2, changed: 0 });
});

test('an id that is too long for a folder is named', () => {
  const id = `1_${'x'.repeat(300)}`;
  expect(() => createKat({ migrations: [{ id, up: 'SELECT 1;' }], database: { driver: 'pglite' } })).toThrow(
    expect.objectContaining({
      code: 'FILES_INVALID',
      message: `the id ${id.slice(0, 40)}… is too long for a folder`,
    }),
  );
});

test('many sets of values add one listener to the process', async () => {
  const before = process.listenerCount('exit');
  const folders: string[] = [];
  for (let number = 1; number <= 12; number++) {
    const { kat, files } = await openValues([{ id: `${number}_a`, up: 'SELECT 1;' }]);
    folders.push(files);
    await kat.close();
  }
  expect(process.listenerCount('exit') - before).toBeLessThanOrEqual(1);
  expect(folders.every((folder) => existsSync(folder))).toBe(true);
});
