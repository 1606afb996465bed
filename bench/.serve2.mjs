import { createServer } from 'node:http';
import { prepareFloor } from './support/floor.mjs';
import { makeMigrations, writeConfig, writeProject } from './support/folder.mjs';
import { openLedgerStatements } from './support/ledger.mjs';
import { startBenchServer } from './support/server.mjs';

const server = await startBenchServer();
const ledger = await openLedgerStatements();
const P = {};
for (const [k, b] of [
  ['L', 'CREATE FUNCTION'],
  ['T', 'CREATE TABLE'],
])
  for (const n of [200, 1000, 5000]) {
    const m = makeMigrations(n, b);
    const p = writeProject(m);
    P[k + n] = { p, f: prepareFloor(m, ledger) };
    console.log(`${k}${n}=${p.folder}`);
  }
const last = {};
// GET /L1000 : fresh database for that project, prints its URL
createServer(async (q, r) => {
  const k = q.url.slice(1);
  try {
    if (k === 'floor') {
    }
    await last[k]?.drop();
    const d = await server.createDatabase();
    last[k] = d;
    await server.settle();
    writeConfig(P[k].p.folder, d.url);
    r.end(d.url);
  } catch (e) {
    r.end(String(e));
  }
}).listen(7799);
