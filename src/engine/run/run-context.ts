/** The state that the parts of a run share while the lock is held. */

import { KatError } from '../../errors.js';
import { listIds } from '../../graph/list-ids.js';
import type { Move } from '../../graph/move.js';
import type { Step } from '../../graph/plan.js';
import type { LockedSession } from '../session/locked-session.js';
import { formatLabel } from '../session/run-label.js';
import type { RunSetting } from '../session/run-setting.js';
import type { LossWatch } from './loss-watch.js';
import type { PreparedStep } from './read-step.js';
import type { Reporter } from './reporter.js';

/** Looks at who waits for a migration, and cancels it. */
export interface BlockGuard {
  /**
   * Looks while a message of this step runs.
   * @param isCancellable whether it may be cancelled at this moment.
   * @returns what ends the looking; when it is fulfilled, no request to cancel is on its way.
   */
  begin(step: PreparedStep, isCancellable: () => boolean): () => Promise<void>;
  /** @returns a BlockingError for the error of a message that was cancelled for others; any other error as it is. */
  explain(error: unknown): unknown;
  close(): Promise<void>;
}

/** One of the sessions of a run. */
export interface Worker {
  /** Whether no further step may be sent. */
  isStopping(): boolean;
  /**
   * After an error that another session of the run may have caused: waits until this session is the only one at work, which it
   * stays until its steps have ended.
   * @returns false, at once, when the migration is not to be tried again for that.
   */
  retryAlone(step: Step, error: unknown): Promise<boolean>;
  /** Ids of the steps that other sessions of the run have taken and not ended. */
  takenByOthers(): string[];
  /** Replaces a lost session, once no other one is at work. @throws KatError when the database cannot be reached. */
  reopen(): Promise<void>;
}

export interface RunContext {
  /** The requested run. */
  command: Move['kind'];
  setting: RunSetting;
  lockedSession: LockedSession;
  reporter: Reporter;
  /** What the run found under the lock. */
  found: { applied: readonly string[]; isOfGraph(id: string): boolean };
  /** Absent if no migration of the plan has a limit for others' waits. */
  guard?: BlockGuard | undefined;
  /** Absent if nobody is to be asked about data that a rollback destroys. */
  losses?: LossWatch | undefined;
  /** Whether all migrations share one transaction. */
  isSingleTransaction: boolean;
  /** Ids of the steps that Citus takes only with one connection for each node; sessions of a run share them. */
  sequential: Set<string>;
  /** This session's part in a run with several sessions; undefined where there is one. */
  worker?: Worker;
  /** Reads the file of a planned step again. @throws KatError FILES_INVALID when it is not what was checked. */
  prepare(step: Step): Promise<PreparedStep>;
}

export function isCancelled({ setting }: RunContext): boolean {
  return setting.signal?.aborted ?? false;
}

/** @returns why the guard cancelled, if it did; any other error as it is. */
export function explainError({ guard }: RunContext, error: unknown): unknown {
  return guard ? guard.explain(error) : error;
}

/** @throws KatError CANCELLED */
export function checkCancelled(context: RunContext): void {
  if (!isCancelled(context)) return;
  const outcome = context.isSingleTransaction ? 'nothing was applied' : 'applied migrations stay applied';
  throw new KatError('CANCELLED', 'cancelled between two migrations', {
    help: `Run the command again to continue; ${outcome}.${halfRedone(context)}`,
  });
}

/** The comment that tells other sessions who runs this step. @param progress in a migration that runs statement by statement */
export function labelOf(
  { command }: Pick<RunContext, 'command'>,
  { id, direction }: Step,
  progress: { statement: number; statements: number } | undefined = undefined,
): string {
  return formatLabel({ command, migration: id, direction, ...progress });
}

/** A sentence, with a blank before it, about what a redo has rolled back and not applied again; else empty. */
export function halfRedone({ command, reporter }: RunContext): string {
  if (command !== 'redo') return '';
  const again = new Set(reporter.finished.filter(({ direction }) => direction === 'up').map(({ id }) => id));
  const waiting = reporter.finished.filter(({ id, direction }) => direction === 'down' && !again.has(id));
  if (waiting.length === 0) return '';
  const ids = listIds(waiting.map(({ id }) => id));
  return ` Rolled back and not applied again: ${ids}; \`kat up\` applies them.`;
}
