/** A run's session, lock and ledger; all can be reopened after a lost connection. */

import type { Driver, Session, SqliteFacts } from '../../connections/driver.js';
import { isConnectionLost, KatError } from '../../errors.js';
import type { EventListener } from '../events.js';
import { ensureLedger } from '../ledger/create-ledger.js';
import { findLedger } from '../ledger/find-ledger.js';
import type { Ledger } from '../ledger/ledger.js';
import { shapeForNew } from '../ledger/ledger-shape.js';
import { formatTableName, type TableName } from '../ledger/table-name.js';
import type { WaitPolicy } from '../policy/waits.js';
import { openWithRetries, type RetryPolicy } from './connect.js';
import { mayFlushLater } from './late-flush.js';
import type { LeaseRequest } from './lease/take-lease.js';
import { endAbandoned, type LockOptions, type RunnerLock, takeRunnerLock } from './lock.js';
import { findOtherCode } from './other-code.js';
import { refuseTransactionPooler } from './pooler.js';
import { findCapabilities } from './server-promises.js';
import { ensureWritable, refuseOpenTransaction } from './server-state.js';
import { findSessionReset, type SessionReset } from './session-reset.js';
import { warnOfMissingStandby } from './standbys.js';

export interface LockedSessionSetting {
  driver: Driver;
  /** The migrations folder. */
  directory: string;
  /** As configured, or the table that an earlier session has found. */
  tableName: string | TableName;
  lockWaitMs: number;
  /** How the first sessions are opened; left out, a server must be there. */
  reach?: RetryPolicy;
  onEvent: EventListener;
  signal: AbortSignal | undefined;
  /** How long a lease lasts that nobody renews, where the server has no advisory locks; half a minute if left out. */
  leaseMs?: number | undefined;
  /** Of the lease that lost connections of the same run had. */
  formerToken?: string | undefined;
  /** How long other programs that keep a SQLite file locked are waited for; left out, as by default. */
  waits?: Pick<WaitPolicy, 'lockTimeoutMs' | 'retryForMs'>;
  /** Nothing may stay behind, so the tables are not created where they are missing. */
  isRehearsal?: boolean;
  /** The database is Kat's own, so no lease is needed, which takes a second session. */
  isThrowaway?: boolean;
}

export interface LockedSession {
  session: Session;
  /** The server's process id of the session. */
  backendPid: number;
  lock: RunnerLock;
  ledger: Ledger;
  sessionReset: SessionReset;
  /** Whether commits may be written to disk later than they are answered. */
  mayFlushLater: boolean;
  /** As `findOtherCode`. */
  runsOtherCode: boolean;
  /** All sessions of the run with this one, if there are several. */
  team?: readonly LockedSession[];
}

/** The server's process ids of all sessions that work for the run. */
export function runPidsOf(lockedSession: LockedSession): ReadonlySet<number> {
  return new Set((lockedSession.team ?? [lockedSession]).map(({ backendPid }) => backendPid));
}

/**
 * Takes the lock, and creates the tracking table and its log where they are missing.
 * @param session stays the caller's to close until the lockedSession is open.
 * @param lockSession what `openLockSession` returned, where it was called ahead; it becomes the lockedSession's.
 * @throws KatError when the database takes no changes, or another runner keeps the lock.
 */
