/** The library's options of `up`, `down`, `redo` and `sync`, and their conversion into moves. */

import { KatError } from '../errors.js';
import type { DownMove, RedoMove } from '../graph/move.js';
import { parseSteps } from '../graph/select.js';
import type { DryRun, Jobs } from '../project/config/config-names.js';
import type { ReviewedPlan } from './plan/move-plan.js';
import type { Confirm, OnFailure } from './run/run-result.js';

export interface MoveOptions {
  /**
   * What `plan` returned, or its `planId` alone: the run is refused with PLAN_CHANGED if it would do anything else. It takes the
   * place of `confirm`. A run that finds nothing left to do is not refused.
   */
  plan?: ReviewedPlan | undefined;
  /**
   * Check everything and change nothing. `'rollback'` also executes it in one transaction that is rolled back, as far as that
   * can be done.
   */
  dryRun?: DryRun | undefined;
  /**
   * Is asked before a plan runs that takes back more than a plain `down`, or rolls back a squashed migration, or drops tables with
   * rows that the rolled-back migrations did not write; `false` ends the run with CANCELLED. Left out, a plan runs, but a plain
   * `down` that would destroy any of this ends with USAGE.
   */
  confirm?: Confirm | undefined;
}

export interface UpOptions extends Pick<MoveOptions, 'dryRun' | 'plan'> {
  /** At most so many migrations; default all. */
  count?: number | undefined;
  /** Only these and what they need, named as on the command line; default everything. */
  to?: readonly string[] | undefined;
  /** Go on although the database has migrations that the folder does not have. */
  allowMissing?: boolean | undefined;
  /** All or nothing: one transaction for the whole run. Not for migrations that run outside of one. */
  singleTransaction?: boolean | undefined;
  /** How long to wait for a server that starts, in milliseconds; left out, it must be there. */
  waitMs?: number | undefined;
  /** How many migrations may run at the same time, each in a session of its own; default that of `createKat`. */
  jobs?: Jobs | undefined;
  /** What becomes of other migrations when one fails; default `finish`. */
  onFailure?: OnFailure | undefined;
  /** Apply nothing if the database differs from what its applied migrations make, as `drift` finds out. */
  strictDrift?: boolean | undefined;
}

/** At most one of `count`, `to`, `of` and `all`; a count of 1 where there is none. */
export interface DownOptions extends MoveOptions {
  /** How many migrations to go back, the most recently applied first. */
  count?: number | undefined;
  /** The migration that is to be the last one applied; `base` goes back through everything. */
  to?: string | undefined;
  /** These, and all applied ones that descend from them; `-N` alone is a count of N. */
  of?: readonly string[] | undefined;
  all?: boolean | undefined;
}

/** At most one of `of` and `modified`; the migration that was applied last where there is none. */
export interface RedoOptions extends MoveOptions {
  /** These, and all applied ones that descend from them. */
  of?: readonly string[] | undefined;
  /** Edited migrations, and all their applied descendants. */
  modified?: boolean | undefined;
}

export interface SyncOptions extends MoveOptions {
  /** Also redo migrations that were edited after they were applied. */
  modified?: boolean | undefined;
}

/** @throws KatError USAGE when several are given. */
export function downMove({ count, to, of, all }: DownOptions): DownMove {
  const isNamed = of !== undefined && of.length > 0;
  const given = [count !== undefined, to !== undefined, isNamed, all === true];
  if (given.filter(Boolean).length > 1) {
    throw new KatError('USAGE', 'migrations, --to, --count and --all cannot be combined', {
      help: 'Use only one of them.',
    });
  }
  if (all) return { kind: 'down', all };
  if (to !== undefined) return { kind: 'down', to };
  if (!isNamed) return { kind: 'down', count: count ?? 1 };
  const [only] = of;
  const steps = of.length === 1 && only !== undefined ? parseSteps(only) : undefined;
  return steps?.sign === '-' ? { kind: 'down', last: steps.count } : { kind: 'down', of };
}

/** @throws KatError USAGE when both are given. */
export function redoMove({ of = [], modified }: RedoOptions): RedoMove {
  if (!modified) return { kind: 'redo', of };
  if (of.length === 0) return { kind: 'redo', modified };
  throw new KatError('USAGE', 'migrations and --modified cannot be combined', {
    help: 'Use only one of them.',
  });
}

/** @throws KatError USAGE for an `up` in one transaction that is to go on after a failure: a failure rolls back everything. */
export function refuseContinuing({ onFailure }: UpOptions): void {
  if (onFailure !== 'continue') return;
  throw new KatError('USAGE', '--single-transaction and --on-failure continue cannot be combined', {
    help: 'Use one of them: a failure rolls back the whole transaction.',
  });
}
