/** Options and results of a run. Separate, because the library exports these types. */

import type { FinishedStep } from '../../errors.js';
import type { Move } from '../../graph/move.js';
import type { Plan } from '../../graph/plan.js';
import type { UntriedStep } from '../../graph/untried.js';
import type { Loss } from '../plan/loss.js';
import type { ReviewedPlan } from '../plan/move-plan.js';

/** A plan with what it would destroy for good. */
export interface PlanToConfirm extends Plan {
  losses: readonly Loss[];
}

/** Asks whether a plan that takes back more than a plain `down`, or destroys something, may go ahead. */
export type Confirm = (plan: PlanToConfirm) => Promise<boolean> | boolean;

/**
 * What becomes of other migrations when one fails: `finish` starts no more, `cancel` also cancels those that run, and `continue` goes
 * on with all that do not descend from it.
 */
export const onFailureModes = ['finish', 'cancel', 'continue'] as const;
export type OnFailure = (typeof onFailureModes)[number];

export interface RunResult {
  isDryRun: boolean;
  /** In the order in which they ran, or would run. */
  migrations: readonly FinishedStep[];
  /** The steps that a rehearsal (`dryRun: 'rollback'`) could not execute; undefined for everything else. */
  untried?: readonly UntriedStep[];
  /** Data that the steps of a dry run would destroy for good; undefined where there is none. */
  losses?: readonly Loss[];
}

export interface RunRequest {
  move: Move;
  isDryRun: boolean;
  /** A dry run that executes what it can in a transaction that is rolled back. */
  isRehearsal: boolean;
  /** Go on although the database has migrations that the folder does not have. */
  allowMissing: boolean;
  /** All or nothing: one transaction for the whole run. */
  isSingleTransaction: boolean;
  /** How many sessions `up` may use; default one. */
  jobs?: number | undefined;
  /** What `up` does after a failure; default `finish`. */
  onFailure?: OnFailure | undefined;
  /** Undefined goes ahead. */
  confirm: Confirm | undefined;
  /** The plan that somebody agreed to: no other is run. */
  reviewed?: ReviewedPlan | undefined;
}
