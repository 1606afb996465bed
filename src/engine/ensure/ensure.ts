/** Makes sure, at the start of a program, that no migration is pending. */

import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectionError, KatError } from '../../errors.js';
import { listIds } from '../../graph/list-ids.js';
import type { MigrationStatus } from '../ledger/migration-status.js';
import { halfUndone } from '../plan/half-undone.js';
import type { Status } from '../read/status.js';
import type { RunResult } from '../run/run-result.js';
import { type Deadline, startDeadline } from '../session/deadline.js';
import { refuseServerless } from './serverless.js';

export interface EnsureOptions {
  /**
   * `apply` applies what is pending, under the lock. `wait` waits until another run has applied it. `check` only looks. Default
   * `apply`.
   */
  mode?: 'apply' | 'wait' | 'check';
  /** How long to wait for the server, and for another run, in milliseconds. Default ten minutes; `check` waits for nothing. */
  timeoutMs?: number;
  /** As of `up`: for `apply` where an older version of the program may start while a newer one runs. */
  allowMissing?: boolean;
}

export interface EnsureResult {
  /** Ids of the migrations that this call applied, in order. */
  applied: readonly string[];
}

/** What a Kat can do. */
export interface EnsureSetting {
  /** @param waitMs for the server, and for another run. */
  apply(waitMs: number, options: Pick<EnsureOptions, 'allowMissing'>): Promise<RunResult>;
  readStatus(): Promise<Status>;
  signal: AbortSignal | undefined;
}

const defaultTimeoutMs = 600_000;

/**
 * @throws KatError PENDING when migrations are pending or under way at the end; MIGRATION_HALF_DONE when one is half rolled back;
 *   USAGE for `apply` in a serverless function; CANCELLED; what `up` and `status` throw.
 */
export async function ensure(
  setting: EnsureSetting,
  { mode = 'apply', timeoutMs = defaultTimeoutMs, allowMissing = false }: EnsureOptions,
): Promise<EnsureResult> {
  if (mode === 'apply') {
    refuseServerless(process.env);
    const { migrations } = await setting.apply(timeoutMs, { allowMissing });
    return { applied: migrations.map(({ id }) => id) };
  }
  await waitForOthers(setting, startDeadline(mode === 'wait' ? timeoutMs : 0));
  return { applied: [] };
}

/** Looks at least once. */
async function waitForOthers(setting: EnsureSetting, deadline: Deadline): Promise<void> {
  for (;;) {
    const isOver = deadline.remainingMs() <= 0;
    const status = await readUnlessAbsent(setting, isOver);
    const pending = status?.migrations.filter(({ waitsFor, running }) => waitsFor ?? running);
    const undone = status?.migrations.flatMap(halfUndoneOf) ?? [];
    if (pending?.length === 0 && undone.length === 0) return;
    if (isOver && pending?.length) throw pendingError(pending, status?.runners.length ?? 0, deadline);
    if (isOver && undone.length > 0) throw halfUndone(undone);
    await pause(deadline.remainingMs(), setting.signal);
  }
}

/** What is applied, although a part of it is rolled back. */
function halfUndoneOf({ id, state, halfDone }: MigrationStatus): { id: string; finished: number }[] {
  return state === 'applied' && halfDone ? [{ id, finished: halfDone.finished }] : [];
}

/** @returns undefined while the server may be about to start. */
async function readUnlessAbsent({ readStatus }: EnsureSetting, isLast: boolean): Promise<Status | undefined> {
  try {
    return await readStatus();
  } catch (error) {
    if (isLast || !(error instanceof ConnectionError) || !error.mayAppear) throw error;
    return undefined;
  }
}

/** Between two looks, in milliseconds; a part is left to chance, so that many replicas do not look at once. */
const [leastPauseMs, mostPauseMs] = [300, 700];

async function pause(remainingMs: number, signal: AbortSignal | undefined): Promise<void> {
  const ms = leastPauseMs + Math.random() * (mostPauseMs - leastPauseMs);
  try {
    await sleep(Math.min(ms, Math.max(remainingMs, 0)), undefined, signal ? { signal } : {});
  } catch {
    throw new KatError('CANCELLED', 'cancelled while waiting for another run');
  }
}

function pendingError(pending: readonly MigrationStatus[], runners: number, { waitMs }: Deadline): KatError {
  const ids = pending.map(({ id }) => id);
  const verb = ids.length === 1 ? 'migration is' : 'migrations are';
  const after = waitMs > 0 ? ` after ${waitMs / 1000} s` : '';
  return new KatError('PENDING', `${ids.length} ${verb} pending${after}: ${listIds(ids)}`, {
    help:
      runners > 0
        ? 'A run is in progress. Wait for it: use the mode `wait`, or a larger `timeoutMs`.'
        : 'Run `kat up` in the release step, or use the mode `apply`.',
  });
}
