/** A plan whose SQL was checked. */

import type { Problem } from '../../errors.js';
import type { Step } from '../../graph/plan.js';
import type { NameFootprints } from '../../sql/concurrency/read-name-footprint.js';
import type { Literals } from '../../sql/syntax/backslashes.js';

/** The data kept of a checked file; its text is read again before it runs. */
export interface CheckedStep {
  step: Step;
  checksum: string;
  /** Whether it is known to have no statements. */
  isEmpty: boolean;
  /** Whether an enclosing BEGIN and COMMIT must be taken off. */
  isWrapped: boolean;
  /** Whether it sets properties of its transaction, such as the isolation level: no query may come before it there. */
  setsTransaction: boolean;
  /** Whether its statements are known only to make new objects. */
  keepsSession: boolean;
  /** Whether it is too long to be parsed, and better held in pieces. */
  isLong: boolean;
  /** Whether it is a program, of which only the text is known. */
  isProgram?: boolean;
  /** The text itself, where it is in no file. */
  stored?: string;
}

export interface CheckedPlan {
  /** How the server reads plain string literals. */
  literals: Literals;
  /** By `keyOf` of the step. */
  steps: ReadonlyMap<string, CheckedStep>;
  /** Hints for improvements that do not stop the run. */
  hints: readonly Problem[];
  /** For a run with several sessions. */
  footprints?: NameFootprints | undefined;
}

/** A step's name among all: a plan may have both directions of a migration. */
export function stepKey({ id, direction }: Pick<Step, 'id' | 'direction'>): string {
  return `${id} ${direction}`;
}
