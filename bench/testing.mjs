// What a database for a test costs: a copy of the template, and a transaction that is rolled back, beside applying all migrations.
//
//   node bench/testing.mjs [--migrations 100] [--runs 50] [--embedded-runs 5]

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importSources } from '../scripts/import-sources.mjs';
import { formatSeconds, median, openTable } from './support/figures.mjs';
import { makeMigrations, writeProject } from './support/folder.mjs';
import { readOptions } from './support/options.mjs';
import { startBenchServer, urlOf } from './support/server.mjs';

const {
  migrations,
  runs,
  'embedded-runs': embeddedRuns,
} = readOptions({ migrations: 100, runs: 50, 'embedded-runs': 5 });

const { createTestDatabases } = await importSources('src/testing/testing.ts');
const cache = mkdtempSync(join(tmpdir(), 'kat-bench-cache-'));
process.env.XDG_CACHE_HOME = cache;
const project = writeProject(makeMigrations(migrations));
const server = await startBenchServer();
const row = openTable(['place and mode     ', 'template', 'database', 'drop']);
try {
  const url = urlOf(server.address, 'postgres');
  await measure('PostgreSQL, clone', { on: url, mode: 'clone' }, runs);
  await measure('PostgreSQL, rollback', { on: url, mode: 'rollback' }, runs);
  await measure('PGlite, clone', { on: 'pglite', mode: 'clone' }, embeddedRuns);
  await measure('PGlite, rollback', { on: 'pglite', mode: 'rollback' }, runs);
} finally {
  await server.close();
  project.remove();
  rmSync(cache, { recursive: true, force: true });
}

async function measure(title, options, count) {
  const databases = createTestDatabases({ migrations: join(project.folder, 'migrations'), ...options });
  const template = await secondsOf(() => databases.prepare());
  const [makes, drops] = [[], []];
  for (let run = 0; run < count; run += 1) {
    let database;
    makes.push(
      await secondsOf(async () => {
        database = await databases.database();
      }),
    );
    await database.query('SELECT 1');
    drops.push(await secondsOf(() => database.drop()));
  }
  await databases.close();
  row([title, ...[template, median(makes), median(drops)].map(formatSeconds)]);
}

async function secondsOf(work) {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
