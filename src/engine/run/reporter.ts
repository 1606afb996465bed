/** Reports the steps of a run to the listener in order, and remembers the finished ones. */

import type { Notice } from '../../connections/driver.js';
import type { FinishedStep, KatError } from '../../errors.js';
import type { Step } from '../../graph/plan.js';
import type { EventListener } from '../events.js';

export interface Reporter {
  /** In the order in which they ended. */
  readonly finished: FinishedStep[];
  start(step: Step): void;
  notice(step: Step, notice: Notice): void;
  succeed(step: Step, durationMs: number): void;
  fail(step: Step, error: KatError): void;
  /** Strikes steps from the finished ones. */
  takeBack(steps: readonly Pick<Step, 'id' | 'direction'>[]): void;
}

/** @param finished the list that finished steps are added to; several reporters of a run may share one. */
export function createReporter(onEvent: EventListener, finished: FinishedStep[] = []): Reporter {
  let current: string | undefined;
  const start = ({ id, direction }: Step) => {
    if (current === id) return;
    current = id;
    onEvent({ type: 'started', id, direction });
  };
  return {
    finished,
    start,
    notice: ({ id, direction }, notice) => onEvent({ type: 'notice', id, direction, notice }),
    succeed: (step, durationMs) => {
      const { id, direction } = step;
      start(step);
      current = undefined;
      finished.push({ id, direction, durationMs });
      onEvent({ type: 'succeeded', id, direction, durationMs });
    },
    takeBack: (steps) => {
      const isGone = (done: FinishedStep) =>
        steps.some(({ id, direction }) => id === done.id && direction === done.direction);
      finished.splice(0, finished.length, ...finished.filter((done) => !isGone(done)));
    },
    fail: (step, error) => {
      start(step);
      onEvent({ type: 'failed', id: step.id, direction: step.direction, error });
    },
  };
}
