/** What the queue gives out, and in which order: parents first, never two together that must not be, the longest chain first. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createReadyQueue, type QueuedSteps } from '../../src/graph/ready-queue.js';
import { criticalPath, simulateRun } from '../../src/graph/schedule.js';

function stepsOf(parents: readonly (readonly number[])[], durations = parents.map(() => 1)): QueuedSteps {
  return { parents, durations };
}

const anySteps: fc.Arbitrary<QueuedSteps> = fc
  .array(fc.tuple(fc.array(fc.nat(), { maxLength: 3 }), fc.integer({ min: 1, max: 5 })), { maxLength: 30 })
  .map((sketch) =>
    stepsOf(
      sketch.map(([own], step) => (step === 0 ? [] : [...new Set(own.map((one) => one % step))])),
      sketch.map(([, duration]) => duration),
    ),
  );

interface Run {
  step: number;
  startsAt: number;
  endsAt: number;
}

function runsOf(
  steps: QueuedSteps,
  lanes: readonly (readonly { step: number; startsAt: number }[])[],
): Run[][] {
  return lanes.map((lane) =>
    lane.map(({ step, startsAt }) => ({
      step,
      startsAt,
      endsAt: startsAt + (steps.durations[step] as number),
    })),
  );
}

function areBeside(one: Run, other: Run): boolean {
  return one.step !== other.step && other.startsAt < one.endsAt && one.startsAt < other.endsAt;
}

const anyRun = fc.record({ steps: anySteps, sessions: fc.integer({ min: 1, max: 5 }), seed: fc.nat() });

test('every step runs once, behind its parents, in a session that is free, and beside none that it must not meet', () => {
  const property = fc.property(anyRun, ({ steps, sessions, seed }) => {
    const mayRunTogether = (one: number, other: number) => (one * 7 + other * 7 + seed) % 3 !== 0;
    const { lanes } = simulateRun(steps, { sessions, mayRunTogether });
    const runs = runsOf(steps, lanes);
    const all = runs.flat();
    const byStep = new Map(all.map((one) => [one.step, one]));
    const early = all.filter(({ step, startsAt }) =>
      steps.parents[step]?.some((parent) => (byStep.get(parent)?.endsAt ?? Infinity) > startsAt),
    );
    const met = all.flatMap((one) =>
      all.filter((other) => areBeside(one, other) && !mayRunTogether(one.step, other.step)),
    );
    const shared = runs.flatMap((lane) => lane.filter((one) => lane.some((other) => areBeside(one, other))));
    expect(all.map(({ step }) => step).sort((a, b) => a - b)).toEqual([...steps.parents.keys()]);
    expect(lanes.length).toBeLessThanOrEqual(sessions);
    expect([early, met, shared]).toEqual([[], [], []]);
  });
  fc.assert(property);
});

test('the longest chain goes first, and ties go by number', () => {
  const steps = stepsOf([[], [], [], [1], [3]]);
  const { lanes } = simulateRun(steps, { sessions: 2, mayRunTogether: () => true });
  expect(lanes.map((lane) => lane.map(({ step }) => step))).toEqual([
    [1, 3, 4],
    [0, 2],
  ]);
  expect(criticalPath(steps)).toEqual([1, 3, 4]);
  expect(criticalPath(stepsOf([[], [], [0]], [1, 9, 1]))).toEqual([1]);
  expect(criticalPath(stepsOf([]))).toEqual([]);
});

test('a step that is given back is ready again, and one that is held back takes its descendants along', () => {
  const queue = createReadyQueue(stepsOf([[], [0], [1], []]));
  const any = () => true;
  expect(queue.take(any)).toBe(0);
  expect(queue.takeBehind([0], any)).toBe(1);
  queue.putBack(1);
  expect(queue.readyCount()).toBe(1);
  queue.finish(0);
  expect(queue.readyCount()).toBe(2);
  expect(queue.take((step) => step !== 1)).toBe(3);
  expect(queue.holdBack(0)).toEqual([1, 2]);
  expect([queue.take(any), queue.waiting()]).toEqual([undefined, []]);
});
