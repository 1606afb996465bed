/** Asks a program whether a plan may be carried out. */

import { KatError } from '../../errors.js';

/**
 * Nothing but `true` agrees: the word `no` would count as true. An abort ends the wait for an answer.
 * @throws KatError USAGE for an answer that is neither true nor false; CANCELLED; what `confirm` throws.
 */
export async function askToConfirm<P>(
  confirm: (plan: P) => Promise<boolean> | boolean,
  plan: P,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const answer: unknown = await answerOrAbort(async () => confirm(plan), signal);
  if (typeof answer === 'boolean') return answer;
  const kind = answer === null ? 'null' : typeof answer;
  throw new KatError('USAGE', `\`confirm\` must return true or false, not a value of type ${kind}`, {
    help: 'Nothing was changed. Return true to proceed.',
  });
}

async function answerOrAbort<T>(ask: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return ask();
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    // An error of `confirm` that comes of the same abort is told instead.
    stop = () => setImmediate(() => reject(cancelled()));
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
  try {
    return await Promise.race([ask(), aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function cancelled(): KatError {
  return new KatError('CANCELLED', 'cancelled while waiting for the confirmation', {
    help: 'Nothing was changed.',
  });
}
