/** Tries a migration again after failures that pass: with growing pauses, for a bounded time. */

import { setTimeout as sleep } from 'node:timers/promises';
import { type KatError, SqlError } from '../../errors.js';
import { waitsOf } from '../policy/waits.js';
import { type Deadline, startDeadline } from '../session/deadline.js';
import { BlockingError } from './blocking-error.js';
import type { PreparedStep } from './read-step.js';
import { isCancelled, type RunContext } from './run-context.js';

export interface Retries {
  /** Waits before another try. @returns false, at once, when there is to be none. */
  waitAfter(error: unknown): Promise<boolean>;
}

/**
 * Lock time-out, deadlock and serialisation failure, also in the words of Aurora DSQL, and a locked file of SQLite: the same migration
 * may succeed a moment later.
 */
const passingStates = new Set([
  ...['55P03', '40P01', '40001', 'OC000', 'OC001'],
  ...['SQLITE_BUSY', 'SQLITE_BUSY_SNAPSHOT'],
]);

const firstDelayMs = 500;
const maxDelayMs = 30_000;

/** The time for retries begins with the first failure. */
export function createRetries(context: RunContext, { step, migration }: PreparedStep): Retries {
  const { retryForMs } = waitsOf(migration, context.setting.waits);
  const { signal, onEvent } = context.setting;
  let attempt = 0;
  let deadline: Deadline | undefined;
  return {
    waitAfter: async (error) => {
      if (!isPassing(error) || isCancelled(context)) return false;
      attempt += 1;
      deadline ??= startDeadline(retryForMs);
      const retryInMs = delayBefore(attempt);
      if (retryInMs > deadline.remainingMs()) return false;
      onEvent({ type: 'retrying', id: step.id, direction: step.direction, error, retryInMs, attempt });
      await sleep(retryInMs, undefined, signal ? { signal } : {}).catch(() => undefined);
      return true;
    },
  };
}

function isPassing(error: unknown): error is KatError {
  if (error instanceof BlockingError) return true;
  return error instanceof SqlError && !error.isSessionLost && passingStates.has(error.report.sqlstate);
}

/** It doubles each time; up to half of it is left to chance, so that two runners don't keep meeting. */
function delayBefore(attempt: number): number {
  const full = Math.min(firstDelayMs * 2 ** (attempt - 1), maxDelayMs);
  return Math.round(full * (0.5 + Math.random() / 2));
}
