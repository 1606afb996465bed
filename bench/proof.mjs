// What proof by execution costs: `kat verify` of one pending migration beside a `kat up` of all others, and a snapshot of a large schema.
//
//   node bench/proof.mjs [--sizes 30,300] [--tables 1000] [--runs 5]

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importSources } from '../scripts/import-sources.mjs';
import {
  formatCount,
  formatRatio,
  formatSeconds,
  median,
  openTable,
  printHeading,
} from './support/figures.mjs';
import { makeMigrations, writeConfig, writeProject } from './support/folder.mjs';
import { readOptions } from './support/options.mjs';
import { runKat } from './support/processes.mjs';
import { startBenchServer } from './support/server.mjs';

const { sizes, tables, runs } = readOptions({ sizes: [30, 300], tables: 1000, runs: 5 });

/** Of the migration that is verified. */
const lastName = 'last_one';

/** Holds a new, empty PGlite database, which the first command makes, and the results. */
const cache = mkdtempSync(join(tmpdir(), 'kat-bench-cache-'));
const env = { XDG_CACHE_HOME: cache };

const server = await startBenchServer();
try {
  await measureVerify();
  await measureSnapshots();
} finally {
  await server.close();
  rmSync(cache, { recursive: true, force: true });
}

async function measureVerify() {
  printHeading('One pending migration');
  const row = openTable(['where      ', 'migrations', 'up', 'verify', 'of up', 'verify again', 'of up']);
  await measureOne('in memory', 1, 1);
  for (const size of sizes) {
    for (const place of ['in memory', 'on a server']) {
      const { up, first, again } = await measureOne(place, size, runs);
      const of = (times) => formatRatio(median(times.map((time, index) => time / up[index])));
      row([
        place.padEnd(11),
        formatCount(size),
        formatSeconds(median(up)),
        formatSeconds(median(first)),
        of(first),
        formatSeconds(median(again)),
        of(again),
      ]);
    }
  }
}

/** @returns the seconds of each run: of all migrations applied once, of the first verification, and of one with its result kept */
async function measureOne(place, size, count) {
  const project = writeProject(withLast(makeMigrations(size)));
  const times = { up: [], first: [], again: [] };
  try {
    for (let run = 0; run < count; run += 1) {
      const database = place === 'in memory' ? undefined : await server.createDatabase();
      if (database) writeConfig(project.folder, database.url);
      else writeFileSync(join(project.folder, 'kat.conf.yaml'), 'database:\n  driver: pglite\n');
      const verify = ['verify', lastName, ...(database ? ['--on', database.url] : [])];
      const kat = async (args) => (await runKat(args, { cwd: project.folder, env })).seconds;
      await server.settle();
      times.up.push(await kat(['up', '--to', `step_${String(size - 1).padStart(6, '0')}`]));
      times.first.push(await kat([...verify, '--no-cache']));
      if (run === 0) await kat(verify);
      times.again.push(await kat(verify));
      await database?.drop();
    }
    return times;
  } finally {
    project.remove();
  }
}

/** Makes each migration follow the one before it, and adds one that is verified. */
function withLast(migrations) {
  const chain = migrations.map((migration, index) => ({
    ...migration,
    parents: index === 0 ? [] : [migrations[index - 1].timestamp],
  }));
  const { timestamp, up } = chain.at(-1);
  const [table] = /step_\d+/.exec(up);
  return [
    ...chain,
    {
      id: `${timestamp + 1}_${lastName}`,
      timestamp: timestamp + 1,
      parents: [timestamp],
      up: `ALTER TABLE ${table} ADD COLUMN note text;\nCREATE INDEX ${table}_title ON ${table} (title);\n`,
      down: `ALTER TABLE ${table} DROP COLUMN note;\nDROP INDEX ${table}_title;\n`,
    },
  ];
}

async function measureSnapshots() {
  printHeading('A snapshot');
  const { openDriver, readSnapshot } = await importSources(
    'src/connections/open-connection.ts',
    'src/engine/snapshot/read-snapshot.ts',
  );
  const row = openTable(['where      ', 'tables', 'objects', 'seconds']);
  for (const place of ['in memory', 'on a server']) {
    const database = place === 'in memory' ? undefined : await server.createDatabase();
    const settings = database ? { driver: 'postgres', url: database.url } : { driver: 'pglite' };
    const driver = await openDriver(settings, { ...process.env, ...env });
    const session = await driver.open('kat bench');
    for (const { up } of makeMigrations(tables)) await session.execute(up);
    const times = [];
    let objects = 0;
    for (let run = 0; run < runs; run += 1) {
      const startedAt = performance.now();
      objects = (await readSnapshot(session)).objects.length;
      times.push((performance.now() - startedAt) / 1000);
    }
    await session.close();
    await driver.close();
    await database?.drop();
    row([place.padEnd(11), formatCount(tables), formatCount(objects), formatSeconds(median(times))]);
  }
}
