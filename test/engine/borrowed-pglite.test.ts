/** What a program does with its PGlite instance while Kat works with it, too. */

import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { KatEvent } from '../../src/engine/events.js';
import { makeProject } from '../support/kat-project.js';
import { emptyPglite } from '../support/pglite.js';
import { failureOf, openKat } from './library.js';

const program = (end: string) =>
  `export default async ({ sql }) => { await sql\`CREATE TABLE p ()\`; await new Promise((go) => setTimeout(go, 300)); ${end} }`;

const projects = {
  'that fails': {
    '1_t1': 'CREATE TABLE t1 ();',
    '2_bad': { up: 'CREATE TABLE t2 (); SELECT 1 / 0;', parents: [1] },
  },
  'of a program that fails': { '1_p': { up: program("throw new Error('no')"), names: { up: 'up.mjs' } } },
};

test.each(Object.entries(projects))(
  'rows that are acknowledged while a run %s are still there behind it',
  async (_, migrations) => {
    const database = await emptyPglite();
    await database.exec('CREATE TABLE orders (n int)');
    const sent: Promise<unknown>[] = [];
    const insert = ({ type }: KatEvent) => {
      if (type === 'started')
        sent.push(sleep(50).then(() => database.query('INSERT INTO orders VALUES (1)')));
      if (type === 'started' || type === 'failed')
        sent.push(database.transaction((own) => own.query('INSERT INTO orders VALUES (1)')));
    };
    const { kat } = openKat(makeProject({ migrations }), { database, onEvent: insert });
    expect(await failureOf(kat.up())).toMatchObject({ code: 'MIGRATION_FAILED' });
    await Promise.all(sent);
    expect(sent.length).toBeGreaterThanOrEqual(2);
    expect((await database.query('SELECT count(*)::int AS n FROM orders')).rows).toEqual([
      { n: sent.length },
    ]);
    await database.close();
  },
);

test("a run waits for its owner's transaction, and stays out of it", async () => {
  const database = await emptyPglite();
  await database.exec('CREATE TABLE orders (n int)');
  const { kat } = openKat(makeProject({ migrations: { '1_t1': 'CREATE TABLE t1 ();' } }), { database });
  const own = database.transaction(async (inside) => {
    await inside.query('INSERT INTO orders VALUES (1)');
    await sleep(300);
    await inside.rollback();
  });
  expect((await kat.up()).migrations).toHaveLength(1);
  await own;
  expect((await kat.status()).counts).toMatchObject({ applied: 1 });
  expect((await database.query('SELECT n FROM orders')).rows).toEqual([]);
  await database.close();
});

test('a call within `transaction()` does not wait for itself', async () => {
  const database = await emptyPglite();
  const { kat } = openKat(makeProject({ migrations: { '1_t1': 'CREATE TABLE t1 ();' } }), { database });
  const error = await database.transaction(() => failureOf(kat.up()));
  expect(error).toMatchObject({
    code: 'CONNECTION_FAILED',
    help: expect.stringContaining('`transaction()`'),
  });
  expect((await kat.up()).migrations).toHaveLength(1);
  await database.close();
});
