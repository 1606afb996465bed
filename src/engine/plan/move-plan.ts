/** What is asked of a plan, the plan that the library's users get, and the one that they hand back. */

import type { Problem } from '../../errors.js';
import type { ExplainedStep } from '../../graph/explain.js';
import type { Move } from '../../graph/move.js';
import type { AssumedApplied } from './assumed-applied.js';
import type { Loss } from './loss.js';
import type { PlanSchedule } from './plan-schedule.js';

export interface PlanRequest extends AssumedApplied {
  move: Move;
  /** As `up` takes it. */
  allowMissing: boolean;
}

/** One step of a plan. */
export interface PlannedStep extends ExplainedStep {
  /** The path of its SQL; for a migration without a folder, a replacement text. */
  file: string;
  /** Of its SQL. */
  checksum: string;
  /** It goes back with the SQL stored when it was applied, and not by that of the folder. */
  isStored?: true;
}

/** The plan of a command. */
export interface MovePlan {
  move: Move['kind'];
  /** In the order in which they would run. */
  steps: readonly PlannedStep[];
  /** How many migrations are applied now. */
  appliedCount: number;
  /**
   * Names exactly this plan on this database, for the option `plan` of the commands; undefined where the applied migrations were
   * declared by `applied` or `appliedIds`.
   */
  planId?: string;
  /** Data that the steps destroy for good. */
  losses: readonly Loss[];
  /** Hints for improvements that do not stop the run. */
  hints: readonly Problem[];
  /** How `up` would run the steps with several sessions; only with `jobs`. */
  schedule?: PlanSchedule;
}

/** A plan that somebody agreed to. What `plan()` returned is one. */
export interface ReviewedPlan {
  /** As `plan()` returned it. */
  planId?: string | undefined;
  /** Lets an error say what differs. */
  steps?: readonly Pick<PlannedStep, 'id' | 'direction' | 'checksum'>[] | undefined;
}
