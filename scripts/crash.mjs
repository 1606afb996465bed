/** `npm run test:crash`: the randomised crash tests in their long version. `KAT_CRASH_SEED` repeats a run, `KAT_CRASH_JOBS` (`1,4`)
 * says with how many sessions. */

import { spawnSync } from 'node:child_process';
import { binary } from './binary.mjs';

const { status } = spawnSync(
  process.execPath,
  [binary('vitest', 'vitest'), 'run', 'test/reliability/crash', 'test/reliability/sqlite-crash'],
  { stdio: ['ignore', 'inherit', 'inherit'], env: { KAT_CRASH_ROUNDS: '200', ...process.env } },
);
process.exit(status ?? 1);
