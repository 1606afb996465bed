/** Plans what a run has to do. Most runs find nothing, so what only others need is loaded later. */

import type { Session } from '../../connections/driver.js';
import { buildGraph, type Graph } from '../../graph/graph.js';
import { isRollback, type Move, mayNeedConfirmation } from '../../graph/move.js';
import { present } from '../../present.js';
import { findLedger } from '../ledger/find-ledger.js';
import { refuseFormerTable } from '../ledger/former-table.js';
import { readHalfDone } from '../ledger/journal.js';
import { logTableOf, readAppliedIds } from '../ledger/ledger.js';
import { readAppliedFacts } from '../ledger/logged-migrations.js';
import { refuseLostRows } from '../ledger/lost-rows.js';
import { checkEdits } from '../plan/check-edits.js';
import { refusePartlyUndone } from '../plan/half-undone.js';
import { type DatabaseState, type PlannedMove, planRun, refuseMissing } from '../plan/plan-run.js';
import { lookWithoutLock } from '../session/during-run.js';
import type { RunSetting } from '../session/run-setting.js';
import type { FolderAhead } from './read-ahead.js';
import type { RunRequest } from './run-result.js';

/** The data of a run from its start. */
export interface RunState {
  session: Session;
  folder: FolderAhead;
  /** Opened while the plan is made. */
  lockSession: Promise<Session> | undefined;
}

/** The steps of the run, and what they were planned for. */
export interface PlannedWork extends PlannedMove {
  folder: Graph;
  state: DatabaseState;
}

/** @returns undefined when there is nothing to do. */
export async function planWork(
  setting: RunSetting,
  request: RunRequest,
  place: RunState,
): Promise<PlannedWork | undefined> {
  const { move } = request;
  const isUp = move.kind === 'up';
  const state = await readDatabaseState(setting, place.session, move);
  await prepareForWork(setting, request, { place, applied: state.applied });
  const folder = buildGraph(await place.folder.migrations());
  const isStrict = isUp && setting.checksums === 'strict';
  if (isStrict) await checkEdits(setting, folder, state);
  const planned = await planForState(folder, request, state);
  const { plan } = planned;
  if (isUp && !isStrict) await checkEdits(setting, folder, state);
  if (plan.steps.length === 0) {
    await lookWithoutLock(state.session, state.ledger, () =>
      refusePartlyUndone(state.halfDone ?? new Map(), planned, { move, applied: state.applied }),
    );
    return undefined;
  }
  return { ...planned, folder, state };
}

async function readDatabaseState(
  { tableName, checksums }: RunSetting,
  session: Session,
  { kind }: Move,
): Promise<DatabaseState> {
  const ledger = await findLedger(session, tableName);
  const answers = [
    readAppliedIds(session, ledger),
    kind === 'up' && checksums !== 'off' ? readAppliedFacts(session, ledger) : undefined,
    (kind === 'up' || kind === 'sync') && ledger.hasLog
      ? readHalfDone(session, logTableOf(ledger))
      : undefined,
  ] as const;
  // A cancel reaches one statement at a time, and is repeated until all have ended.
  await Promise.allSettled(answers);
  const [applied, logged, halfDone] = await Promise.all(answers);
  return { session, ledger, applied, ...present({ logged, halfDone }) };
}

/** If names alone show that steps are pending, the parser and the lock connection are needed soon. */
async function prepareForWork(
  setting: RunSetting,
  request: RunRequest,
  { place, applied }: { place: RunState; applied: readonly string[] },
): Promise<void> {
  if (place.session.sqlite || (await isUpToDate(place.folder, request, applied))) return;
  place.folder.loadParser();
  if (!isSureToRun(request)) return;
  const { openLockSession } = await import('../session/lock.js');
  place.lockSession = openLockSession(setting.driver, setting);
}

/** Whether names alone show that there is nothing to do, if nothing is wrong. */
async function isUpToDate(
  folder: FolderAhead,
  { move }: RunRequest,
  applied: readonly string[],
): Promise<boolean> {
  if (isRollback(move) && !hasReferences(move)) return applied.length === 0;
  if (hasReferences(move) || ('modified' in move && move.modified)) return false;
  const ids = await folder.ids();
  const known = new Set(applied);
  return ids.length === applied.length && ids.every((id) => known.has(id));
}

/** True if no confirmation can cancel the run, provided that steps are pending and no problem was found. */
function isSureToRun({ isDryRun, move, confirm }: RunRequest): boolean {
  return !isDryRun && !(confirm && mayNeedConfirmation(move));
}

/** True if the move names migrations; these names must be validated even when nothing is pending. */
function hasReferences(move: Move): boolean {
  return ('to' in move && move.to !== undefined) || ('of' in move && move.of.length > 0);
}

/** Plans for the state that the database is in now. @throws KatError where that state forbids it. */
export async function planForState(
  folder: Graph,
  { move, allowMissing }: RunRequest,
  state: DatabaseState,
): Promise<PlannedMove> {
  await refuseFormerTable(state.session, state.ledger, folder);
  if (!isRollback(move)) await refuseLostRows(state.session, state.ledger, { ...state, folder });
  if (move.kind === 'up' && !allowMissing) await refuseMissing(folder, state);
  return planRun(folder, state, move);
}
