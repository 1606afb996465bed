import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findBetween, findNeighbourhood, linkShown } from '../../src/graph/part.js';
import { anyGraphAndIds, sketchGraph } from './sketch.js';

//  1_a ─→ 2_b ─→ 3_c ─→ 4_d ─→ 5_e
//   └───────────→ 6_f ───────────┘
const graph = sketchGraph({
  ...{ '1_a': [], '2_b': ['1'], '3_c': ['2'], '4_d': ['3'] },
  ...{ '5_e': ['4', '6'], '6_f': ['1'] },
});

describe('a part', () => {
  it.each([
    [0, ['3_c']],
    [1, ['2_b', '3_c', '4_d']],
    [2, ['1_a', '2_b', '3_c', '4_d', '5_e']],
  ])('reaches %i edges around a migration', (generations, ids) => {
    expect([...findNeighbourhood(graph, ['3_c'], generations)].sort()).toEqual(ids);
  });

  it('lies between two migrations', () => {
    expect([...findBetween(graph, { from: ['2_b'], to: ['5_e'] })]).toEqual(['2_b', '3_c', '4_d', '5_e']);
    expect([...findBetween(graph, { from: ['6_f'] })]).toEqual(['6_f', '5_e']);
    expect([...findBetween(graph, { to: ['2_b'] })]).toEqual(['1_a', '2_b']);
    expect([...findBetween(graph, { from: ['6_f'], to: ['4_d'] })]).toEqual([]);
  });

  it('has an edge for a path through hidden migrations', () => {
    expect([...linkShown(graph, new Set(['1_a', '4_d', '5_e']))]).toEqual([
      ['1_a', []],
      ['4_d', ['1_a']],
      ['5_e', ['4_d']],
    ]);
  });
});

describe('the edges of any part', () => {
  it('lead to the same ancestors as before, and keep all edges of the graph', () => {
    fc.assert(
      fc.property(anyGraphAndIds, ({ graph: whole, ids }) => {
        const shown = new Set(ids);
        const links = linkShown(whole, shown);
        const reached = new Map<string, ReadonlySet<string>>();
        for (const [id, parents] of links) {
          const all = new Set(parents.flatMap((parent) => [parent, ...(reached.get(parent) ?? [])]));
          reached.set(id, all);
          const expected = [...whole.ancestors(id)].filter((ancestor) => shown.has(ancestor));
          expect([...all].sort()).toEqual(expected.sort());
          const own = whole.get(id).parents.filter((parent) => shown.has(parent));
          expect(parents).toEqual(expect.arrayContaining(own));
          expect(new Set(parents).size).toBe(parents.length);
        }
        expect([...links.keys()].sort()).toEqual([...ids].sort());
      }),
    );
  });
});
