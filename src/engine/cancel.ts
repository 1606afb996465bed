/** Passes an abort on to the server. */

import type { Session } from '../drivers/driver.js';

const repeatMs = 500;

/**
 * Cancels what the working session runs when the signal is aborted, again and again until that is over: a request that
 * comes between two statements stops nothing.
 * @param place holds the session, which may be replaced on the way.
 * @returns what ends the watching.
 */
export function cancelWhenAborted(
  place: { readonly session: Session },
  signal: AbortSignal | undefined,
): () => void {
  let timer: NodeJS.Timeout | undefined;
  const cancel = () => void place.session.cancel();
  const begin = () => {
    cancel();
    timer = setInterval(cancel, repeatMs);
  };
  signal?.addEventListener('abort', begin, { once: true });
  return () => {
    signal?.removeEventListener('abort', begin);
    clearInterval(timer);
  };
}
