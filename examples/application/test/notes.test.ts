/** Tests of the application: each has a database of its own. */

import type { AddressInfo } from 'node:net';
import { testWithDatabase } from 'kat-migrate/testing/vitest';
import pg from 'pg';
import { expect } from 'vitest';
import { createApp, type Database } from '../src/app.js';

const on = process.env.TEST_DATABASE_URL ?? 'pglite';
const count = Number(process.env.TESTS ?? 1);
const test = testWithDatabase({ migrations: 'migrations', on });

/** Serves the application for a while. */
async function serve(database: Database, work: (url: string) => Promise<void>): Promise<void> {
  const server = createApp(database).listen(0);
  try {
    await new Promise((resolve) => server.once('listening', resolve));
    await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}/notes`);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

test.concurrent.for(Array.from({ length: count }, (_, index) => index))(
  'keeps notes (%i)',
  async (index, { db }) => {
    const pool = on === 'pglite' ? undefined : new pg.Pool({ connectionString: db.url, max: 1 });
    try {
      await serve(pool ?? db.pglite, async (url) => {
        const headers = { 'content-type': 'application/json' };
        await fetch(url, { method: 'POST', headers, body: JSON.stringify({ body: `note ${index}` }) });
        expect(await (await fetch(url)).json()).toEqual([{ body: `note ${index}`, words: 2 }]);
      });
    } finally {
      await pool?.end();
    }
  },
);

test('counts the words of notes that exist', async ({ databases }) => {
  const db = await databases.at('count_words');
  await db.query("INSERT INTO notes (body) VALUES ('three short words')");
  await db.kat.up();
  expect(await db.query('SELECT words FROM notes')).toEqual([{ words: 3 }]);
});
