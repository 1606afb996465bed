/** `npm run test:citus`: what drivers and runs promise, on the Citus that `KAT_TEST_URL_CITUS` names. */

import { spawnSync } from 'node:child_process';
import { binary } from './binary.mjs';

const url = process.env.KAT_TEST_URL_CITUS;
if (!url) {
  console.log('KAT_TEST_URL_CITUS names no server: the suites that run on a Citus are left out');
  process.exit(0);
}
const suites = [
  'test/connections/contract-postgres',
  'test/reliability',
  'test/engine/citus-live',
  'test/engine/live-servers',
];
/** They start servers of their own, to stop, fill or starve them. */
const others = [
  'crash',
  'late-flush',
  'locked-tables',
  'lost-servers',
  'pooler',
  'refusals',
  'wait-for-server',
];
const exclusions = others.flatMap((name) => ['--exclude', `test/reliability/${name}.test.ts`]);
const { status } = spawnSync(
  process.execPath,
  [binary('vitest', 'vitest'), 'run', ...suites, ...exclusions, ...process.argv.slice(2)],
  { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, KAT_TEST_SERVER_URL: url } },
);
process.exit(status ?? 1);
