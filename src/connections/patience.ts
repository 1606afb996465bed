/** Waits for what the caller of the library may never give: a client of its pool, or its PGlite database. */

import { type ConnectionError, KatError } from '../errors.js';

const pollMs = 100;
/** The limit while only the caller has what is waited for. */
const hopelessMs = 5_000;
/** The limit while another call of Kat has it, which will end. */
const patientMs = 60_000;

export interface Patience {
  /** Whether another call of Kat has what is waited for; default no. */
  isHopeful?(): boolean;
  signal: AbortSignal | undefined;
  /** For the message: `cancelled while waiting for …`. */
  what: string;
  /** The error when the time is over. */
  failure(waitedMs: number): ConnectionError;
}

/**
 * Time in which this thread is busy does not count: what occupies it may be what is waited for.
 * @returns what `pending` becomes; it is not cancelled when this gives up.
 * @throws what `failure` makes; KatError CANCELLED; what `pending` throws.
 */
export async function withPatience<T>(pending: Promise<T>, patience: Patience): Promise<T> {
  const { failure, stop } = outOfPatience(patience);
  try {
    return await Promise.race([pending, failure]);
  } finally {
    stop();
  }
}

function outOfPatience({ isHopeful = () => false, signal, what, failure }: Patience) {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_resolve, reject) => {
    let [waitedMs, hopelessForMs] = [0, 0];
    timer = setInterval(() => {
      waitedMs += pollMs;
      hopelessForMs = isHopeful() ? 0 : hopelessForMs + pollMs;
      if (signal?.aborted) reject(new KatError('CANCELLED', `cancelled while waiting for ${what}`));
      else if (hopelessForMs >= hopelessMs || waitedMs >= patientMs) reject(failure(waitedMs));
    }, pollMs);
  });
  return { failure: over, stop: () => clearInterval(timer) };
}
