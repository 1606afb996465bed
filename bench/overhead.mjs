// What Kat costs beside the SQL: a run with nothing to do, one step back, and memory.
//
//   node bench/overhead.mjs [--runs 15]

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
import { preparePeers } from './support/peers.mjs';
import { peakMemoryOfKat, runKat, runProgram } from './support/processes.mjs';
import { startBenchServer } from './support/server.mjs';

const { runs } = readOptions({ runs: 15 });

const server = await startBenchServer();
try {
  const ledger = await openLedgerStatements();
  await measureStarts(ledger);
  await measurePeers();
  await measureMemory();
} finally {
  await server.close();
}

async function measureStarts(ledger) {
  printHeading('Small commands');
  const row = openTable(['command          ', 'migrations', 'fastest', 'median', 'node -e 0', 'of node']);
  for (const [title, args, size] of [
    ['--version', ['--version'], 1],
    ['up, nothing to do', ['up'], 1000],
    ['up, nothing to do', ['up'], 10_000],
    ['one down', ['down'], 1000],
  ]) {
    const { seconds, idle } = await measureStart({ args, size, ledger });
    const ratios = seconds.map((time, index) => time / idle[index]);
    row([
      title.padEnd(17),
      formatCount(size),
      formatSeconds(Math.min(...seconds)),
      formatSeconds(median(seconds)),
      formatSeconds(median(idle)),
      formatRatio(median(ratios)),
    ]);
  }
}

/** @returns the seconds of every run, and of the `node -e 0` just before it */
async function measureStart({ args, size, ledger }) {
  const migrations = makeMigrations(size, 'CREATE FUNCTION');
  const project = writeProject(migrations);
  const database = await server.createDatabase();
  try {
    await recordAll(database, ledger, migrations);
    // What a step back has to take back; `recordAll` applies nothing.
    for (const { up } of migrations.slice(-runs)) await database.query(up);
    await server.settle();
    writeConfig(project.folder, database.url);
    const times = { seconds: [], idle: [] };
    for (let run = 0; run < runs; run += 1) {
      times.idle.push((await runProgram(process.execPath, ['-e', '0'])).seconds);
      times.seconds.push((await runKat(args, { cwd: project.folder })).seconds);
    }
    return times;
  } finally {
    await database.drop();
    project.remove();
  }
}

/** The same of other tools, after each has applied the migrations. */
async function measurePeers() {
  printHeading('Other tools');
  const row = openTable(['tool           ', 'migrations', 'nothing to do', 'of node', 'one down', 'of node']);
  const migrations = makeMigrations(1000, 'CREATE FUNCTION');
  for (const peer of preparePeers(migrations)) {
    const database = await server.createDatabase();
    try {
      await peer.run(database.url);
      const times = { idle: [], nothing: [], down: [] };
      for (let run = 0; run < runs; run += 1) {
        times.idle.push((await runProgram(process.execPath, ['-e', '0'])).seconds);
        times.nothing.push((await peer.run(database.url)).seconds);
      }
      for (let run = 0; run < runs && peer.down; run += 1)
        times.down.push((await peer.down(database.url)).seconds);
      const cellsOf = (seconds) =>
        seconds.length === 0
          ? ['', '']
          : [
              formatSeconds(median(seconds)),
              formatRatio(median(seconds.map((time, run) => time / times.idle[run]))),
            ];
      row([
        peer.name.padEnd(15),
        formatCount(migrations.length),
        ...cellsOf(times.nothing),
        ...cellsOf(times.down),
      ]);
    } finally {
      await database.drop();
      peer.remove();
    }
  }
}

async function measureMemory() {
  printHeading('Memory');
  const row = openTable([
    'what                         ',
    'text',
    'peak',
    'over one small migration',
    'of the text',
  ]);
  const projects = [
    ['1 small migration', () => writeProject(makeMigrations(1))],
    ['1,000 small migrations', () => writeProject(makeMigrations(1000))],
    ['5,000 small migrations', () => writeProject(makeMigrations(5000))],
    ['1 migration, rows of 1 kB', () => writeBigProject(1, 100, 1000)],
    ['1 migration, rows of 1 MB', () => writeBigProject(1, 100, 1_000_000)],
    ['20 migrations, rows of 1 MB', () => writeBigProject(20, 5, 1_000_000)],
  ];
  let least;
  for (const [title, write] of projects) {
    const { bytes, peak } = await measurePeak(write());
    least ??= peak;
    row([
      title.padEnd(29),
      bytes === undefined ? '' : formatMegabytes(bytes),
      formatMegabytes(peak),
      formatMegabytes(peak - least),
      bytes === undefined ? '' : formatRatio(peak / bytes),
    ]);
  }
}

async function measurePeak(project) {
  const database = await server.createDatabase();
  try {
    writeConfig(project.folder, database.url);
    return { bytes: project.bytes, peak: await peakMemoryOfKat(['up'], { cwd: project.folder }) };
  } finally {
    await database.drop();
    project.remove();
  }
}

/** A project whose migrations insert rows until all of them together have `count * megabytes`. */
function writeBigProject(count, megabytes, rowLength) {
  const insert = `INSERT INTO bulk VALUES ('${'x'.repeat(rowLength)}');\n`;
  const text = `CREATE TABLE IF NOT EXISTS bulk (value text);\n${insert.repeat(Math.ceil((megabytes * 1e6) / insert.length))}`;
  const migrations = makeMigrations(count).map((migration) => ({ ...migration, up: text, down: '' }));
  return { ...writeProject(migrations), bytes: count * text.length };
}
