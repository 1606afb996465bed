/** The deadline of a wait for a server, and the error after it. */

import type { Driver } from '../../connections/driver.js';
import { ConnectionError } from '../../errors.js';
import { present } from '../../present.js';

export interface Deadline {
  /** The granted time, in milliseconds. */
  readonly waitMs: number;
  /** The remaining time, in milliseconds; below zero after the end. */
  remainingMs(): number;
}

/** Starts now, on a monotonic clock. */
export function startDeadline(waitMs: number): Deadline {
  const end = performance.now() + waitMs;
  return { waitMs, remainingMs: () => end - performance.now() };
}

/** The last failure, with the time that it took to give up. */
export function afterWaiting(error: ConnectionError, { waitMs }: Deadline): ConnectionError {
  return new ConnectionError(`${error.message}, after a wait of ${waitMs / 1000} s`, {
    ...present({ help: error.help }),
    cause: error,
    isTransient: error.isTransient,
    mayAppear: error.mayAppear,
    sqlstate: error.sqlstate,
  });
}

/** For a try that was still under way when the time was over. */
export function noAnswer({ description }: Driver, { waitMs }: Deadline, cause: unknown): ConnectionError {
  return new ConnectionError(`could not connect to ${description}: no answer within ${waitMs / 1000} s`, {
    help: 'Check that a PostgreSQL server listens there, or wait longer with `--wait`.',
    cause,
    isTransient: false,
  });
}
