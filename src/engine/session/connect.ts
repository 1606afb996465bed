/** Opens sessions, trying again while the database says that it may work a little later. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Driver, Session } from '../../connections/driver.js';
import { ConnectionError, KatError, SqlError } from '../../errors.js';
import type { EventListener } from '../events.js';
import { cancellable } from './cancel.js';
import { openTransactionError } from './server-state.js';

export interface RetryOptions {
  /** How many further tries after the first. */
  retries: number;
  /** Before the first further try, in milliseconds; it doubles each time, and up to half of it is left to chance. */
  delayMs: number;
  /** Which failures are worth another try. */
  isWorthRetrying(error: ConnectionError): boolean;
  onEvent: EventListener;
  signal?: AbortSignal | undefined;
}

const maxDelayMs = 30_000;

/** For a server that is there but cannot take us at this moment. */
export const briefRetries = {
  retries: 3,
  delayMs: 200,
  isWorthRetrying: (error: ConnectionError) => error.isTransient && error.sqlstate !== undefined,
};

/** How a session is opened for a question that is asked and answered. */
export interface BriefOptions {
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
  options: BriefOptions,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const session = await openWithRetries(forReading(driver), purpose, { ...briefRetries, ...options });
  try {
    return await cancellable({ session }, options.signal, () => work(session));
  } finally {
    await session.close();
  }
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
      return await driver.open(purpose, options.signal);
    } catch (error) {
      if (options.signal?.aborted) throw cancelled();
      if (!isRetryable(error, options) || attempt > options.retries) throw reasonOf(error);
      const retryInMs = backoff(options.delayMs, attempt);
      options.onEvent({
        type: 'connection-failed',
        error,
        retryInMs,
        attempt,
        attempts: options.retries + 1,
      });
      await pause(retryInMs, options.signal);
    }
  }
}

/** In a transaction of the caller's that has failed, the first question is refused like any other. */
function reasonOf(error: unknown): unknown {
  const isInFailed = error instanceof SqlError && error.report.sqlstate === '25P02';
  return isInFailed ? openTransactionError(error) : error;
}

function isRetryable(error: unknown, options: RetryOptions): error is ConnectionError {
  return error instanceof ConnectionError && options.isWorthRetrying(error);
}

function backoff(delayMs: number, attempt: number): number {
  const full = Math.min(delayMs * 2 ** (attempt - 1), maxDelayMs);
  return Math.round(full * (0.5 + Math.random() / 2));
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
