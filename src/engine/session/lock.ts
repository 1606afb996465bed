/**
 * One runner at a time: advisory locks that are polled, never waited for. Waiting inside `pg_advisory_lock` while
 * another runner builds an index concurrently is a deadlock (40P01), because that build waits for our snapshot.
 */

import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Driver, Session } from '../../connections/driver.js';
import { KatError } from '../../errors.js';
import type { ServerSession } from '../events.js';
import type { Ledger } from '../ledger/ledger.js';
import { claim } from '../ledger/proof.js';
import { formatTableName, type TableName } from '../ledger/table-name.js';
import { openWithRetries, type RetryPolicy, type ShortSessionOptions, shortRetries } from './connect.js';
import { type Deadline, startDeadline } from './deadline.js';
import { lockTaken } from './lock-taken.js';
import { formatLabel, type LabelledWork } from './run-label.js';
import { findSessions } from './server-sessions.js';
import { formatSession } from './session-text.js';

/** How the connection for the lock is opened. */
interface OpenOptions extends ShortSessionOptions {
  /** Default a few tries. */
  reach?: RetryPolicy | undefined;
}

export interface LockOptions extends OpenOptions {
  /** How long to wait for another runner, in milliseconds. */
  waitMs: number;
  /** The result of `openLockSession`, if it was called ahead. */
  session: Promise<Session> | undefined;
}

/** Holds the runner's lock. */
export interface RunnerLock {
  /** The connection that holds it, which may be asked about other sessions; none where there is only one. */
  readonly session: Session | undefined;
  /**
   * Expressions after which the working session has our lock, and if it is Kat's own no other session-level lock. They fail if another
   * run has taken ours.
   */
  readonly renewal: string;
  /** Only of a lease: as of the ledger. */
  readonly fence?: string;
  /** Only of a lease: each one that is taken has a higher number. */
  readonly token?: string;
  /** SQLite: tells other processes what the run works on; PostgreSQL's are told by the label of each message. */
  announce?(work: LabelledWork): void;
  /** Never throws. */
  release(): Promise<void>;
}

/**
 * Starts to open the connection that will hold the lock, so that other work can run meanwhile.
 * @returns undefined where only one session exists. A failure reaches the caller that awaits it.
 */
export function openLockSession(
  driver: Driver,
  { onEvent, signal, reach = shortRetries }: OpenOptions,
): Promise<Session> | undefined {
  if (!driver.hasManySessions) return undefined;
  const opening = openWithRetries(driver, 'kat (lock)', { ...reach, onEvent, signal });
  opening.catch(() => undefined);
  return opening;
}

/**
 * Takes the lock of this tracking table on a connection of its own where the driver has one to give, and a second
 * one on the working session, so that the orphaned backend of a killed runner is waited for.
 * @throws KatError LOCKED when another runner still holds it after `waitMs`; CANCELLED.
 */
export async function takeRunnerLock(
  driver: Driver,
  work: Session,
  table: Ledger['name'],
  options: LockOptions,
): Promise<RunnerLock> {
  const deadline = startDeadline(options.waitMs);
  const workKey = lockKey(table, 'work');
  const opened = await (options.session ?? openLockSession(driver, options));
  const session = opened && withLabel(opened);
  const why = session ? undefined : driver.whyOneSession?.();
  if (why !== undefined) options.onEvent({ type: 'warning', message: why });
  const release = async () => {
    // The lock ends with our session, and a request on a silent session would never be answered.
    if (work.isBorrowed) {
      await work.execute(`SELECT pg_catalog.pg_advisory_unlock(${workKey})`).catch(() => undefined);
    }
    await session?.close();
  };
  try {
    const [place, patience] = [{ name: table }, { ...options, deadline }];
    if (session) await pollLock(session, () => tryTransactionLock(session, table), place, patience);
    await pollLock(work, () => trySessionLock(work, table), place, patience);
  } catch (error) {
    await release();
    throw error;
  }
  return { session, renewal: renewLock(work, workKey, ''), release };
}

/**
 * Lets further sessions of the same run hold the second lock beside the working session, by `joinRunnerLock`. The next runner still
 * has to wait for all of them, as it needs that lock alone. The first lock keeps it away meanwhile.
 * @throws what the session throws.
 */
