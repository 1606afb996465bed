/** Opens what a run on SQLite needs: the runner's lock beside the file, and tracking table and log in it. */

import type { Session, SqliteFacts } from '../../../connections/driver.js';
import { SqliteFailure } from '../../../connections/sqlite/binding.js';
import { isResultCode } from '../../../connections/sqlite/result-codes.js';
import { type FileLock, tryFileLock } from '../../../connections/sqlite/runner-lock.js';
import { KatError, SqlError } from '../../../errors.js';
import type { EventListener } from '../../events.js';
import { findLedger } from '../../ledger/find-ledger.js';
import type { Ledger } from '../../ledger/ledger.js';
import { clientName } from '../../ledger/log.js';
import { ensureSqliteLedger } from '../../ledger/sqlite/sqlite-ledger.js';
import type { TableName } from '../../ledger/table-name.js';
import { defaultWaits, type WaitPolicy } from '../../policy/waits.js';
import { isCancellation } from '../cancel.js';
import { startDeadline } from '../deadline.js';
import { pollLock, type RunnerLock } from '../lock.js';
import type { LabelledWork } from '../run-label.js';
import type { WrittenHolder } from './find-runner.js';

/** The part of a run's setting that the lock needs. */
interface LockSetting {
  tableName: string | TableName;
  lockWaitMs: number;
  onEvent: EventListener;
  signal: AbortSignal | undefined;
  waits?: Pick<WaitPolicy, 'lockTimeoutMs' | 'retryForMs'>;
  /** Nothing may stay behind, so the tables are not created where they are missing. */
  isRehearsal?: boolean;
}

/** @throws KatError LOCKED when another runner keeps the lock; CONNECTION_FAILED when the file cannot be written. */
export async function openSqliteLockedSession(
  setting: LockSetting,
  session: Session & { sqlite: SqliteFacts },
) {
  const { name } = await findLedger(session, setting.tableName);
  const lock = await takeSqliteLock(setting, session, name);
  try {
    const found = await findLedger(session, setting.tableName);
    const ledger = setting.isRehearsal ? found : await prepareLedger(setting, session, found);
    return {
      session,
      backendPid: 0,
      lock,
      ledger,
      sessionReset: { restoreRole: [], clean: [] },
      mayFlushLater: false,
      runsOtherCode: true,
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function takeSqliteLock(
  { lockWaitMs, onEvent, signal }: LockSetting,
  session: Session & { sqlite: SqliteFacts },
  name: Ledger['name'],
): Promise<RunnerLock> {
  const { file } = session.sqlite;
  if (file === undefined) return { ...noMore, release: async () => undefined };
  let lock: FileLock | undefined;
  const attempt = async () => {
    lock = await tryLockOf(file);
    return lock !== undefined;
  };
  const deadline = startDeadline(lockWaitMs);
  await pollLock(
    session,
    attempt,
    { name },
    {
      waitMs: lockWaitMs,
      deadline,
      onEvent,
      signal,
      session: undefined,
    },
  );
  const announce = (work: LabelledWork) => lock?.describe(holderOf(work));
  announce({});
  return { ...noMore, announce, release: async () => lock?.release() };
}

const noMore = { session: undefined, renewal: '' };

function holderOf(work: LabelledWork): WrittenHolder {
  return { work: { client: clientName(), clientPid: process.pid, ...work }, since: new Date().toISOString() };
}

async function tryLockOf(file: string): Promise<FileLock | undefined> {
  try {
    return await tryFileLock(file);
  } catch (error) {
    if (!(error instanceof SqliteFailure)) throw error;
    throw new KatError(
      'CONNECTION_FAILED',
      `the lock beside ${file} cannot be taken: ${error.message} (${error.code})`,
      {
        help: isResultCode(error.code, 'NOTADB')
          ? `${file}-kat-lock has content, so it is not a lock of Kat. Delete it if nothing needs it. Nothing was changed.`
          : 'Let this user create files in the folder of the database: SQLite needs its journal there as well. Nothing was changed.',
      },
    );
  }
}

/**
 * Creates the missing tables. Where none is missing, a write that changes nothing shows whether the file takes any.
 * @throws KatError CONNECTION_FAILED when it does not; SqlError when it was cancelled.
 */
async function prepareLedger(
  { waits = defaultWaits, onEvent }: LockSetting,
  session: Session & { sqlite: SqliteFacts },
  found: Ledger,
): Promise<Ledger> {
  const { lockTimeoutMs, retryForMs } = waits;
  const { busyMs } = session.sqlite;
  try {
    session.sqlite.busyMs = lockTimeoutMs;
    const ledger = await writeLedger(session, found).catch((error: unknown) => {
      if (!isLocked(error) || retryForMs === 0) throw error;
      onEvent({
        type: 'warning',
        message: `another program keeps ${session.sqlite.file} locked: waiting for it`,
      });
      session.sqlite.busyMs = retryForMs;
      return writeLedger(session, found);
    });
    return ledger;
  } catch (error) {
    throw error instanceof SqlError && !isCancellation(error) ? notWritable(error) : error;
  } finally {
    session.sqlite.busyMs = busyMs;
  }
}

async function writeLedger(session: Session, found: Ledger): Promise<Ledger> {
  try {
    await session.execute('BEGIN IMMEDIATE');
    const [version] = await session.execute('PRAGMA user_version');
    await session.execute(`PRAGMA user_version = ${version?.rows[0]?.user_version}`);
    const ledger = await ensureSqliteLedger(session, found);
    await session.execute('COMMIT');
    return ledger;
  } catch (error) {
    await session.execute('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

function isLocked(error: unknown): boolean {
  return error instanceof SqlError && isResultCode(error.report.sqlstate, 'BUSY');
}

function notWritable(cause: SqlError): KatError {
  const { sqlstate, message } = cause.report;
  const isBusy = isResultCode(sqlstate, 'BUSY');
  return new KatError('CONNECTION_FAILED', `the database cannot be written: ${message} (${sqlstate})`, {
    help: isBusy
      ? 'Another program keeps the database locked. Run the command again when it has finished. Nothing was changed.'
      : 'Let this user write the file and its folder, and see that the disk has room. Nothing was changed.',
    cause,
  });
}
