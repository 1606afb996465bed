/** Runs recursive walks without recursion: a text may nest as deeply as the parser takes it, and the stack has no say in that. */

/** A walk that asks for the walks which it needs by `yield* walkInto(…)`, instead of calling them. */
export type TreeWalk<Result> = Generator<TreeWalk<unknown>, Result, unknown>;

/** Lets `runWalk` carry out another walk, and gives its result. */
export function* walkInto<Result>(walk: TreeWalk<Result>): TreeWalk<Result> {
  return (yield walk) as Result;
}

/** Carries out a walk and all that it asks for. The ones that wait are kept in a list, so their number is not bounded by the stack. */
export function runWalk<Result>(walk: TreeWalk<Result>): Result {
  const waiting: TreeWalk<unknown>[] = [];
  let current: TreeWalk<unknown> = walk;
  let result: unknown;
  for (;;) {
    const step = current.next(result);
    if (!step.done) waiting.push(current);
    const next = step.done ? waiting.pop() : step.value;
    if (!next) return step.value as Result;
    current = next;
    result = step.done ? step.value : undefined;
  }
}
