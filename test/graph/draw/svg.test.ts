import fc from 'fast-check';
import { expect, it } from 'vitest';
import { drawSvg } from '../../../src/graph/draw/svg.js';
import { buildGraph } from '../../../src/graph/graph.js';
import { anyMigrations, sketchGraph } from '../sketch.js';

/** The centres of the nodes, by id. */
function centres(svg: string): Map<string, string> {
  const nodes = svg.matchAll(/<title>(.*?)<\/title><circle cx="([\d.]+)" cy="([\d.]+)"/g);
  return new Map([...nodes].map(([, id = '', x, y]) => [id, `${x} ${y}`]));
}

/** Where each path begins and ends. */
function paths(svg: string): string[] {
  return [...svg.matchAll(/d="M([\d.]+) ([\d.]+)V([\d.]+)(?:Q\S+ (\S+) \S+ (\S+)H([\d.]+))?"/g)].map(
    ([, x, y, below, bendY, , end]) => `${x} ${y} ${end ?? x} ${bendY ?? below}`,
  );
}

it('has one path for each edge, from the parent to the child', () => {
  fc.assert(
    fc.property(anyMigrations, (raw) => {
      const graph = buildGraph(raw);
      const svg = drawSvg(graph);
      const places = centres(svg);
      const expected = graph.migrations.flatMap(({ id, parents }) =>
        parents.map((parent) => `${places.get(parent)} ${places.get(id)}`),
      );
      expect(places.size).toBe(graph.migrations.length);
      expect(new Set(places.values()).size).toBe(places.size);
      expect(paths(svg).sort()).toEqual(expected.sort());
    }),
  );
});

it('escapes names, and leaves out what XML cannot contain', () => {
  const svg = drawSvg(sketchGraph({ '1_</text><script>"&\u0001': [] }));
  expect(svg).toContain('>&#60;/text&#62;&#60;script&#62;&#34;&#38;\\x01</text>');
  expect(svg).not.toContain('<script');
});
