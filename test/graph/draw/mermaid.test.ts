import { expect, it } from 'vitest';
import { drawMermaid } from '../../../src/graph/draw/mermaid.js';
import { sketchGraph } from '../sketch.js';

//  1_users ──┬─→ 3_posts
//  2_tags ───┘
it('draws every migration under its name, and an edge from parent to child', () => {
  const graph = sketchGraph({ '3_posts': ['2', '1'], '2_tags': [], '1_users': [] });
  const lines = [
    'flowchart LR',
    '  m1["users"]',
    '  m2["tags"]',
    '  m3["posts"]',
    '  m1 --> m3',
    '  m2 --> m3',
  ];
  expect(drawMermaid(graph)).toBe(`${lines.join('\n')}\n`);
});

it('escapes what Mermaid would read as its own, as HTML or as Markdown', () => {
  const name = 'a"]; click <b>`x`</b> #35; & naïve';
  expect(drawMermaid(sketchGraph({ [`1_${name}`]: [] }))).toContain(
    '  m1["a#34;#93;#59; click #60;b#62;#96;x#96;#60;#47;b#62; #35;35#59; #38; naïve"]\n',
  );
});

it('shows what changes the writing direction by its code', () => {
  expect(drawMermaid(sketchGraph({ '1_a\u202eb': [] }))).toContain('  m1["a#92;u202eb"]\n');
});
