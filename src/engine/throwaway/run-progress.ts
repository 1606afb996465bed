/** Says how far a run on a throwaway database is: its own events are of no interest to the user. */

import type { EventListener } from '../events.js';

/** @returns a listener for one run, which passes on an event for each of several migrations. */
export function progressOfRun(onEvent: EventListener): EventListener {
  let [done, total] = [0, 0];
  return (event) => {
    if (event.type === 'planned') [done, total] = [0, event.plan.steps.length];
    if (event.type !== 'started') return;
    done += 1;
    const verb = event.direction === 'up' ? 'apply' : 'roll back';
    if (total > 1) onEvent({ type: 'progress', task: `${verb} ${event.id}`, done, total });
  };
}
