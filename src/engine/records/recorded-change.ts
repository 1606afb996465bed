/** Keeps the migrations folder and the tracking table consistent when one command changes both. */

import { KatError } from '../../errors.js';
import type { StagedChange } from '../../project/folder/change/stage-change.js';
import {
  type FinishedChange,
  findUnfinished,
  finishChange,
} from '../../project/folder/change/unfinished-change.js';
import { readAppliedIds } from '../ledger/ledger.js';
import { withConnection } from '../session/reported-session.js';
import type { RunSetting } from '../session/run-setting.js';
import { underLock } from '../session/with-locked-session.js';

/**
 * Records a staged change, and moves it into place behind that: no folder is ever there without its row. To be called under
 * the runner's lock.
 * @throws what `record` throws. Then nothing is left behind, except after STATE_UNKNOWN: the rows may need the folders.
 */
export async function recordAndApply(staged: StagedChange, record: () => Promise<void>): Promise<void> {
  try {
    await record();
  } catch (error) {
    if (!(error instanceof KatError && error.code === 'STATE_UNKNOWN')) staged.discard();
    throw error;
  }
  staged.apply();
}

/**
 * Finishes a change of the folder that a command began and did not finish, and reports a warning. The tracking table is read
 * under the lock, where the change alone does not tell whether it was recorded.
 * @throws KatError FILES_INVALID when the disk refuses; what opening the database throws.
 */
export async function finishFolder(setting: RunSetting, purpose: string): Promise<void> {
  const unfinished = findUnfinished(setting.directory);
  if (!unfinished) return;
  const finished = unfinished.needsLedger
    ? await finishByLedger(setting, purpose)
    : finishChange(setting.directory);
  setting.onEvent({ type: 'warning', message: describeFinished(finished) });
}

function finishByLedger(setting: RunSetting, purpose: string): Promise<FinishedChange> {
  return withConnection(setting, purpose, (place) =>
    underLock(setting, place, async ({ session, ledger }) =>
      finishChange(setting.directory, new Set(await readAppliedIds(session, ledger))),
    ),
  );
}

/** The outcome of an interrupted change, in one sentence. */
function describeFinished({ command, isComplete }: FinishedChange): string {
  const who = command === undefined ? 'a command of Kat' : `\`kat ${command}\``;
  return isComplete
    ? `${who} was interrupted: its change of the migrations folder has been completed`
    : `${who} was interrupted: its change of the migrations folder has been undone`;
}
