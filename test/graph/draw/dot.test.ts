import { expect, it } from 'vitest';
import { drawDot } from '../../../src/graph/draw/dot.js';
import { sketchGraph } from '../sketch.js';

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
