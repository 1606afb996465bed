import { describe, expect, test } from 'vitest';
import { buildGraph } from '../../src/graph/graph.js';
import { findHalfReplaced, isFromBefore, replacedBy, withoutReplaced } from '../../src/graph/replaced.js';
import { findSquashSet } from '../../src/graph/squash.js';
import { rawMigration, sketchGraph } from './sketch.js';

const graph = buildGraph([{ ...rawMigration('3_c'), replaces: ['1_a', '2_b'] }, rawMigration('4_d', ['3'])]);

describe('rows of former migrations', () => {
  test('are explained where the one that stands for them is applied', () => {
    expect(withoutReplaced(graph, ['1_a', '9_stranger', '2_b', '3_c', '4_d'])).toEqual([
      '9_stranger',
      '3_c',
      '4_d',
    ]);
    expect(replacedBy(graph, '3_c', new Set(['2_b', '3_c']))).toEqual(['2_b']);
    expect(replacedBy(graph, '4_d', new Set(['2_b', '4_d']))).toEqual([]);
    expect(replacedBy(graph, '9_stranger', new Set(['9_stranger']))).toEqual([]);
  });

  test('are not explained where it is not', () => {
    expect(withoutReplaced(graph, ['1_a', '2_b'])).toEqual(['1_a', '2_b']);
    expect(findHalfReplaced(graph, new Set(['1_a']))).toEqual([
      { id: '3_c', applied: ['1_a'], unapplied: ['2_b', '3_c'] },
    ]);
    expect(findHalfReplaced(graph, new Set(['1_a', '2_b']))).toEqual([
      { id: '3_c', applied: ['1_a', '2_b'], unapplied: ['3_c'] },
    ]);
  });

  test('there are none on a database that began with the squashed one', () => {
    expect(withoutReplaced(graph, ['3_c', '4_d'])).toEqual(['3_c', '4_d']);
    expect(findHalfReplaced(graph, new Set(['3_c']))).toEqual([]);
    expect(findHalfReplaced(graph, new Set())).toEqual([]);
  });
});

test('what it followed when it was applied tells whether it was squashed since', () => {
  const squashed = { replaces: ['1_a', '2_b'] };
  expect(isFromBefore(squashed, ['2_b'])).toBe(true);
  expect(isFromBefore(squashed, [])).toBe(false);
  expect(isFromBefore(squashed, undefined)).toBe(false);
  expect(isFromBefore({}, ['2_b'])).toBe(false);
});

describe('a set to squash', () => {
  const wide = sketchGraph({ '1_a': [], '2_b': [], '3_c': ['1'], '4_d': ['2', '3'], '5_e': ['4'] });

  test('is a migration with all its ancestors, from however many roots', () => {
    const { members, replaces } = findSquashSet(wide, wide.get('4_d'));
    expect(members.map(({ id }) => id)).toEqual(['1_a', '2_b', '3_c', '4_d']);
    expect(replaces).toEqual(['1_a', '2_b', '3_c']);
  });

  test('keeps what was squashed before', () => {
    expect(findSquashSet(graph, graph.get('4_d')).replaces).toEqual(['1_a', '2_b', '3_c']);
  });

  test('must not be left in the middle', () => {
    const left = sketchGraph({ '1_a': [], '2_b': ['1'], '3_c': ['1', '2'], '4_d': ['1'] });
    expect(() => findSquashSet(left, left.get('2_b'))).toThrow(
      'other migrations depend on some of the ancestors',
    );
    expect(() => findSquashSet(left, left.get('1_a'))).toThrow('nothing to squash');
  });
});

describe('claims to replace', () => {
  test.each([
    [
      'what is still there',
      [rawMigration('1_a'), { ...rawMigration('2_b'), replaces: ['1_a'] }],
      'still has its folder',
    ],
    [
      'what another replaces, too',
      [
        { ...rawMigration('2_b'), replaces: ['1_a'] },
        { ...rawMigration('3_c'), replaces: ['1_a'] },
      ],
      'is also replaced by 2_b',
    ],
  ])('%s are problems', (_what, raw, words) => {
    expect(() => buildGraph(raw)).toThrow(
      expect.objectContaining({
        code: 'GRAPH_INVALID',
        problems: [
          expect.objectContaining({ title: 'Replaced twice', message: expect.stringContaining(words) }),
        ],
      }),
    );
  });

  test.each(['1', '1_a', 'a'])('a parent %s that was squashed is explained', (word) => {
    const raw = [{ ...rawMigration('2_b'), replaces: ['1_a'] }, rawMigration('3_c', [word])];
    expect(() => buildGraph(raw)).toThrow(
      expect.objectContaining({
        problems: [
          expect.objectContaining({ help: 'It was squashed into 2_b: name that migration instead.' }),
        ],
      }),
    );
  });
});
