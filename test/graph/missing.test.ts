import { describe, expect, it } from 'vitest';
import type { Graph } from '../../src/graph/graph.js';
import { addMissing, type RememberedMigration } from '../../src/graph/missing.js';
import { sketchGraph } from './sketch.js';

const remember = (id: string, parents: string[], noTransaction = false): RememberedMigration => ({
  id,
  parents,
  noTransaction,
});

const parentsOf = (graph: Graph) =>
  Object.fromEntries(graph.migrations.map(({ id, parents }) => [id, parents]));

describe('addMissing', () => {
  //  1_a ──→ 3_c
  const folder = sketchGraph({ '1_a': [], '3_c': ['1'] });

  it('leaves a graph alone that misses nothing', () => {
    expect(addMissing(folder, [], [remember('1_a', ['9_z'])])).toBe(folder);
  });

  it('puts back what the log remembers, with what it needs to be rolled back', () => {
    const graph = addMissing(folder, [
      remember('2_b', ['1_a', '9_gone'], true),
      remember('odd name', ['2_b']),
    ]);
    expect(parentsOf(graph)).toEqual({ '1_a': [], '3_c': ['1_a'], '2_b': ['1_a'], 'odd name': ['2_b'] });
    expect(graph.get('2_b')).toMatchObject({
      timestamp: '2',
      name: 'b',
      noTransaction: true,
      isMissing: true,
    });
    expect(graph.get('odd name')).toMatchObject({ timestamp: '0', name: 'odd name' });
    expect(graph.get('1_a').isMissing).toBeUndefined();
    expect(graph.get('2_b').files.down).toBe('2_b/down.sql (as applied)');
    expect([...graph.descendants('1_a')].sort()).toEqual(['2_b', '3_c', 'odd name']);
  });

  it('lets a folder follow what was its parent when it was applied', () => {
    const missing = [remember('2_b', [])];
    const known = [remember('3_c', ['1_a', '2_b']), remember('1_a', ['0_never'])];
    expect(parentsOf(addMissing(folder, missing, known))).toEqual({
      '1_a': [],
      '2_b': [],
      '3_c': ['1_a', '2_b'],
    });
  });

  it('does not let a folder follow another folder that was its parent: that has changed on purpose', () => {
    const known = [remember('1_a', ['3_c'])];
    expect(parentsOf(addMissing(folder, [remember('2_b', [])], known))).toMatchObject({
      '1_a': [],
      '3_c': ['1_a'],
    });
  });

  it('believes the folder where the log would close a cycle with it', () => {
    const known = [remember('1_a', ['2_b'])];
    expect(parentsOf(addMissing(folder, [remember('2_b', ['3_c'])], known))).toEqual({
      '1_a': [],
      '3_c': ['1_a'],
      '2_b': ['3_c'],
    });
  });

  it('believes the order of application where the log alone has a cycle', () => {
    const cycle = [
      remember('4_d', ['5_e', '3_c']),
      remember('5_e', ['4_d']),
      remember('6_f', ['6_f', '5_e']),
    ];
    expect(parentsOf(addMissing(folder, cycle))).toEqual({
      '1_a': [],
      '3_c': ['1_a'],
      '4_d': ['3_c'],
      '5_e': ['4_d'],
      '6_f': ['5_e'],
    });
  });
});
