/** The state of the linter while it reads one migration. */

import type { Routine } from '../schema/schema.js';
import type { EmptiedTables } from './emptied-tables.js';
import type { RuleSetting } from './finding.js';
import type { Following } from './follow-into.js';
import type { LintedHistory } from './history.js';

/** The tools for reading a history. */
export interface HistoryReading extends Following {
  setting: RuleSetting;
  history: LintedHistory;
}

/** The tools for reading a migration. */
export interface Reading extends HistoryReading {
  /** By the migration that is read. */
  emptied: EmptiedTables;
  /** The functions that it has called: what they do is found at the first call. */
  called: Set<Routine>;
}