export async function openLockedSession(
  setting: LockedSessionSetting,
  session: Session,
  lockSession?: Promise<Session>,
): Promise<LockedSession> {
  if (isOfSqlite(session))
    return (await import('./sqlite/sqlite-locked-session.js')).openSqliteLockedSession(setting, session);
  await refuseOpenTransaction(session);
  const finding = findLedger(session, setting.tableName);
  // What the server is comes first: another kind may not even have the catalogs that the ledger is looked up in.
  finding.catch(() => undefined);
  const { backendPid, version } = await ensureWritable(session);
  const driver = await refuseTransactionPooler(setting.driver, session, backendPid);
  const capabilities = await findCapabilities({ driver, session, version, onEvent: setting.onEvent });
  if (capabilities) session.capabilities = capabilities;
  const { name } = await finding;
  const options = {
    waitMs: setting.lockWaitMs,
    reach: setting.reach,
    onEvent: setting.onEvent,
    signal: setting.signal,
    session: driver === setting.driver ? lockSession : undefined,
  };
  const lock =
    capabilities?.lock === 'lease'
      ? await takeLease(setting, { driver, backendPid, ledger: await finding, capabilities }, options)
      : await takeRunnerLock(driver, session, name, options);
  try {
    const [found, sessionReset, mayFlush, runsOtherCode] = await Promise.all([
      findLedger(session, setting.tableName),
      findSessionReset(session, lock),
      mayFlushLater(session),
      finding.then((ledger) => findOtherCode(session, ledger)),
      capabilities ? undefined : warnOfMissingStandby(session, setting.onEvent),
    ]);
    refuseOtherName(name, found.name);
    const ledger = setting.isRehearsal
      ? found
      : await ensureLedger(session, found, () => shapeForNew(setting.directory));
    return {
      ...{ session, backendPid, lock, sessionReset, runsOtherCode },
      ledger: lock.fence === undefined ? ledger : { ...ledger, fence: lock.fence },
      mayFlushLater: mayFlush && lock.fence === undefined,
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function takeLease(
  { leaseMs, formerToken, isRehearsal, isThrowaway }: LockedSessionSetting,
  place: Omit<LeaseRequest, 'lifeMs' | 'formerToken'>,
  options: LockOptions,
): Promise<RunnerLock> {
  // Its table would stay behind. What is rolled back harms no other run.
  if (isThrowaway || (isRehearsal && !place.ledger.hasLease)) return noLock;
  const lease = await import('./lease/take-lease.js');
  return lease.takeLease({ ...place, lifeMs: leaseMs, formerToken }, options);
}

const noLock: RunnerLock = { session: undefined, renewal: 'NULL', release: async () => undefined };

function isOfSqlite(session: Session): session is Session & { sqlite: SqliteFacts } {
  return session.sqlite !== undefined;
}

/**
 * The lock goes by the name of the table, so the table must be the one that was found before the lock was taken.
 * @throws KatError LEDGER_MISMATCH
 */
function refuseOtherName(locked: Ledger['name'], found: Ledger['name']): void {
  const [before, now] = [formatTableName(locked), formatTableName(found)];
  if (before === now) return;
  throw new KatError(
    'LEDGER_MISMATCH',
    `the tracking table is ${now} now, but it was ${before} a moment ago`,
    {
      help: 'Run the command again after the table and the search path have stopped changing. Nothing was changed.',
    },
  );
}

/** How often a lost connection is tried again: for about half a minute, if each try is answered at once. */
const reconnectRetries = 7;

/**
 * Replaces what a lost connection took with it. The old backend may still be at work; its lock is waited for, so that
 * afterwards the ledger tells how everything ended.
 * @param others the server's process ids of further sessions of the run, which have ended too.
 * @throws KatError when the database cannot be reached, or the lock not be had.
 */
export async function reopenLockedSession(
  setting: LockedSessionSetting,
  lockedSession: LockedSession,
  others: readonly number[] = [],
): Promise<void> {
  const lost = [lockedSession.backendPid, lockedSession.lock.session?.processId, ...others];
  await closeLockedSession(lockedSession);
  // A server that crashes may take one more connection before it notices that it has crashed.
  for (let attempt = 1; ; attempt += 1) {
    const session = await openWithRetries(setting.driver, 'kat (recovery)', {
      retries: reconnectRetries,
      delayMs: 250,
      isWorthRetrying: (error) => error.isTransient,
      onEvent: setting.onEvent,
    });
    try {
      Object.assign(lockedSession, await lockAgain(setting, { session, former: lockedSession, lost }));
      return;
    } catch (error) {
      await session.close();
      if (attempt === maxReopenings || !isConnectionLost(error)) throw error;
    }
  }
}

const maxReopenings = 3;

async function lockAgain(
  setting: LockedSessionSetting,
  {
    session,
    former,
    lost,
  }: { session: Session; former: LockedSession; lost: Parameters<typeof endAbandoned>[2] },
): Promise<LockedSession> {
  const formerToken = former.lock.token;
  // What an old session of a lease still sends is fenced.
  if (formerToken === undefined) await endAbandoned(session, former.ledger.name, lost);
  // A migration of this run may have changed the search path of new sessions.
  const tableName = former.ledger.name;
  return openLockedSession({ ...setting, tableName, formerToken }, session);
}

/** Gives a session that the caller owns back as it was found. Never throws. */
export async function closeLockedSession({ lock, session, sessionReset }: LockedSession): Promise<void> {
  if (session.isBorrowed) {
    await session
      .execute([...sessionReset.restoreRole, ...sessionReset.clean].join(';\n'))
      .catch(() => undefined);
  }
  // What a session of ours holds ends with it, so neither waits for the other.
  await Promise.all([lock.release(), session.isBorrowed ? undefined : session.close()]);
  await session.close();
}
