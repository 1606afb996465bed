/** The picture of the page: where marks are, and that no edge is lost. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { buildGraph, type Graph } from '../../src/graph/graph.js';
import { chooseRows } from '../../src/page/browser/shown-rows.js';
import { drawPicture, type PictureRow } from '../../src/page/picture.js';
import { anyMigrations, sketchGraph } from '../graph/sketch.js';

const rowsOf = ({ migrations }: Graph): PictureRow[] =>
  migrations.map(({ id, name, parents }) => ({ id, name, parents, mark: 'unknown', notes: [] }));

/** One line for each row, with the name at the place of its mark. */
function sketch(graph: Graph): string {
  const { places } = drawPicture(rowsOf(graph), []);
  return graph.migrations
    .map(({ id, name }) => ' '.repeat(((places.get(id)?.x ?? 0) - 24) / 8) + name)
    .join('\n');
}

it('puts a child below its parent, and branches beside each other', () => {
  const graph = sketchGraph({
    '1_a': [],
    '2_b': ['1'],
    '3_c': ['1'],
    '4_d': ['2', '3'],
    '5_e': [],
    '6_f': ['4', '5'],
  });
  expect(sketch(graph)).toBe(
    `
a
  b
c
d
  e
f
`.trim(),
  );
});

it('has room for the arcs of conflicts', () => {
  const graph = sketchGraph({ '1_a': [], '2_b': ['1'], '3_c': ['1'], '4_d': [] });
  const { shape } = drawPicture(rowsOf(graph), [{ ids: ['1_a', '4_d'] }, { ids: ['2_b', '3_c'] }]);
  const arcs = [
    ...JSON.stringify(shape).matchAll(/"M([\d.]+) [\d.]+C(-?[\d.]+) [\d.]+ -?[\d.]+ [\d.]+ ([\d.]+) /g),
  ];
  expect(arcs).toHaveLength(2);
  for (const [, from, reach, to] of arcs) {
    // A curve of Bézier comes three quarters of the way to its middle points.
    expect(Math.min(Number(from), Number(to)) * 0.25 + Number(reach) * 0.75).toBeGreaterThan(2);
  }
});

it('names every parent by an edge or in a note', () => {
  fc.assert(
    fc.property(anyMigrations, (raw) => {
      const graph = buildGraph(raw);
      const { edges, shape } = drawPicture(rowsOf(graph), []);
      const drawn = new Set(edges.map(({ parent, child }) => `${parent} ${child}`));
      const text = JSON.stringify(shape);
      for (const { id, parents } of graph.migrations) {
        for (const parent of parents) {
          if (!drawn.has(`${parent} ${id}`)) expect(text).toContain(graph.get(parent).name);
        }
      }
      expect(drawn.size).toBeLessThanOrEqual(graph.migrations.flatMap(({ parents }) => parents).length);
    }),
  );
});

it('leads edges through hidden migrations', () => {
  const { migrations } = sketchGraph({ '1_a': [], '2_b': ['1'], '3_c': ['2'], '4_d': ['1', '3'] });
  const data = migrations.map(({ id, name, timestamp, parents }) => ({
    ...{ id, name, timestamp, parents, mark: 'unknown' as const },
    ...{ facts: [], effects: [], findings: [], history: [] },
  }));
  const rows = chooseRows(data, [], ({ name }) => name !== 'b' && name !== 'c');
  expect(rows.map(({ id, parents }) => [id, parents])).toEqual([
    ['1_a', []],
    ['4_d', ['1_a']],
  ]);
});
