import { describe, expect, test } from 'vitest';
import { findSquashSet } from '../../src/graph/squash.js';
import { type Sketch, sketchGraph } from './sketch.js';

function squashed(sketch: Sketch, to: string): readonly string[] {
  const graph = sketchGraph(sketch);
  const target = graph.migrations.find(({ id }) => id === to);
  if (!target) throw new Error(`${to} is not in the sketch`);
  return findSquashSet(graph, target).replaces;
}

describe('what a squashed migration stands for', () => {
  test('a child that follows the target and one of its ancestors is no obstacle', () => {
    const sketch = { '1_a': [], '2_b': ['1_a'], '3_c': ['2_b'], '4_d': ['2_b', '3_c'] };
    expect(squashed(sketch, '3_c')).toEqual(['1_a', '2_b']);
  });

  test('nor one that follows the target through others, and several of its ancestors', () => {
    const sketch = {
      '1_a': [],
      '2_b': ['1_a'],
      '3_c': ['2_b'],
      '4_d': ['3_c'],
      '5_e': ['1_a', '4_d', '2_b'],
    };
    expect(squashed(sketch, '3_c')).toEqual(['1_a', '2_b']);
  });

  test('one that follows an ancestor alone still is', () => {
    const sketch = { '1_a': [], '2_b': ['1_a'], '3_c': ['2_b'], '4_d': ['2_b'], '5_e': ['4_d', '3_c'] };
    expect(() => squashed(sketch, '3_c')).toThrow('other migrations depend on some of the ancestors');
  });
});
