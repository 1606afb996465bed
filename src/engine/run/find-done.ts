/** Finds out from tracking table and log which steps are done, after their answers were errors or got lost. */

import { KatError } from '../../errors.js';
import type { Step } from '../../graph/plan.js';
import { type AppliedMigration, readApplied } from '../ledger/ledger.js';
import { readLastOutcomes } from '../ledger/log.js';
import { readUnproven } from '../ledger/proof.js';
import type { LockedSession } from '../session/locked-session.js';

/** What the database says about steps. */
interface DoneSteps {
  /** Those that are done, up to the first that is not. */
  done: { step: Step; durationMs: number }[];
  /**
   * The first that is not, if the tracking table says that it is: a program that is not Kat, or a migration, wrote or deleted
   * the row. Its SQL did not run here.
   */
  recordedByOther?: Step;
}

/**
 * A step writes its row and its entry in one transaction, so a row without an entry is somebody else's.
 * @throws what the session throws.
 */
export async function findDone(
  { session, ledger }: Pick<LockedSession, 'session' | 'ledger'>,
  steps: readonly Step[],
): Promise<DoneSteps> {
  const applied = new Map((await readApplied(session, ledger)).map((row) => [row.id, row]));
  const recorded = takeWhile(steps, ({ id, direction }) => applied.has(id) === (direction === 'up'));
  if (recorded.length === 0) return { done: [] };
  const ids = recorded.map(({ id }) => id);
  const last = await readLastOutcomes(session, ledger, ids);
  const proven = takeWhile(recorded, ({ id, direction }) => last.get(id) === `${direction} succeeded`);
  const other = recorded[proven.length];
  return {
    done: proven.map((step) => ({ step, durationMs: durationOf(applied.get(step.id)) })),
    ...(other ? { recordedByOther: other } : {}),
  };
}

function durationOf(row: AppliedMigration | undefined): number {
  return row?.durationMs ?? 0;
}

function takeWhile<T>(items: readonly T[], holds: (item: T) => boolean): T[] {
  const end = items.findIndex((item) => !holds(item));
  return end < 0 ? [...items] : items.slice(0, end);
}

/** Why a step failed whose row in the tracking table another program wrote or deleted. @param cause of its own try. */
export function recordedByOtherError({ id, direction }: Step, cause: unknown): KatError {
  const [state, correction] =
    direction === 'up'
      ? ['applied', `\`kat stamp --delete --only ${id}\``]
      : ['not applied', `\`kat stamp --only ${id}\``];
  return new KatError(
    'MIGRATION_FAILED',
    `another program has recorded ${id} as ${state}, and this try failed: ${messageOf(cause)}`,
    {
      help: `Look whether the other program has also made its changes. If not, correct the record with ${correction}.`,
      cause,
    },
  );
}

/** @param cause why the answer is missing. @param reason why the database does not say it either. */
export function unknownOutcome(
  { id, direction }: Pick<Step, 'id' | 'direction'>,
  cause: unknown,
  reason: unknown,
): KatError {
  return new KatError(
    'STATE_UNKNOWN',
    `the outcome of ${id} (${direction}) is unknown: ${messageOf(cause)}`,
    {
      problems: reason instanceof Error ? [{ message: reason.message }] : [],
      help: 'Run `kat status` when the database can be reached again. Migrations it shows as applied are complete.',
      cause,
    },
  );
}

function messageOf(error: unknown): string {
  return readUnproven(error) ?? (error instanceof Error ? error.message : String(error));
}
