/** How many sessions a run uses. */

import { availableParallelism } from 'node:os';

/** A number, or one session for each processor of this computer. */
export type Jobs = number | 'auto';

/** How many sessions `jobs` means: `auto` is at most 8, because the server has other work too. */
export function countJobs(jobs: Jobs): number {
  return jobs === 'auto' ? Math.min(availableParallelism(), 8) : jobs;
}
