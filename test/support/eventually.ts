/** Waits for something that must happen, without guessing how long it takes. */

import { setTimeout as sleep } from 'node:timers/promises';

/** Far above what the slowest machine needs, and below the time limit of a test. */
const patienceMs = 50_000;

/**
 * Asks again and again until the answer is neither false nor undefined.
 * @param what is awaited, in words for the error.
 * @returns the answer.
 * @throws Error with `what` when it does not happen.
 */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | false | undefined> | T | false | undefined,
): Promise<T> {
  const end = Date.now() + patienceMs;
  for (;;) {
    const answer = await ask();
    if (answer !== false && answer !== undefined) return answer;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await sleep(10);
  }
}
