// What applying costs: `kat up` beside the floor F and other tools, on one server with fsync on, as ratios of the same minute.
//
//   node bench/apply.mjs [--sizes 200,1000,5000] [--delays 0,1,5] [--delayed-sizes 200,1000] [--delayed-peers 200]
//     [--disk-delays 2] [--disk-sizes 200] [--runs 3]

import { openDelayPipe } from './support/delay.mjs';
import {
  formatCount,
  formatMegabytes,
  formatRatio,
  formatSeconds,
  median,
  openTable,
  printHeading,
} from './support/figures.mjs';
import { floorName, prepareFloor } from './support/floor.mjs';
import { bodies, makeMigrations, writeConfig, writeProject } from './support/folder.mjs';
import { openLedgerStatements } from './support/ledger.mjs';
import { readOptions } from './support/options.mjs';
import { preparePeers } from './support/peers.mjs';
import { peakMemoryOfKat, runKat } from './support/processes.mjs';
import { startBenchServer, urlOf } from './support/server.mjs';

const { sizes, delays, runs, ...options } = readOptions({
  sizes: [200, 1000, 5000],
  delays: [0, 1, 5],
  'delayed-sizes': [200, 1000],
  // The sizes at which the other tools have to wait, too: they take as long as the floor.
  'delayed-peers': [200],
  // Milliseconds that each write to disk takes longer.
  'disk-delays': [2],
  'disk-sizes': [200],
  runs: 3,
});

const server = await startBenchServer();
try {
  const ledger = await openLedgerStatements();
  console.log(`F is ${floorName}: BEGIN, the SQL, two INSERTs and COMMIT, one by one.`);
  printHeading('Straight to the server');
  await compareAll(ledger, { sizes, delays: [undefined], sizesWithPeers: sizes });
  printHeading('Through a pipe with a delay in each direction');
  await compareAll(ledger, {
    sizes: options['delayed-sizes'],
    delays,
    sizesWithPeers: options['delayed-peers'],
  });
  for (const milliseconds of options['disk-delays']) {
    printHeading(`On a disk that takes ${milliseconds} ms longer`);
    await server.slowDown(milliseconds);
    const sizes = options['disk-sizes'];
    await compareAll(ledger, { sizes, delays: [undefined], sizesWithPeers: sizes });
  }
} finally {
  await server.close();
}

async function compareAll(ledger, { sizes, delays, sizesWithPeers }) {
  const row = openTable([
    'SQL            ',
    'migrations',
    'delay',
    'runner         ',
    'median',
    'of F',
    'peak memory',
  ]);
  for (const body of Object.keys(bodies)) {
    for (const size of sizes) {
      const hasPeers = sizesWithPeers.includes(size);
      for (const delayMs of delays) await compareOne({ ledger, body, size, delayMs, hasPeers }, row);
    }
  }
}

/** The runners take turns, so that each pair of times saw the machine in the same mood. */
async function compareOne({ ledger, body, size, delayMs, hasPeers }, row) {
  const migrations = makeMigrations(size, body);
  const runners = prepareRunners(migrations, ledger, hasPeers);
  const pipe = delayMs === undefined ? undefined : await openDelayPipe(server.address.port, delayMs);
  try {
    const times = runners.map(() => []);
    for (let run = 0; run < runs; run += 1) {
      for (const [index, runner] of runners.entries())
        times[index].push(await timeOf(runner, { size, pipe }));
    }
    const peak = await onFreshDatabase(runners.find(({ peak }) => peak).peak, pipe);
    for (const [index, { name }] of runners.entries()) {
      const isWhole = times[index].every((seconds) => seconds !== undefined);
      if (!isWhole) {
        row([body.padEnd(15), formatCount(size), delayText(delayMs), name.padEnd(15), 'fails', '', '']);
        continue;
      }
      const ratios = times[index].map((seconds, run) => seconds / times[0][run]);
      row([
        body.padEnd(15),
        formatCount(size),
        delayText(delayMs),
        name.padEnd(15),
        formatSeconds(median(times[index])),
        formatRatio(median(ratios)),
        name === 'kat' ? formatMegabytes(peak) : '',
      ]);
    }
  } finally {
    pipe?.close();
    for (const { remove } of runners) remove();
  }
}

function delayText(delayMs) {
  return delayMs === undefined ? '' : `${delayMs} ms`;
}

/**
 * @returns its seconds; undefined for another tool that fails, as with all in one transaction, which takes more locks than there are.
 * @throws Error when it has not applied everything.
 */
async function timeOf({ name, run, isPeer }, { size, pipe }) {
  try {
    return await onFreshDatabase(run, pipe, async (database) => {
      const count = await countSteps(database);
      if (count !== size) throw new Error(`${name} has applied ${count} of ${size} migrations`);
    });
  } catch (error) {
    if (!isPeer) throw error;
    console.error(`${name}: ${error.message}`);
    return undefined;
  }
}

/** The tables and functions that the migrations make. */
async function countSteps(database) {
  const { rows } =
    await database.query(`SELECT (SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relname ~ '^step_[0-9]+$')
    + (SELECT count(*) FROM pg_proc WHERE proname ~ '^step_[0-9]+$') AS count`);
  return Number(rows[0].count);
}

/** The floor first: the others are measured against it. */
function prepareRunners(migrations, ledger, hasPeers) {
  const floor = prepareFloor(migrations, ledger);
  const project = writeProject(migrations);
  const kat = {
    name: 'kat',
    run: async (url) => {
      writeConfig(project.folder, url);
      return (await runKat(['up'], { cwd: project.folder })).seconds;
    },
    peak: (url) => {
      writeConfig(project.folder, url);
      return peakMemoryOfKat(['up'], { cwd: project.folder });
    },
    remove: project.remove,
  };
  const peers = hasPeers ? preparePeers(migrations).map((peer) => ({ ...peer, isPeer: true })) : [];
  return [{ name: 'F', ...floor }, kat, ...peers].map((runner) => ({
    ...runner,
    run: secondsOf(runner.run),
  }));
}

function secondsOf(run) {
  return async (url) => {
    const result = await run(url);
    return typeof result === 'number' ? result : result.seconds;
  };
}

async function onFreshDatabase(action, pipe, check = () => undefined) {
  const database = await server.createDatabase();
  try {
    await server.settle();
    const result = await action(urlOf(server.address, database.database, pipe?.port));
    await check(database);
    return result;
  } finally {
    await database.drop();
  }
}
