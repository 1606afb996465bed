// Runs drizzle's migrations as its users' programs do.

import { createRequire } from 'node:module';
import { join } from 'node:path';

const [peers, connectionString, migrationsFolder] = process.argv.slice(2);
const { resolve } = createRequire(join(peers, 'package.json'));
const [{ default: pg }, { drizzle }, { migrate }] = await Promise.all(
  ['pg', 'drizzle-orm/node-postgres', 'drizzle-orm/node-postgres/migrator'].map(
    (name) => import(resolve(name)),
  ),
);
const client = new pg.Client({ connectionString });
await client.connect();
await migrate(drizzle(client), { migrationsFolder });
await client.end();
