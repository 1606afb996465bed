/** Predicts how a run with several sessions goes: which session runs which step, and what the run must wait for. */

import { chainsBehind, childrenOf, createReadyQueue, type QueuedSteps } from './ready-queue.js';

/** A step in a lane. */
interface ScheduledStep {
  step: number;
  /** In the unit of the durations, from the beginning of the run. */
  startsAt: number;
}

export interface Schedule {
  /** The steps of each session, in order; sessions without a step are left out. */
  lanes: readonly (readonly ScheduledStep[])[];
  /** When the last step ends. */
  length: number;
}

/** Whether two steps may run at the same time. */
export type MayRunTogether = (one: number, other: number) => boolean;

/** @param sessions how many steps may run at the same time. */
export function simulateRun(
  steps: QueuedSteps,
  { sessions, mayRunTogether }: { sessions: number; mayRunTogether: MayRunTogether },
): Schedule {
  const queue = createReadyQueue(steps);
  const lanes: ScheduledStep[][] = [];
  const running = new Map<number, { lane: number; endsAt: number }>();
  let now = 0;
  const freeLane = () => {
    const busy = new Set([...running.values()].map(({ lane }) => lane));
    return lanes.findIndex((_, lane) => !busy.has(lane));
  };
  const start = (step: number) => {
    const free = freeLane();
    const lane = free < 0 ? lanes.push([]) - 1 : free;
    lanes[lane]?.push({ step, startsAt: now });
    running.set(step, { lane, endsAt: now + (steps.durations[step] as number) });
  };
  for (;;) {
    while (running.size < sessions) {
      const next = queue.take((step) => [...running.keys()].every((other) => mayRunTogether(step, other)));
      if (next === undefined) break;
      start(next);
    }
    if (running.size === 0) return { lanes, length: now };
    now = Math.min(...[...running.values()].map(({ endsAt }) => endsAt));
    for (const [step, { endsAt }] of [...running]) {
      if (endsAt > now) continue;
      running.delete(step);
      queue.finish(step);
    }
  }
}

/** The longest chain of steps, each a parent of the next; no number of sessions makes the run shorter than it. */
export function criticalPath(steps: QueuedSteps): number[] {
  const { parents } = steps;
  const [tails, children] = [chainsBehind(steps), childrenOf(parents)];
  const path: number[] = [];
  let candidates = [...parents.keys()].filter((step) => parents[step]?.length === 0);
  while (candidates.length > 0) {
    const longest = candidates.reduce((best, one) =>
      (tails[one] as number) > (tails[best] as number) ? one : best,
    );
    path.push(longest);
    candidates = children[longest] as number[];
  }
  return path;
}
