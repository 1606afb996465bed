/** Counts the sessions of a run. */

import { availableParallelism } from 'node:os';
import type { Jobs } from '../../project/config/config-names.js';

/** How many sessions `jobs` means: `auto` is at most 8, because the server has other work too. */
export function countJobs(jobs: Jobs): number {
  return jobs === 'auto' ? Math.min(availableParallelism(), 8) : jobs;
}
