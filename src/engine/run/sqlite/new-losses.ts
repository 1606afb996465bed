/** Looks at what a rollback on SQLite destroys, while nobody else can write. */

import type { Loss } from '../../plan/loss.js';
import type { NextStatement } from '../loss-watch.js';
import type { SqliteRunContext } from './record-step.js';
import type { SplitStep } from './split-step.js';

/** Ends a transaction before somebody is asked: others wait for it. */
class NewLosses extends Error {
  readonly losses: readonly Loss[];

  constructor(losses: readonly Loss[]) {
    super('the rollback would destroy more data than was agreed to');
    this.losses = losses;
  }
}

/**
 * Call it behind BEGIN IMMEDIATE.
 * @param next the statement that comes next, of a migration that runs statement by statement.
 * @throws NewLosses
 */
export async function refuseAddedLosses(
  { losses }: SqliteRunContext,
  { prepared }: SplitStep,
  next?: NextStatement,
): Promise<void> {
  const found = (await losses?.findNew(prepared.step, next?.text)) ?? [];
  if (found.length > 0) throw new NewLosses(found);
}

/** Call it behind ROLLBACK. @returns whether that was the error, and somebody has agreed. @throws as `LossWatch.ask` does. */
export async function askAboutLosses(
  { losses }: SqliteRunContext,
  { prepared }: SplitStep,
  { error, isHalfDone = false }: { error: unknown; isHalfDone?: boolean },
): Promise<boolean> {
  if (!(error instanceof NewLosses)) return false;
  await losses?.ask(prepared.step, error.losses, isHalfDone);
  return true;
}
