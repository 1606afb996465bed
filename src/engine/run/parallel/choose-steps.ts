/** Chooses what a free session runs next: one step, or several small ones that it sends behind each other. */

import type { ReadyQueue } from '../../../graph/ready-queue.js';
import type { RunRules } from '../../schedule/run-rules.js';

export interface Choice {
  queue: ReadyQueue;
  /** Undefined where there is one session, so that nothing can meet. */
  rules: RunRules | undefined;
  /** The steps that other sessions have taken. */
  taken: readonly number[];
  /** How many sessions there are. */
  sessions: number;
  /** Whether the step runs in one transaction. */
  isTransaction(step: number): boolean;
}

/** Enough to hide the network; few enough that no session takes all. */
const mostSteps = 32;

/** @returns the steps in the order in which they are to be sent; none where nothing may run now. */
export function chooseSteps(choice: Choice): number[] {
  const { queue, rules, sessions } = choice;
  const isFree = freeBeside(choice);
  const first = queue.take(isFree);
  if (first === undefined) return [];
  if (!isSmall(choice, first)) return [first];
  const isAlone = (step: number) => rules?.isAlone(step) === true;
  const goesAlong = (step: number) =>
    isSmall(choice, step) && isAlone(step) === isAlone(first) && isFree(step);
  const most = Math.min(mostSteps, Math.ceil((queue.readyCount() + 1) / sessions));
  const chosen = [first];
  while (chosen.length < mostSteps) {
    const next =
      queue.takeBehind(chosen, goesAlong) ?? (chosen.length < most ? queue.take(goesAlong) : undefined);
    if (next === undefined) break;
    chosen.push(next);
  }
  return chosen;
}

function freeBeside({ rules, taken }: Choice): (step: number) => boolean {
  return (step) => !rules || taken.every((other) => rules.mayRunTogether(step, other));
}

/** Whether it neither runs statement by statement nor is expected to take long. */
function isSmall({ rules, isTransaction }: Choice, step: number): boolean {
  return isTransaction(step) && rules?.isLong(step) !== true;
}
