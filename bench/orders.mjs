// How often `kat verify --order` applies a history until it has found the one pair of migrations whose order matters.
//
//   node bench/orders.mjs [--sizes 30,100,300]

import { join } from 'node:path';
import { importSources } from '../scripts/import-sources.mjs';
import { formatCount, formatSeconds, openTable } from './support/figures.mjs';
import { makeMigrations, writeProject } from './support/folder.mjs';
import { readOptions } from './support/options.mjs';
import { startBenchServer, urlOf } from './support/server.mjs';

const { sizes } = readOptions({ sizes: [30, 100, 300] });

const { createKat } = await importSources('src/index.ts');
const server = await startBenchServer();
const row = openTable(['migrations', 'pairs without an order', 'named', 'runs', 'at most', 'seconds']);
try {
  for (const size of sizes) await measure(size);
} finally {
  await server.close();
}

/** @throws Error where another pair than the planted one is named, or it takes more runs than halving may need. */
async function measure(size) {
  const { migrations, pair } = plantConflict(makeMigrations(size));
  const project = writeProject(migrations);
  const url = urlOf(server.address, 'postgres');
  const kat = createKat({ database: url, migrations: join(project.folder, 'migrations') });
  const startedAt = performance.now();
  const { findings, order } = await kat.verify({ order: 2, seed: 1, on: url });
  const seconds = (performance.now() - startedAt) / 1000;
  await kat.close();
  project.remove();
  const named = findings.filter(({ message }) => pair.every((id) => message.includes(id))).length;
  const runs = order.runs - order.orders;
  const limit = Math.floor(Math.log2(size ** 2)) + 3;
  if (named !== 1 || findings.length !== 1 || runs > limit)
    throw new Error(
      `${pair.join(' and ')}: ${runs} runs, ${findings.map(({ message }) => message).join('; ')}`,
    );
  const cells = [formatCount(size), formatCount(order.pairs), pair.map(numberOf).join(' and ')];
  row([...cells, `${runs}`, `${limit}`, formatSeconds(seconds)]);
}

function numberOf(id) {
  return String(Number(/\d+$/.exec(id)[0]));
}

/** Lets two migrations without a path between them set the same default: the two that are farthest apart. */
function plantConflict(migrations) {
  const [{ timestamp: root, up: rootUp }] = migrations;
  const [table] = /step_\d+/.exec(rootUp);
  const isRoot = ({ timestamp }) => timestamp === root;
  const rooted = migrations.map((migration) =>
    isRoot(migration) || migration.parents.length > 0 ? migration : { ...migration, parents: [root] },
  );
  const [first, second] = farthestPair(rooted);
  const planted = rooted.map((migration, index) =>
    index === first || index === second
      ? {
          ...migration,
          up: `ALTER TABLE ${table} ALTER title SET DEFAULT '${index}';\n`,
          down: 'SELECT 1;\n',
        }
      : migration,
  );
  return { migrations: planted, pair: [planted[first].id, planted[second].id] };
}

/** @returns the places of two migrations, of which the first is no ancestor of the second. */
function farthestPair(migrations) {
  const ancestors = new Map();
  for (const { timestamp, parents } of migrations)
    ancestors.set(timestamp, new Set(parents.flatMap((parent) => [parent, ...ancestors.get(parent)])));
  let best = [0, 0];
  for (const [later, { timestamp }] of migrations.entries()) {
    const earlier = migrations.findIndex(
      (one, index) => index > 0 && index < later && !ancestors.get(timestamp).has(one.timestamp),
    );
    if (earlier > 0 && later - earlier > best[1] - best[0]) best = [earlier, later];
  }
  return best;
}
