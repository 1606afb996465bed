/** What a run answers. Apart from the rest, because the library's users see its types. */

import type { FinishedStep } from '../errors.js';
import type { Direction } from '../graph/migration.js';

export interface RunResult {
  direction: Direction;
  isDryRun: boolean;
  /** In the order in which they ran, or would run. */
  migrations: readonly FinishedStep[];
}