export async function shareRunnerLock(
  lock: RunnerLock,
  work: Session,
  table: TableName,
): Promise<RunnerLock> {
  const key = lockKey(table, 'work');
  await work.execute(`SELECT pg_catalog.pg_try_advisory_lock_shared(${key});
SELECT pg_catalog.pg_advisory_unlock(${key})`);
  const shared = holdShared(lock, work, key);
  const release = async () => {
    await shared.release();
    await lock.session?.close();
  };
  return { ...shared, release };
}

/**
 * Takes the shared lock on one more session of the run.
 * @throws KatError LOCKED when another runner has it, which it cannot as long as the run holds the first lock.
 */
export async function joinRunnerLock(lock: RunnerLock, work: Session, table: TableName): Promise<RunnerLock> {
  const key = lockKey(table, 'work');
  const [result] = await work.execute(`SELECT pg_catalog.pg_try_advisory_lock_shared(${key}) AS is_taken`);
  if (result?.rows[0]?.is_taken !== 't') throw lockedError(work, undefined, 0);
  return holdShared(lock, work, key);
}

function holdShared({ session }: RunnerLock, work: Session, key: string): RunnerLock {
  const release = async () => {
    if (!work.isBorrowed) return;
    await work.execute(`SELECT pg_catalog.pg_advisory_unlock_shared(${key})`).catch(() => undefined);
  };
  return { session, renewal: renewLock(work, key, '_shared'), release };
}

/**
 * The lock of the transaction holds the place while that of the session is given back and taken again, as PostgreSQL counts both
 * apart (https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS). So there is no moment without a lock, unless
 * the migration has released it.
 */
function renewLock({ isBorrowed }: Session, key: string, suffix: '' | '_shared'): string {
  return [
    `pg_catalog.pg_try_advisory_xact_lock${suffix}(${key})`,
    isBorrowed ? `pg_catalog.pg_advisory_unlock${suffix}(${key})` : 'pg_catalog.pg_advisory_unlock_all()',
    claim(`pg_catalog.pg_try_advisory_lock${suffix}(${key})`, lockTaken),
  ].join(', ');
}

/** Whatever it runs last is what others see of it. */
export function withLabel(session: Session): Session {
  const label = `${formatLabel()} `;
  return { ...session, execute: (sql, onNotice) => session.execute([label, sql].flat(), onNotice) };
}

/**
 * Terminates those of these sessions that hold the lock and wait for a lost client: otherwise they would keep the lock.
 * A session that still runs a statement may finish it.
 */
export async function endAbandoned(
  session: Session,
  table: Ledger['name'],
  processIds: readonly (number | undefined)[],
): Promise<void> {
  for (const { processId, state } of await findLockHolders(session, { name: table })) {
    if (!processIds.includes(processId) || !state?.startsWith('idle')) continue;
    await session.execute(`SELECT pg_catalog.pg_terminate_backend(${processId})`);
  }
}

/** A tracking table, and whether there are leases beside it. */
export type LockPlace = Pick<Ledger, 'name' | 'hasLease'>;

/** The sessions that hold either lock of this tracking table, without the own session. */
export async function findLockHolders(session: Session, place: LockPlace): Promise<ServerSession[]> {
  if (session.sqlite) return (await import('./sqlite/find-runner.js')).findSqliteRunner(session.sqlite);
  const find = () => findHolders(session, place.name, ['runner', 'work']);
  const holders = place.hasLease ? await withLease(session, place, find) : await find();
  return holders.map((holder) => withSharedWork(holder, holders));
}

async function withLease(session: Session, place: LockPlace, find: () => Promise<ServerSession[]>) {
  return (await import('./lease/find-lease-holder.js')).findWithLease(session, place, find);
}

/** Those of them that execute migrations. */
export function findWorkers(session: Session, place: LockPlace): Promise<ServerSession[]> {
  const find = () => findHolders(session, place.name, ['work']);
  return place.hasLease ? withLease(session, place, find) : find();
}

function findHolders(
  session: Session,
  table: TableName,
  purposes: readonly LockPurpose[],
): Promise<ServerSession[]> {
  const keys = purposes.map((purpose) => lockKey(table, purpose)).join(', ');
  return findSessions(
    session,
    `SELECT l.pid FROM pg_catalog.pg_locks l
     WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND l.pid <> pg_catalog.pg_backend_pid()
       AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
       AND (l.classid::bigint << 32 | l.objid::bigint) IN (${keys})`,
  );
}

