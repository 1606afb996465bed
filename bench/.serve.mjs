import { makeMigrations, writeConfig, writeProject } from './support/folder.mjs';
import { openLedgerStatements, recordAll } from './support/ledger.mjs';
import { startBenchServer } from './support/server.mjs';

const server = await startBenchServer();
const ledger = await openLedgerStatements();
for (const n of [1, 1000, 10000]) {
  const m = makeMigrations(n);
  const p = writeProject(m);
  const d = await server.createDatabase();
  await recordAll(d, ledger, m);
  writeConfig(p.folder, d.url);
  console.log(`P${n}=${p.folder}`);
}
setInterval(() => {}, 1e6);
