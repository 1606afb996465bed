/** Changes records without running migrations: shows the changes, then writes them in one transaction under the lock. */

import type { Session } from '../../connections/driver.js';
import { ConnectionError, KatError, SqlError } from '../../errors.js';
import { findLedger } from '../ledger/find-ledger.js';
import { type Ledger, readAppliedIds } from '../ledger/ledger.js';
import { readUnproven, unprovenHelp } from '../ledger/proof.js';
import { type Recording, recordingStatements } from '../ledger/record.js';
import { adviseOnSequences } from '../ledger/used-ids.js';
import { stepKey } from '../plan/checked-plan.js';
import type { DatabaseState } from '../plan/plan-run.js';
import { askToConfirm } from '../session/ask-to-confirm.js';
import { lookWithoutLock, refuseDuringRun } from '../session/during-run.js';
import type { LockedSession } from '../session/locked-session.js';
import { withConnection } from '../session/reported-session.js';
import type { RunSetting } from '../session/run-setting.js';
import { waitPatiently } from '../session/session-reset.js';
import { timeoutStatements } from '../session/timeout-statements.js';
import { underLock } from '../session/with-locked-session.js';

/** The records to write, in this order. */
export interface RecordPlan {
  recordings: readonly Recording[];
  /** It is about migrations that look half-done. */
  hasHalfDone?: boolean;
  /** SQL that is executed in the same transaction, before the records are written. */
  statements?: readonly string[];
  /** The error for the one of `statements` that the server refuses; default the server's own. */
  describeFailure?(index: number, error: SqlError): KatError;
}

/** Asks whether the plan may be carried out. */
export type ConfirmRecords<P> = (plan: P) => Promise<boolean> | boolean;

interface RecordsChange<P extends RecordPlan> {
  /** The command's name. */
  purpose: string;
  isDryRun: boolean;
  /** Undefined goes ahead. */
  confirm: ConfirmRecords<P> | undefined;
  /** Changes nothing; it is called again once the lock is held. */
  plan(state: DatabaseState): Promise<P>;
  /** Carries out the plan where more belongs to it than its records, which `write` writes. */
  carryOut?(plan: P, write: () => Promise<void>): Promise<void>;
}

/**
 * @returns the plan that was carried out, or would be.
 * @throws KatError what planning throws; CANCELLED when it was not confirmed, or another runner has changed what was
 *   confirmed; STATE_UNKNOWN when the connection is lost while it is written.
 */
export async function recordChanges<P extends RecordPlan>(
  setting: RunSetting,
  change: RecordsChange<P>,
): Promise<P> {
  return withConnection(setting, change.purpose, async (place) => {
    const state = await readDatabaseState(setting, place.session);
    const plan = await lookWithoutLock(state.session, state.ledger, () => change.plan(state));
    if (plan.hasHalfDone) await refuseDuringRun(state.session, state.ledger);
    if (plan.recordings.length === 0 || change.isDryRun) return plan;
    if (change.confirm) await waitPatiently(place.session);
    if (change.confirm && !(await askToConfirm(change.confirm, plan, setting.signal))) {
      throw new KatError('CANCELLED', 'nothing was done: the confirmation was declined');
    }
    return underLock(setting, place, (lockedSession) => carryOut(setting, lockedSession, { change, plan }));
  });
}

async function readDatabaseState({ tableName }: RunSetting, session: Session): Promise<DatabaseState> {
  const ledger = await findLedger(session, tableName);
  return { session, ledger, applied: await readAppliedIds(session, ledger) };
}

async function carryOut<P extends RecordPlan>(
  setting: RunSetting,
  lockedSession: LockedSession,
  { change, plan: shown }: { change: RecordsChange<P>; plan: P },
): Promise<P> {
  // Another runner may have changed everything while we waited for the lock.
  const plan = await change.plan(await readDatabaseState(setting, lockedSession.session));
  if (change.confirm) refuseUnconfirmed(shown, plan);
  if (plan.recordings.length === 0) return plan;
  const write = () => writeRecordings(setting, lockedSession, plan);
  await (change.carryOut ? change.carryOut(plan, write) : write());
  return plan;
}

function refuseUnconfirmed(shown: RecordPlan, plan: RecordPlan): void {
  const known = new Set(shown.recordings.map(stepKey));
  if (plan.recordings.every((recording) => known.has(stepKey(recording)))) return;
  throw new KatError('CANCELLED', 'nothing was done: another runner changed the confirmed migrations', {
    help: 'Run the command again and review its new output.',
  });
}

/**
 * Writes all of them, or none.
 * @throws SqlError; KatError STATE_UNKNOWN when the connection is lost.
 */
export async function writeRecordings(
  { waits }: Pick<RunSetting, 'waits'>,
  lockedSession: LockedSession,
  plan: RecordPlan,
): Promise<void> {
  const { session, ledger } = lockedSession;
  if (session.sqlite)
    return (await import('./write-sqlite-recordings.js')).writeSqliteRecordings(lockedSession, plan);
  const { recordings, statements: own = [] } = plan;
  const opening = ['BEGIN', ...timeoutStatements(waits, 'SET LOCAL')];
  const records = recordings.flatMap((recording) => recordingStatements(ledger, recording));
  const message = [...opening, ...own, ...records, 'COMMIT'];
  try {
    // A statement may end with a comment.
    await session.execute(message.join('\n;\n'));
  } catch (error) {
    if (error instanceof ConnectionError) throw unknownState(error);
    await session.execute('ROLLBACK');
    throw describeRefusal(error, { ledger, plan, opened: opening.length });
  }
}

interface RefusedWrite {
  ledger: Ledger;
  plan: RecordPlan;
  /** How many statements came before those of the plan. */
  opened: number;
}

function describeRefusal(error: unknown, { ledger, plan, opened }: RefusedWrite): unknown {
  if (!(error instanceof SqlError)) return error;
  const failed = error.completedStatements - opened;
  if (plan.statements?.[failed] !== undefined) return plan.describeFailure?.(failed, error) ?? error;
  const unproven = readUnproven(error);
  if (unproven !== undefined) return notRecorded(unproven);
  const used = adviseOnSequences(ledger, error);
  if (used !== undefined) return mayNotRecord(error, `${used}.`);
  return isPrivilegeMissing(error) ? mayNotRecord(error, missingPrivileges) : error;
}

function unknownState(cause: ConnectionError): KatError {
  return new KatError('STATE_UNKNOWN', `the connection was lost during the write: ${cause.message}`, {
    help: 'Run the command again: what has been recorded is left as it is.',
    cause,
  });
}

function isPrivilegeMissing(error: SqlError): boolean {
  return error.report.sqlstate === '42501';
}

function notRecorded(words: string): KatError {
  return new KatError('SQL_ERROR', `nothing was recorded: ${words}`, { help: `${unprovenHelp}.` });
}

const missingPrivileges =
  'Give this role SELECT, INSERT and DELETE on the tracking table, SELECT and INSERT on its log, and the use of their sequences.';

function mayNotRecord({ report }: SqlError, help: string): KatError {
  const { message, sqlstate } = report;
  return new KatError('SQL_ERROR', `nothing was recorded: ${message} (SQLSTATE ${sqlstate})`, { help });
}
