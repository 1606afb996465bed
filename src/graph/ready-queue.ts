/** A queue of steps that gives out those whose parents are done, the one with the longest chain behind it first. */

/** The steps of a run as numbers, in the order of the plan. */
export interface QueuedSteps {
  /** Of each step, the parents among the steps; all of them smaller. */
  parents: readonly (readonly number[])[];
  /** How long each step takes, in any unit. */
  durations: readonly number[];
}

export interface ReadyQueue {
  /** Takes the first ready step that `isAllowed` accepts out of the queue; it looks at no more than 256. */
  take(isAllowed: (step: number) => boolean): number | undefined;
  /** Takes the first child of the last of these steps that is ready once all of them are done. */
  takeBehind(taken: readonly number[], isAllowed: (step: number) => boolean): number | undefined;
  /** Gives back a step that was taken out and did not begin. */
  putBack(step: number): void;
  /** Records the end of a step, so that its children become ready. */
  finish(step: number): void;
  /** Takes a step and all that descend from it out for good. @returns the descendants. */
  holdBack(step: number): number[];
  /** The steps that are not taken out. */
  waiting(): number[];
  /** How many are ready. */
  readyCount(): number;
}

/** Where thousands of steps wait for one, each look at all of them would take long. */
const mostLookedAt = 256;

export function createReadyQueue(steps: QueuedSteps): ReadyQueue {
  const { parents } = steps;
  const children = childrenOf(parents);
  const tails = chainsBehind(steps);
  const finished = new Set<number>();
  const waiting = new Set(parents.keys());
  const before = (a: number, b: number) => (tails[b] as number) - (tails[a] as number) || a - b;
  const isReady = (step: number, also?: ReadonlySet<number>) =>
    waiting.has(step) && (parents[step] ?? []).every((one) => finished.has(one) || also?.has(one));
  const ready = [...waiting].filter((step) => isReady(step)).sort(before);
  const addReady = (step: number) => {
    const at = ready.findIndex((other) => before(step, other) < 0);
    ready.splice(at < 0 ? ready.length : at, 0, step);
  };
  const remove = (step: number) => {
    waiting.delete(step);
    const at = ready.indexOf(step);
    if (at >= 0) ready.splice(at, 1);
    return step;
  };
  return {
    take: (isAllowed) => {
      const found = ready.slice(0, mostLookedAt).find(isAllowed);
      return found === undefined ? undefined : remove(found);
    },
    takeBehind: (taken, isAllowed) => {
      const done = new Set(taken);
      const behind = children[taken.at(-1) ?? -1] ?? [];
      const [found] = behind.filter((step) => isReady(step, done) && isAllowed(step)).sort(before);
      return found === undefined ? undefined : remove(found);
    },
    putBack: (step) => {
      waiting.add(step);
      if (isReady(step)) addReady(step);
    },
    finish: (step) => {
      finished.add(step);
      for (const child of children[step] as number[]) if (isReady(child)) addReady(child);
    },
    holdBack: (step) => {
      const held = new Set([step]);
      for (const one of held) for (const child of children[one] as number[]) held.add(child);
      held.delete(step);
      return [...held].filter((one) => waiting.has(one)).map(remove);
    },
    waiting: () => [...waiting],
    readyCount: () => ready.length,
  };
}

/** The children of each step. */
export function childrenOf(parents: readonly (readonly number[])[]): number[][] {
  const children = parents.map((): number[] => []);
  parents.forEach((own, step) => {
    for (const parent of own) children[parent]?.push(step);
  });
  return children;
}

/** For each step how long it takes together with the longest chain behind it. */
export function chainsBehind({ parents, durations }: QueuedSteps): number[] {
  const behind = parents.map(() => 0);
  const tails = [...durations];
  for (let step = parents.length - 1; step >= 0; step -= 1) {
    tails[step] = (durations[step] as number) + (behind[step] as number);
    for (const parent of parents[step] ?? [])
      behind[parent] = Math.max(behind[parent] as number, tails[step] as number);
  }
  return tails;
}