/** The session that holds the lock says who runs it, the one beside it also what. */
function withSharedWork(holder: ServerSession, holders: readonly ServerSession[]): ServerSession {
  const { work } = holder;
  const detailed = holders.find(
    ({ work: other }) =>
      other?.migration !== undefined && other.client === work?.client && other.clientPid === work.clientPid,
  );
  return detailed?.work ? { ...holder, work: detailed.work } : holder;
}

type LockPurpose = 'runner' | 'work';

/** The key of an advisory lock, as SQL. These are per database already; the key adds schema and table. */
export function lockKey(table: TableName, purpose: LockPurpose): string {
  const digest = createHash('sha256')
    .update(`kat ${purpose} ${formatTableName(table)}`)
    .digest();
  return digest.readBigInt64BE().toString();
}

/**
 * In an open READ COMMITTED transaction, by the simple protocol: it holds no snapshot, so it does not block
 * CREATE INDEX CONCURRENTLY.
 */
async function tryTransactionLock(session: Session, table: TableName): Promise<boolean> {
  const timeouts = ['idle_in_transaction_session_timeout'];
  if (session.server.versionNumber >= 170000) timeouts.push('transaction_timeout');
  const results = await session.execute(
    [
      'BEGIN ISOLATION LEVEL READ COMMITTED',
      ...timeouts.map((name) => `SET LOCAL ${name} = 0`),
      // Queries of other sessions must not wait for a migration that has locked a catalogue.
      'SET LOCAL lock_timeout = 900',
      `SELECT pg_catalog.pg_try_advisory_xact_lock(${lockKey(table, 'runner')}) AS is_taken`,
    ].join('; '),
  );
  const isTaken = results.at(-1)?.rows[0]?.is_taken === 't';
  if (!isTaken) await session.execute('ROLLBACK');
  return isTaken;
}

async function trySessionLock(session: Session, table: TableName): Promise<boolean> {
  const [result] = await session.execute(
    `SELECT pg_catalog.pg_try_advisory_lock(${lockKey(table, 'work')}) AS is_taken`,
  );
  return result?.rows[0]?.is_taken === 't';
}

/** Interval of the repeated wait message; a new holder is reported at once. */
const reminderMs = 10_000;

/** Polls until the lock is taken. @throws KatError LOCKED after `waitMs`; CANCELLED. */
export async function pollLock(
  session: Session,
  attempt: () => Promise<boolean>,
  place: LockPlace,
  { waitMs, deadline, onEvent, signal }: LockOptions & { deadline: Deadline },
): Promise<void> {
  const startedAt = performance.now();
  let told = { processId: 0, at: 0 };
  while (!(await attempt())) {
    const [holder] = await findLockHolders(session, place);
    const now = performance.now();
    if (deadline.remainingMs() <= 0) throw lockedError(session, holder, waitMs);
    const processId = holder?.processId ?? 0;
    if (told.processId !== processId || now - told.at >= reminderMs) {
      onEvent({ type: 'waiting-for-lock', holder, waitedMs: Math.round(now - startedAt) });
      told = { processId, at: now };
    }
    await sleep(Math.min(100 + Math.random() * 400, Math.max(deadline.remainingMs(), 1)));
    if (signal?.aborted) throw new KatError('CANCELLED', 'cancelled while waiting for another runner');
  }
}

function wayToEnd(holder: ServerSession | undefined): string {
  return holder?.lease
    ? 'A run that has ended without giving its lease back loses it at this time. `kat unlock` takes it at once. '
    : '`kat unlock` terminates the other run. ';
}

function lockedError({ sqlite }: Session, holder: ServerSession | undefined, waitedMs: number): KatError {
  const who = holder ? formatSession(holder) : 'a session that has just released it';
  return new KatError('LOCKED', `another runner still holds the lock after ${waitedMs / 1000} s: ${who}`, {
    help: `Run the command again when the other run has finished, or wait longer with \`--lock-wait\`. ${sqlite ? '' : wayToEnd(holder)}Nothing was changed.`,
  });
}
