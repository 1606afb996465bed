/** Opens sessions, trying again while the database says that it may work a little later. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Driver, Session } from '../../connections/driver.js';
import { ConnectionError, KatError, SqlError } from '../../errors.js';
import type { EventListener } from '../events.js';
import { cancellable } from './cancel.js';
import { afterWaiting, type Deadline, noAnswer, startDeadline } from './deadline.js';
import { openTransactionError } from './server-state.js';

/** How long a database that does not take us is tried again. */
export interface RetryPolicy {
  /** How many further tries after the first; left out, the deadline decides. */
  retries?: number;
  /** When the last try must be over. */
  deadline?: Deadline;
  /** Before the first further try, in milliseconds; it doubles each time, and up to half of it is left to chance. */
  delayMs: number;
  /** Its maximum, in milliseconds; default half a minute. */
  maxDelayMs?: number;
  /** Which failures are worth another try. */
  isWorthRetrying(error: ConnectionError): boolean;
}

export interface RetryOptions extends RetryPolicy {
  onEvent: EventListener;
  signal?: AbortSignal | undefined;
}

/** For a server that is there but cannot take us at this moment. */
export const shortRetries: RetryPolicy = {
  retries: 3,
  delayMs: 200,
  isWorthRetrying: (error) => error.isTransient && error.sqlstate !== undefined,
};

/** For a server that may be about to start: tries again for so long, counted from now. */
export function waitForServer(waitMs: number): RetryPolicy {
  return {
    deadline: startDeadline(waitMs),
    delayMs: 100,
    maxDelayMs: 1_000,
    isWorthRetrying: (error) => error.mayAppear,
  };
}

/** Options of a short session for a query. */
export interface ShortSessionOptions {
  onEvent: EventListener;
  signal: AbortSignal | undefined;
}

/** The same driver, whose sessions create no database. */
export function forReading(driver: Driver): Driver {
  return { ...driver, open: driver.openForReading ?? driver.open };
}

/**
 * Opens a session for some work that changes nothing and that an abort may end, and closes it.
 * @throws what opening or the work throws; KatError CANCELLED.
 */
export async function withSession<T>(
  driver: Driver,
  purpose: string,
  options: ShortSessionOptions,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const session = await openReadingSession(driver, purpose, options);
  try {
    return await cancellable({ session }, options.signal, () => work(session), 'while the database was read');
  } finally {
    await session.close();
  }
}

/** Opens a session for work that changes nothing. @throws as `openWithRetries`. */
export function openReadingSession(
  driver: Driver,
  purpose: string,
  options: ShortSessionOptions,
): Promise<Session> {
  options.onEvent({ type: 'connecting', database: driver.description });
  return openWithRetries(forReading(driver), purpose, { ...shortRetries, ...options });
}

/**
 * Opens a session.
 * @throws ConnectionError of the last try; KatError CANCELLED when the signal is aborted first, USAGE on a connection of the
 *   caller's whose transaction has failed.
 */
export async function openWithRetries(
  driver: Driver,
  purpose: string,
  options: RetryOptions,
): Promise<Session> {
  for (let attempt = 1; ; attempt += 1) {
    if (options.signal?.aborted) throw cancelled();
    try {
      return await openInTime(driver, purpose, options);
    } catch (error) {
      if (options.signal?.aborted) throw cancelled();
      if (!isRetryable(error, options)) throw reasonOf(error);
      refuseLastTry(error, options, attempt);
      const retryInMs = backoff(options, attempt);
      options.onEvent({ type: 'connection-failed', error, retryInMs, attempt, ...limitOf(options) });
      await pause(retryInMs, options.signal);
    }
  }
}

/** The minimum time of each attempt, also at the deadline. */
const shortestTryMs = 1_000;

/** A server that takes connections and does not answer must not hold us beyond the deadline. */
async function openInTime(driver: Driver, purpose: string, options: RetryOptions): Promise<Session> {
  const { deadline, signal } = options;
  if (!deadline) return driver.open(purpose, signal);
  const end = AbortSignal.timeout(Math.max(shortestTryMs, Math.ceil(deadline.remainingMs())));
  try {
    return await driver.open(purpose, signal ? AbortSignal.any([signal, end]) : end);
  } catch (error) {
    const isCutOff = end.aborted && !signal?.aborted && error instanceof ConnectionError;
    throw isCutOff ? noAnswer(driver, deadline, error) : error;
  }
}

/** @throws ConnectionError when there is neither time nor number for another try. */
function refuseLastTry(error: ConnectionError, { retries, deadline }: RetryOptions, attempt: number): void {
  if (retries !== undefined && attempt > retries) throw error;
  if (deadline && deadline.remainingMs() <= 0) throw afterWaiting(error, deadline);
}

/** The event data about the end of the attempts. */
function limitOf({ retries, deadline }: RetryOptions): { attempts?: number; remainingMs?: number } {
  if (deadline) return { remainingMs: Math.round(deadline.remainingMs()) };
  return retries === undefined ? {} : { attempts: retries + 1 };
}

/** In a transaction of the caller's that has failed, the first question is refused like any other. */
function reasonOf(error: unknown): unknown {
  const isInFailed = error instanceof SqlError && error.report.sqlstate === '25P02';
  return isInFailed ? openTransactionError(error) : error;
}

function isRetryable(error: unknown, options: RetryOptions): error is ConnectionError {
  return error instanceof ConnectionError && options.isWorthRetrying(error);
}

function backoff({ delayMs, maxDelayMs = 30_000, deadline }: RetryOptions, attempt: number): number {
  const full = Math.min(delayMs * 2 ** (attempt - 1), maxDelayMs);
  const chosen = full * (0.5 + Math.random() / 2);
  return Math.round(Math.min(chosen, Math.max(0, deadline?.remainingMs() ?? chosen)));
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(ms, undefined, signal ? { signal } : {});
  } catch {
    throw cancelled();
  }
}

function cancelled(): KatError {
  return new KatError('CANCELLED', 'cancelled before the database was reached');
}
