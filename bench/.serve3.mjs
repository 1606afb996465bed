import { createServer } from 'node:http';
import { makeMigrations, writeConfig, writeProject } from './support/folder.mjs';
import { startBenchServer } from './support/server.mjs';

const server = await startBenchServer();
const insert = (n) => `INSERT INTO bulk VALUES ('${'x'.repeat(n)}');\n`;
const text = (mb, n) =>
  `CREATE TABLE IF NOT EXISTS bulk (value text);\n${insert(n).repeat(Math.ceil((mb * 1e6) / insert(n).length))}`;
const P = {
  B1: writeProject(makeMigrations(1).map((m) => ({ ...m, up: text(100, 1000), down: '' }))),
  B2: writeProject(makeMigrations(1).map((m) => ({ ...m, up: text(100, 1e6), down: '' }))),
  D: writeProject(makeMigrations(1000, 'CREATE FUNCTION')),
};
for (const [k, p] of Object.entries(P)) console.log(`${k}=${p.folder}`);
const last = {};
createServer(async (q, r) => {
  const k = q.url.slice(1);
  try {
    await last[k]?.drop();
    const d = await server.createDatabase();
    last[k] = d;
    await server.settle();
    writeConfig(P[k].folder, d.url);
    r.end(d.url);
  } catch (e) {
    r.end(String(e));
  }
}).listen(7798);
