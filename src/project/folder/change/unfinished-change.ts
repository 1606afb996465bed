/** Recognises a change of the migrations folder that a command began and did not finish, and finishes it. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { KatError, type Problem } from '../../../errors.js';
import { present } from '../../../present.js';
import { diskError, removeQuietly } from '../disk-write.js';
import { reservationName } from '../reservations.js';
import { type ChangePlan, changePaths, readChange } from './change-plan.js';
import { clearChange, placeChange } from './place-change.js';

/** An unfinished change. */
export interface UnfinishedChange {
  /** Undefined where it ended before its plan was complete: nothing was moved. */
  plan: ChangePlan | undefined;
  /** Only the tracking table can tell whether it belongs into place. */
  needsLedger: boolean;
}

/** @param root the migrations folder. */
export function findUnfinished(root: string): UnfinishedChange | undefined {
  if (!existsSync(changePaths(root).folder)) return undefined;
  const found = readChange(root);
  return {
    plan: found?.plan,
    needsLedger: found?.stage === 'staged' && found.plan.recorded.length > 0,
  };
}

/** The same as a problem. Until the change is complete, the list of migrations is unknown. */
export function unfinishedProblem(root: string): Problem {
  const plan = readChange(root)?.plan;
  const who = plan ? `\`kat ${plan.command}\`` : 'a command of Kat';
  const when = plan ? ` (process ${plan.process} on ${plan.host}, since ${plan.since.slice(0, 19)}Z)` : '';
  return {
    code: 'unfinished-change',
    message: `${who} did not finish its change of the migrations folder${when}: ${changePaths(root).folder} holds it`,
    help: 'Wait for that command if it still runs. If it was interrupted, run `kat repair`: it completes the change or undoes it.',
  };
}

/** The same as an error. */
export function unfinishedError(root: string): KatError {
  const { help, ...problem } = unfinishedProblem(root);
  return new KatError('FILES_INVALID', problem.message, {
    problems: [problem],
    ...present({ help }),
  });
}

/** The outcome of an unfinished change. */
export interface FinishedChange {
  /** Undefined where it was not complete enough to have a name. */
  command: string | undefined;
  /** Whether it is in place now; else nothing of it is. */
  isComplete: boolean;
}

/**
 * Moves a committed or recorded change into place, and takes any other back.
 * @param applied ids that the tracking table has; needed where `needsLedger` says so.
 * @throws KatError FILES_INVALID when the disk refuses; it can be tried again then.
 */
export function finishChange(root: string, applied: ReadonlySet<string> = new Set()): FinishedChange {
  const found = readChange(root);
  if (!found) refuseUnreadable(root);
  const isComplete =
    found?.stage === 'committed' || (found?.plan.recorded ?? []).some((id) => applied.has(id));
  try {
    if (found && isComplete) placeChange(root, found.plan);
  } catch (error) {
    throw diskError('change the folders in', root, error);
  }
  clearChange(root);
  for (const id of found?.plan.recorded ?? []) releaseTimestamp(root, id);
  return { command: found?.plan.command, isComplete };
}

/** The command had reserved it for the migration that it was to record. */
function releaseTimestamp(root: string, id: string): void {
  removeQuietly(join(root, reservationName(id.slice(0, id.indexOf('_')))));
}

/** Folders that were moved aside must not be deleted while their purpose is unknown. */
function refuseUnreadable(root: string): void {
  const { staged, committed, former } = changePaths(root);
  if (!existsSync(former) || !(existsSync(staged) || existsSync(committed))) return;
  throw new KatError('FILES_INVALID', `the plan of the unfinished change in ${root} cannot be read`, {
    help: `Move the folders in ${former} back to the migrations folder, or restore them with git, and delete ${changePaths(root).folder}.`,
  });
}
