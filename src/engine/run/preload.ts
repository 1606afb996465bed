/** Loads ahead what a run needs that has something to do. */

import { loadParser } from '../../sql/syntax/parse.js';

/** For a caller who waits for a server meanwhile. Never throws: the run tells what cannot be loaded. */
export async function preloadRun(): Promise<void> {
  await Promise.allSettled([
    import('./carry-out.js'),
    import('./run-locked.js'),
    import('../plan/check-plan.js'),
    import('../../sql/check/check.js'),
    loadParser(),
  ]);
}
