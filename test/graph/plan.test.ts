import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Graph } from '../../src/graph/graph.js';
import { buildGraph } from '../../src/graph/graph.js';
import { type Plan, planDown, planUp, whyPending } from '../../src/graph/plan.js';
import { anyGraphAndIds, rawMigration, sketchGraph } from './sketch.js';

const idsOf = (plan: Plan) => plan.steps.map(({ id }) => id);

/** Applies the chosen ids in an order that the graph allows: what a ledger looks like. */
function inGraphOrder(graph: Graph, ids: readonly string[]): string[] {
  const chosen = new Set(ids);
  return graph.migrations.map(({ id }) => id).filter((id) => chosen.has(id));
}

describe('planUp', () => {
  //  1_a ──→ 3_c ──→ 4_d_alone
  //  2_b
  const graph = sketchGraph({ '1_a': [], '2_b': [], '3_c': ['1'], '4_d_alone': ['3'] });

  it('plans what is not applied, each in the mode that it asks for', () => {
    expect(planUp(graph, new Set(['1_a', 'gone']))).toEqual({
      steps: [
        { id: '2_b', direction: 'up', mode: 'transaction' },
        { id: '3_c', direction: 'up', mode: 'transaction' },
        { id: '4_d_alone', direction: 'up', mode: 'statements' },
      ],
    });
  });

  it('stops at the count', () => {
    expect(idsOf(planUp(graph, new Set(), { count: 2 }))).toEqual(['1_a', '2_b']);
    expect(idsOf(planUp(graph, new Set(), { count: undefined }))).toHaveLength(4);
  });

  it('applies a parent late when its child was applied already', () => {
    expect(idsOf(planUp(graph, new Set(['2_b', '3_c', '4_d_alone'])))).toEqual(['1_a']);
  });

  it('is whole, has nothing applied, and never a child before a parent that is missing', () => {
    fc.assert(
      fc.property(anyGraphAndIds, fc.nat(30), ({ graph: random, ids }, count) => {
        const applied = new Set(ids);
        const plan = planUp(random, applied, { count });
        expect(plan.steps).toHaveLength(Math.min(count, random.migrations.length - ids.length));
        for (const { id } of plan.steps) {
          expect(applied.has(id)).toBe(false);
          expect(whyPending(random, applied, id)).toEqual([]);
          applied.add(id);
        }
      }),
    );
  });
});

describe('planDown', () => {
  //  1_a ──┬─→ 2_b ──→ 4_d
  //        └─→ 3_c
  const graph = sketchGraph({ '1_a': [], '2_b': ['1'], '3_c': ['1'], '4_d': ['2'] });

  it('goes back through what was applied most recently', () => {
    const plan = planDown(graph, ['1_a', '2_b', '4_d', '3_c'], { count: 3 });
    expect(idsOf(plan)).toEqual(['3_c', '4_d', '2_b']);
    expect(plan.steps[0]).toEqual({ id: '3_c', direction: 'down', mode: 'transaction' });
  });

  it('keeps a parent that was applied after its child until the child is gone', () => {
    expect(idsOf(planDown(graph, ['3_c', '4_d', '2_b', '1_a'], { count: 9 }))).toEqual([
      '4_d',
      '2_b',
      '3_c',
      '1_a',
    ]);
  });

  it('keeps an ancestor of an applied migration even if those between them are not applied', () => {
    expect(idsOf(planDown(graph, ['4_d', '1_a'], { count: 1 }))).toEqual(['4_d']);
    expect(idsOf(planDown(graph, ['4_d', '1_a'], { count: 2 }))).toEqual(['4_d', '1_a']);
  });

  it('treats the unknown as migrations without relatives', () => {
    const plan = planDown(graph, ['1_a', '9_gone', '2_b'], { count: 2 });
    expect(plan.steps.map(({ id, mode }) => [id, mode])).toEqual([
      ['2_b', 'transaction'],
      ['9_gone', 'transaction'],
    ]);
  });

  it('takes the most recent of those that nothing applied descends from, at every place', () => {
    fc.assert(
      fc.property(anyGraphAndIds, fc.nat(30), ({ graph: random, ids }, count) => {
        const plan = planDown(random, ids, { count });
        expect(plan.steps).toHaveLength(Math.min(count, ids.length));
        const left = new Set(ids);
        for (const { id } of plan.steps) {
          const free = ids.filter(
            (other) => left.has(other) && ![...random.descendants(other)].some((later) => left.has(later)),
          );
          expect(id).toBe(free.at(-1));
          left.delete(id);
        }
      }),
    );
  });

  it('undoes an up exactly backwards', () => {
    fc.assert(
      fc.property(anyGraphAndIds, ({ graph: random, ids }) => {
        const already = inGraphOrder(random, [...random.ancestors(ids)]);
        const added = idsOf(planUp(random, new Set(already)));
        const back = planDown(random, [...already, ...added], { count: added.length });
        expect(idsOf(back)).toEqual(added.reverse());
      }),
    );
  });

  it('takes all of 50,000 in one go', () => {
    const count = 50_000;
    const chain = Array.from({ length: count }, (_, index) =>
      rawMigration(`${index + 1}_m`, index === 0 ? [] : [String(index)]),
    );
    const long = buildGraph(chain);
    const applied = long.migrations.map(({ id }) => id);
    expect(idsOf(planDown(long, applied, { count }))).toEqual(applied.reverse());
    expect(idsOf(planDown(long, [`${count}_m`, '1_m'], { count }))).toEqual([`${count}_m`, '1_m']);
  });
});

describe('whyPending', () => {
  //  1_a ──┬─→ 3_c
  //  2_b ──┘
  const graph = sketchGraph({ '1_a': [], '2_b': [], '3_c': ['1', '2'] });

  it('names the parents that are missing', () => {
    expect(whyPending(graph, new Set(), '3_c')).toEqual(['1_a', '2_b']);
    expect(whyPending(graph, new Set(['1_a']), '3_c')).toEqual(['2_b']);
    expect(whyPending(graph, new Set(['1_a', '2_b']), '3_c')).toEqual([]);
  });

  it('refuses an id that nobody has', () => {
    expect(() => whyPending(graph, new Set(), '9_z')).toThrow('there is no migration 9_z');
  });
});
