/** Passes an abort on to the server. */

import type { Session } from '../../connections/driver.js';
import { KatError, SqlError } from '../../errors.js';

const repeatMs = 500;

/**
 * Does work that an abort of `signal` is to end: what the session runs is then cancelled again and again until the work
 * is over, as a request that comes between two statements stops nothing.
 * @param when it ended, for the message.
 * @param place holds the session, which may be replaced on the way.
 * @throws KatError CANCELLED instead of the server's error, when that came of it; a migration's own error stays.
 */
export async function cancellable<T>(
  place: { readonly session: Session },
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
  when = 'before any migration began',
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const cancel = () => void place.session.cancel();
  const begin = () => {
    cancel();
    timer = setInterval(cancel, repeatMs);
  };
  signal?.addEventListener('abort', begin, { once: true });
  // A signal that was aborted before tells no listener.
  if (signal?.aborted) begin();
  try {
    return await work();
  } catch (error) {
    throw signal?.aborted && isCancellation(error) ? cancelledAt(when, error) : error;
  } finally {
    signal?.removeEventListener('abort', begin);
    clearInterval(timer);
  }
}

/** Whether it is the error of a statement that was cancelled. */
export function isCancellation(error: unknown): boolean {
  return error instanceof SqlError && ['57014', 'SQLITE_INTERRUPT'].includes(error.report.sqlstate);
}

/**
 * Gives every failure of the work after an abort the same words, whichever of its parts failed.
 * @param work changes nothing that stays.
 * @throws KatError CANCELLED; what the work throws.
 */
export async function cancelledWhile<T>(
  what: string,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw signal?.aborted ? cancelledAt(`while ${what}`, error) : error;
  }
}

function cancelledAt(when: string, cause: unknown): KatError {
  return new KatError('CANCELLED', `cancelled ${when}`, {
    help: 'Run the command again to start over. Nothing was changed.',
    cause,
  });
}
