// What several sessions bring: `kat up --jobs N` beside `--jobs 1` on one server, as ratios of the same minute.
//
//   node bench/jobs.mjs [--sizes 200,1000] [--jobs 1,2,4,8] [--rows 1000000] [--delays 0] [--runs 5]

import { openDelayPipe } from './support/delay.mjs';
import {
  formatCount,
  formatRatio,
  formatSeconds,
  median,
  openTable,
  printHeading,
} from './support/figures.mjs';
import { bodies, makeMigrations, writeConfig, writeProject } from './support/folder.mjs';
import { readOptions } from './support/options.mjs';
import { runKat } from './support/processes.mjs';
import { startBenchServer, urlOf } from './support/server.mjs';

const { sizes, jobs, rows, delays, runs } = readOptions({
  sizes: [200, 1000],
  jobs: [1, 2, 4, 8],
  rows: 1_000_000,
  // Milliseconds in each direction; 0 goes straight to the server.
  delays: [0],
  runs: 5,
});

const indexedTables = 8;

const server = await startBenchServer();
try {
  printHeading('Independent migrations in several sessions');
  const row = openTable(['SQL                      ', 'migrations', 'delay', 'jobs', 'median', 'of one']);
  for (const delayMs of delays) {
    for (const body of Object.keys(bodies)) {
      for (const size of sizes) {
        await compare({ title: body, delayMs, migrations: independent(size, body), row });
      }
    }
    for (const title of ['CREATE INDEX', 'CREATE INDEX CONCURRENTLY']) {
      await compare({ title, delayMs, migrations: indexes(title), prepare: fillTables, row });
    }
  }
} finally {
  await server.close();
}

/** The same migrations as in the other benchmarks, without their parents. */
function independent(size, body) {
  return makeMigrations(size, body).map((migration) => ({ ...migration, parents: [] }));
}

/** One index on each of the tables that `fillTables` makes. */
function indexes(words) {
  return Array.from({ length: indexedTables }, (_, number) => ({
    id: `${1_600_000_000 + number}_index_${number}`,
    timestamp: 1_600_000_000 + number,
    parents: [],
    noTransaction: words.endsWith('CONCURRENTLY'),
    up: `${words} filled_${number}_value ON filled_${number} (value);\n`,
    down: `DROP INDEX filled_${number}_value;\n`,
  }));
}

async function fillTables(database) {
  for (let number = 0; number < indexedTables; number += 1) {
    await database.query(
      `CREATE TABLE filled_${number} AS SELECT n AS id, md5(n::text) AS value FROM generate_series(1, ${rows}) n`,
    );
  }
}

/** All counts of sessions take turns, so that each ratio is one of the same minute. */
async function compare({ title, delayMs, migrations, prepare, row }) {
  const project = writeProject(migrations);
  const pipe = delayMs > 0 ? await openDelayPipe(server.address.port, delayMs) : undefined;
  try {
    const times = jobs.map(() => []);
    for (let run = 0; run < runs; run += 1) {
      for (const [index, count] of jobs.entries())
        times[index].push(await measure(project, count, { pipe, prepare }));
    }
    for (const [index, count] of jobs.entries()) {
      const ratios = times[index].map((seconds, run) => seconds / times[0][run]);
      const delay = delayMs > 0 ? `${delayMs} ms` : '';
      const figures = [String(count), formatSeconds(median(times[index])), formatRatio(median(ratios))];
      row([title.padEnd(25), formatCount(migrations.length), delay, ...figures]);
    }
  } finally {
    pipe?.close();
    project.remove();
  }
}

async function measure(project, count, { pipe, prepare }) {
  const database = await server.createDatabase();
  try {
    await prepare?.(database);
    writeConfig(project.folder, urlOf(server.address, database.database, pipe?.port));
    await server.settle();
    return (await runKat(['up', '--jobs', String(count)], { cwd: project.folder })).seconds;
  } finally {
    await database.drop();
  }
}
