/**
 * One runner at a time: advisory locks that are polled, never waited for. Waiting inside `pg_advisory_lock` while
 * another runner builds an index concurrently is a deadlock (40P01), because that build waits for our snapshot.
 */

import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Driver, Session } from '../drivers/driver.js';
import { KatError } from '../errors.js';
import type { EventListener, LockHolder } from './events.js';
import { formatTableName, type TableName } from './table-name.js';

export interface LockOptions {
  /** How long to wait for another runner, in milliseconds. */
  waitMs: number;
  onEvent: EventListener;
  signal: AbortSignal | undefined;
}

/** Holds the runner's lock; `release` never throws. */
export interface RunnerLock {
  release(): Promise<void>;
}

/**
 * Takes the lock of this tracking table on a connection of its own where the driver has one to give, and a second
 * one on the working session, so that the orphaned backend of a killed runner is waited for.
 * @throws KatError LOCKED when another runner still holds it after `waitMs`.
 */
export async function takeRunnerLock(
  driver: Driver,
  work: Session,
  table: TableName,
  options: LockOptions,
): Promise<RunnerLock> {
  const deadline = Date.now() + options.waitMs;
  const lockSession = driver.hasManySessions ? await driver.open('kat (lock)') : undefined;
  const release = async () => {
    await work.execute(`SELECT pg_catalog.pg_advisory_unlock(${lockKey(table, 'work')})`).catch(() => undefined);
    await lockSession?.close();
  };
  try {
    if (lockSession) await poll(lockSession, () => tryTransactionLock(lockSession, table), table, deadline, options);
    await poll(work, () => trySessionLock(work, table), table, deadline, options);
  } catch (error) {
    await release();
    throw error;
  }
  return { release };
}

/** Advisory locks are per database already; the key adds schema and table. */
function lockKey(table: TableName, purpose: 'runner' | 'work'): string {
  const digest = createHash('sha256').update(`kat ${purpose} ${formatTableName(table)}`).digest();
  return digest.readBigInt64BE().toString();
}

/**
 * In an open READ COMMITTED transaction, by the simple protocol: it holds no snapshot, so it does not block
 * CREATE INDEX CONCURRENTLY, and a transaction-pooling proxy cannot part us from it.
 */
async function tryTransactionLock(session: Session, table: TableName): Promise<boolean> {
  const timeouts = ['idle_in_transaction_session_timeout'];
  if (session.server.versionNumber >= 170000) timeouts.push('transaction_timeout');
  const results = await session.execute(
    [
      'BEGIN',
      ...timeouts.map((name) => `SET LOCAL ${name} = 0`),
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

async function poll(
  session: Session,
  attempt: () => Promise<boolean>,
  table: TableName,
  deadline: number,
  options: LockOptions,
): Promise<void> {
  const started = Date.now();
  while (!(await attempt())) {
    const holder = await findHolder(session, table);
    if (Date.now() >= deadline) throw lockedError(holder, options.waitMs);
    options.onEvent({ type: 'waiting-for-lock', holder, waitedMs: Date.now() - started });
    await sleep(Math.min(100 + Math.random() * 400, Math.max(deadline - Date.now(), 1)));
    if (options.signal?.aborted) throw new KatError('CANCELLED', 'cancelled while waiting for another runner');
  }
}

async function findHolder(session: Session, table: TableName): Promise<LockHolder | undefined> {
  const keys = (['runner', 'work'] as const).map((purpose) => lockKey(table, purpose)).join(', ');
  const [result] = await session.execute(`
    SELECT l.pid, a.application_name, a.usename, coalesce(a.client_hostname, host(a.client_addr)) AS client,
           to_char(a.xact_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS since
    FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a USING (pid)
    WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
      AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
      AND (l.classid::bigint << 32 | l.objid::bigint) IN (${keys})
    ORDER BY a.xact_start LIMIT 1`);
  const row = result?.rows[0];
  if (!row?.pid) return undefined;
  return {
    processId: Number(row.pid),
    ...(row.application_name ? { applicationName: row.application_name } : {}),
    ...(row.usename ? { user: row.usename } : {}),
    ...(row.client ? { client: row.client } : {}),
    ...(row.since ? { since: row.since } : {}),
  };
}

function lockedError(holder: LockHolder | undefined, waitedMs: number): KatError {
  const who = holder ? `process ${formatHolder(holder)}` : 'somebody who has just let go';
  return new KatError('LOCKED', `another runner holds the lock after ${waitedMs / 1000} s: ${who}`, {
    help: 'Wait for it to finish and run the command again; nothing has been changed by this run.',
  });
}

/** One line about who holds the lock. */
export function formatHolder(holder: LockHolder): string {
  const details = [
    holder.applicationName,
    holder.user && `user ${holder.user}`,
    holder.client && `from ${holder.client}`,
    holder.since && `since ${holder.since}`,
  ].filter(Boolean);
  return details.length > 0 ? `${holder.processId} (${details.join(', ')})` : String(holder.processId);
}
