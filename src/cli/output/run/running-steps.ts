/** Remembers which migrations run, so that a line about one of several names it. */

import type { Direction } from '../../../graph/migration.js';

export interface StepName {
  id: string;
  direction: Direction;
}

interface RunningSteps {
  begin(step: StepName): void;
  end(step: StepName): void;
  /** In the order of the beginnings, from 1. */
  numberOf(step: StepName): number;
  /** The beginning of a line about the migration: its id, unless it alone runs and was the last to be shown. */
  indent(step: StepName): string;
}

export function trackSteps(): RunningSteps {
  const numbers = new Map<string, number>();
  const running = new Set<string>();
  let lastBegun = '';
  const keyOf = ({ id, direction }: StepName) => `${direction} ${id}`;
  return {
    numberOf: (step) => numbers.get(keyOf(step)) ?? 1,
    begin: (step) => {
      lastBegun = keyOf(step);
      running.add(lastBegun);
      numbers.set(lastBegun, numbers.size + 1);
    },
    end: (step) => void running.delete(keyOf(step)),
    indent: (step) => (running.size < 2 && lastBegun === keyOf(step) ? '  ' : `  ${step.id}: `),
  };
}
