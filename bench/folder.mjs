// How Kat fares with large folders: seconds and memory of the commands that read all of one, and whether they grow in proportion.
//
//   node bench/folder.mjs [--sizes 1000,10000,50000] [--runs 5]

import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  formatCount,
  formatMegabytes,
  formatRatio,
  formatSeconds,
  median,
  openTable,
  printHeading,
} from './support/figures.mjs';
import { makeMigrations, writeConfig, writeProject } from './support/folder.mjs';
import { openLedgerStatements, recordAll } from './support/ledger.mjs';
import { readOptions } from './support/options.mjs';
import { peakMemoryOfKat, runKat, runProgram } from './support/processes.mjs';
import { startBenchServer } from './support/server.mjs';

const { sizes, runs } = readOptions({ sizes: [1000, 10_000, 50_000], runs: 5 });

const commands = [
  { title: 'status --json', args: ['status', '--json'] },
  { title: 'export', args: ['export'] },
  { title: 'up, nothing to do', args: ['up'] },
  { title: 'add', args: ['add', 'measured'], after: removeAdded },
];

const server = await startBenchServer();
try {
  const ledger = await openLedgerStatements();
  printHeading('Large folders');
  const row = openTable([
    'command            ',
    'migrations',
    'median',
    'node -e 0',
    'peak memory',
    'µs each',
    'growth',
  ]);
  /** Seconds with one migration: what a command costs whatever the folder holds. */
  const fixed = new Map();
  const costBefore = new Map();
  for (const size of [1, ...sizes]) {
    for (const { command, seconds, idle, peak } of await measureSize(size, ledger)) {
      if (size === 1) fixed.set(command, seconds);
      const each = size === 1 ? undefined : Math.max(seconds - fixed.get(command), 1e-9) / size;
      const growth = costBefore.has(command) ? formatRatio(each / costBefore.get(command)) : '';
      if (each !== undefined) costBefore.set(command, each);
      row([
        command.padEnd(19),
        formatCount(size),
        formatSeconds(seconds),
        formatSeconds(idle),
        formatMegabytes(peak),
        each === undefined ? '' : (each * 1e6).toFixed(1),
        growth,
      ]);
    }
  }
} finally {
  await server.close();
}

/** All commands in turn, so that each sees the machine in the same moods. */
async function measureSize(size, ledger) {
  const migrations = makeMigrations(size);
  const project = writeProject(migrations);
  const database = await server.createDatabase();
  try {
    await recordAll(database, ledger, migrations);
    await server.settle();
    writeConfig(project.folder, database.url);
    const times = commands.map(() => ({ seconds: [], idle: [] }));
    for (let run = 0; run < runs; run += 1) {
      for (const [index, { args, after }] of commands.entries()) {
        times[index].idle.push((await runProgram(process.execPath, ['-e', '0'])).seconds);
        times[index].seconds.push((await runKat(args, { cwd: project.folder })).seconds);
        after?.(project.folder);
      }
    }
    const results = [];
    for (const [index, { title, args, after }] of commands.entries()) {
      const peak = await peakMemoryOfKat(args, { cwd: project.folder });
      after?.(project.folder);
      const { seconds, idle } = times[index];
      results.push({ command: title, seconds: median(seconds), idle: median(idle), peak });
    }
    return results;
  } finally {
    await database.drop();
    project.remove();
  }
}

function removeAdded(folder) {
  const migrations = join(folder, 'migrations');
  for (const name of readdirSync(migrations).filter((entry) => entry.endsWith('_measured'))) {
    rmSync(join(migrations, name), { recursive: true });
  }
}
