/** Why the steps of a plan are there: told for every step, in the order of the plan. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ExplainedStep, explainPlan } from '../../src/graph/explain.js';
import type { Graph } from '../../src/graph/graph.js';
import { type Move, type Position, planMove } from '../../src/graph/move.js';
import { type UntriedStep, whyUntried } from '../../src/graph/untried.js';
import { anyGraphAndIds, sketchGraph } from './sketch.js';

/**
 *   1_a ─┬─ 2_b ── 4_d
 *        └─ 3_c
 */
const graph = sketchGraph({ '1_a': [], '2_b': ['1'], '3_c': ['1'], '4_d': ['2'] });
const all = ['1_a', '2_b', '3_c', '4_d'];

function explain(move: Move, position: Partial<Position> = {}): ExplainedStep[] {
  const whole = { folder: graph, graph, applied: [], changed: [], ...position };
  return explainPlan(whole, move, planMove(whole, move));
}

/** `up 2_b needed 4_d`. */
const inShort = ({ id, direction, reason, of }: ExplainedStep) =>
  [direction, id, reason, of].filter(Boolean).join(' ');

describe('the reasons of', () => {
  it.each<[name: string, move: Move, position: Partial<Position>, reasons: string[]]>([
    ['up', { kind: 'up' }, { applied: ['1_a', '2_b'] }, ['up 3_c pending', 'up 4_d pending']],
    ['up +1', { kind: 'up', to: ['+1'] }, {}, ['up 1_a pending']],
    ['up to one', { kind: 'up', to: ['2_b'] }, {}, ['up 1_a needed 2_b', 'up 2_b named']],
    ['up to one, cut short', { kind: 'up', to: ['4_d'], count: 1 }, {}, ['up 1_a needed 2_b']],
    ['down', { kind: 'down', count: 1 }, { applied: all }, ['down 4_d last']],
    ['down to base', { kind: 'down', to: 'base' }, { applied: ['1_a'] }, ['down 1_a everything']],
    ['down to one', { kind: 'down', to: '3_c' }, { applied: all }, ['down 4_d later 3_c']],
    [
      'down of one',
      { kind: 'down', of: ['2_b'] },
      { applied: all },
      ['down 4_d descendant 2_b', 'down 2_b named'],
    ],
    ['redo', { kind: 'redo', of: [] }, { applied: ['1_a'] }, ['down 1_a last', 'up 1_a again']],
    [
      'redo of what was edited',
      { kind: 'redo', modified: true },
      { applied: all, changed: ['2_b'] },
      ['down 4_d descendant 2_b', 'down 2_b edited', 'up 2_b again', 'up 4_d again'],
    ],
    ['sync', { kind: 'sync', modified: false }, { applied: ['1_a', '2_b', '3_c'] }, ['up 4_d pending']],
  ])('%s', (_, move, position, reasons) => {
    expect(explain(move, position).map(inShort)).toEqual(reasons);
  });
});

it('what a step comes after is in the plan, before it, and in the same direction', () => {
  const moves: Move[] = [{ kind: 'up' }, { kind: 'down', all: true }];
  fc.assert(
    fc.property(anyGraphAndIds, fc.constantFrom(...moves), ({ graph: whole, ids }, move) => {
      const steps = explainAll(whole, ids, move);
      const places = new Map(steps.map(({ id }, index) => [id, index]));
      for (const [index, { after }] of steps.entries()) {
        for (const id of after) expect(places.get(id)).toBeLessThan(index);
      }
      const edges = steps.reduce((sum, { after }) => sum + after.length, 0);
      const inPlan = whole.migrations.flatMap(({ id, parents }) =>
        places.has(id) ? parents.filter((parent) => places.has(parent)) : [],
      );
      expect(edges).toBe(inPlan.length);
    }),
  );
});

function explainAll(whole: Graph, applied: readonly string[], move: Move): ExplainedStep[] {
  const position = { folder: whole, graph: whole, applied, changed: [] };
  return explainPlan(position, move, planMove(position, move));
}

describe('what a rehearsal cannot try', () => {
  /** 1_a ── 2_x_alone ── 3_c ── 4_d, and 5_e by itself. */
  const mixed = sketchGraph({ '1_a': [], '2_x_alone': ['1'], '3_c': ['2'], '4_d': ['3'], '5_e': [] });
  const untriedOf = (move: Move, applied: readonly string[] = []) => {
    const position = { folder: mixed, graph: mixed, applied, changed: [] };
    const untried: UntriedStep[] = [];
    for (const step of planMove(position, move).steps) {
      const found = whyUntried(mixed, untried, step);
      if (found) untried.push(found);
    }
    return untried.map(({ id, direction, of = '' }) => `${direction} ${id} ${of}`.trim());
  };

  it('up: what runs outside of a transaction, and all that descends from it', () => {
    expect(untriedOf({ kind: 'up' })).toEqual(['up 2_x_alone', 'up 3_c 2_x_alone', 'up 4_d 3_c']);
  });

  it('down: what it descends from; and nothing is done again that was not taken back', () => {
    const applied = ['1_a', '2_x_alone', '3_c', '5_e'];
    expect(untriedOf({ kind: 'down', all: true }, applied)).toEqual(['down 2_x_alone', 'down 1_a 2_x_alone']);
    expect(untriedOf({ kind: 'redo', of: ['1_a'] }, applied)).toEqual([
      'down 2_x_alone',
      'down 1_a 2_x_alone',
      'up 1_a 1_a',
      'up 2_x_alone',
      'up 3_c 2_x_alone',
    ]);
  });
});
