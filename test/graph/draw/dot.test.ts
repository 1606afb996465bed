import { instance } from '@viz-js/viz';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { drawDot } from '../../../src/graph/draw/dot.js';
import { buildGraph, type Graph } from '../../../src/graph/graph.js';
import { anyMigrations, sketchGraph } from '../sketch.js';

//  1_users ──┬─→ 3_posts
//  2_tags ───┘
it('draws every migration under its name, and an edge from parent to child', () => {
  const graph = sketchGraph({ '3_posts': ['2', '1'], '2_tags': [], '1_users': [] });
  expect(drawDot(graph)).toBe(
    [
      'strict digraph kat {',
      '  rankdir=LR;',
      '  node [shape=box];',
      '  "1_users" [label="users"];',
      '  "2_tags" [label="tags"];',
      '  "3_posts" [label="posts"];',
      '  "1_users" -> "3_posts";',
      '  "2_tags" -> "3_posts";',
      '}',
      '',
    ].join('\n'),
  );
});

it('escapes what would end a name or change it', () => {
  expect(drawDot(sketchGraph({ '1_a"b\\nc\\': [] }))).toContain(
    String.raw`  "1_a\"b\\nc\\" [label="a\"b\\nc\\"];`,
  );
});

it('draws nothing for no migrations', () => {
  expect(drawDot(sketchGraph({}))).toBe('strict digraph kat {\n  rankdir=LR;\n  node [shape=box];\n}\n');
});

it('means the same graph to Graphviz, whatever the names are', async () => {
  const graphviz = await instance();
  const readBack = (graph: Graph) => {
    const { objects = [], edges = [] } = graphviz.renderJSON(drawDot(graph)) as DotJson;
    const ids = objects.map(({ name }) => name);
    return {
      ids,
      labels: objects.map(({ label }) => label),
      edges: edges.map(({ tail, head }) => [ids[tail], ids[head]]),
    };
  };
  const check = (graph: Graph) => {
    const { ids, labels, edges } = readBack(graph);
    expect(ids.toSorted()).toEqual(graph.migrations.map(({ id }) => id.replaceAll('\\', '\\\\')).toSorted());
    expect(labels.length).toBe(graph.migrations.length);
    const wanted = graph.migrations.flatMap(({ id, parents }) => parents.map((parent) => [parent, id]));
    expect(edges.map(String).sort()).toEqual(wanted.map(String).sort());
  };
  check(sketchGraph({ '1_a"b; } <b>c</b>': [], '2_digraph': ['1'], '3_ü 漢 -> x': ['1', '2'] }));
  fc.assert(
    fc.property(anyMigrations, (raw) => check(buildGraph(raw))),
    { numRuns: 20 },
  );
});

interface DotJson {
  objects?: { name: string; label: string }[];
  edges?: { tail: number; head: number }[];
}
