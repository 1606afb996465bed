/** Waits for what must come, without guessing how long it takes. */

import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again and again until the answer is neither false nor undefined, and gives it; the test's own time limit ends it. */
export async function until<T>(
  ask: () => Promise<T | false | undefined> | T | false | undefined,
): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer !== false && answer !== undefined) return answer;
    await sleep(10);
  }
}
