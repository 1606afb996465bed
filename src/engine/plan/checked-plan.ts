/** A plan whose SQL was checked. */

import type { Problem } from '../../errors.js';
import type { Step } from '../../graph/plan.js';
import type { Literals } from '../../sql/syntax/backslashes.js';

/** What is remembered of a file that was checked; its text is read again when its turn comes. */
export interface CheckedStep {
  step: Step;
  checksum: string;
  /** Whether it is known to have no statements. */
  isEmpty: boolean;
  /** Whether an enclosing BEGIN and COMMIT must be taken off. */
  isWrapped: boolean;
  /** Whether it is too long to be parsed, and better held in pieces. */
  isLong: boolean;
  /** The text itself, where it is in no file. */
  stored?: string;
}

export interface CheckedPlan {
  /** How the server reads plain string literals. */
  literals: Literals;
  /** By `keyOf` of the step. */
  steps: ReadonlyMap<string, CheckedStep>;
  /** What could be better, but is no reason to stop. */
  hints: readonly Problem[];
}

/** A step's name among all: a plan may have both directions of a migration. */
export function stepKey({ id, direction }: Step): string {
  return `${id} ${direction}`;
}
