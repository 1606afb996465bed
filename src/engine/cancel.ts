/** Passes an abort on to the server. */

import type { Workplace } from './workplace.js';

const repeatMs = 500;

/**
 * Cancels what the working session runs when the signal is aborted, again and again until that is over: a request that
 * comes between two statements stops nothing.
 * @returns what ends the watching.
 */
export function cancelWhenAborted(workplace: Workplace, signal: AbortSignal | undefined): () => void {
  let timer: NodeJS.Timeout | undefined;
  const cancel = () => void workplace.session.cancel();
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
