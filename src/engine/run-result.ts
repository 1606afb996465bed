/** What a run answers. Apart from the rest, because the library's users see its types. */

import type { FinishedStep } from '../errors.js';

export interface RunResult {
  isDryRun: boolean;
  /** In the order in which they ran, or would run. */
  migrations: readonly FinishedStep[];
}
