/** Starts the application on the server of DATABASE_URL, or on PGlite, after all migrations are applied. */

import type { AddressInfo } from 'node:net';
import { createKat, type KatOptions } from 'kat-migrate';
import pg from 'pg';
import { createApp, type Database } from './app.js';

interface OpenDatabase {
  database: Database;
  close(): Promise<void>;
}

async function migrate(database: KatOptions['database']): Promise<void> {
  const kat = createKat({ migrations: 'migrations', database });
  try {
    await kat.ensure();
  } finally {
    await kat.close();
  }
}

async function openServer(url: string): Promise<OpenDatabase> {
  const pool = new pg.Pool({ connectionString: url });
  await migrate(pool);
  return { database: pool, close: () => pool.end() };
}

async function openEmbedded(path: string): Promise<OpenDatabase> {
  await migrate({ driver: 'pglite', path });
  const { PGlite } = await import('@electric-sql/pglite');
  const database = await PGlite.create(path);
  return { database, close: () => database.close() };
}

async function main(): Promise<void> {
  const url = process.env.DATABASE_URL;
  const { database, close } = await (url ? openServer(url) : openEmbedded('data'));
  const server = createApp(database).listen(Number(process.env.PORT ?? 3000), () => {
    console.log(`listening on port ${(server.address() as AddressInfo).port}`);
  });
  process.once('SIGTERM', () => server.close(() => void close()));
}

void main();
