/** What a run answers. Apart from the rest, because the library's users see its types. */

import type { FinishedStep } from '../errors.js';
import type { UntriedStep } from '../graph/untried.js';

export interface RunResult {
  isDryRun: boolean;
  /** In the order in which they ran, or would run. */
  migrations: readonly FinishedStep[];
  /** What a rehearsal (`dryRun: 'rollback'`) could not try; undefined for everything else. */
  untried?: readonly UntriedStep[];
}
