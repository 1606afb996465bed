import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KatError } from '../../src/errors.js';
import type { Graph } from '../../src/graph/graph.js';
import { buildGraph } from '../../src/graph/graph.js';
import { type AppliedState, findMigrations, namesHeads, parseSteps } from '../../src/graph/select.js';
import { anyMigrations, rawMigration, sketchGraph } from './sketch.js';

const find = (graph: Graph, reference: string, state?: AppliedState) =>
  findMigrations(graph, reference, state).map(({ id }) => id);

function refusal(graph: Graph, reference: string, state?: AppliedState): KatError {
  try {
    findMigrations(graph, reference, state);
  } catch (error) {
    if (error instanceof KatError && error.code === 'USAGE') return error;
    throw error;
  }
  throw new Error(`${reference} was understood`);
}

//  1679012345_create_users ──┬─→ 1679023456_add_email
//                            └─→ 1680000000_create_posts
const graph = sketchGraph({
  '1679012345_create_users': [],
  '1679023456_add_email': ['1679012345'],
  '1680000000_create_posts': ['1679012345'],
});

describe('findMigrations', () => {
  it.each([
    ['1679023456_add_email'],
    ['1679023456'],
    ['001679023456'],
    ['001679023456_add_email'],
    ['add_email'],
    ['add'],
    ['16790234'],
    ['1679023456_a'],
  ])('understands %s', (reference) => {
    expect(find(graph, reference)).toEqual(['1679023456_add_email']);
  });

  it('finds the heads, and the head if there is one', () => {
    expect(find(graph, 'heads')).toEqual(['1679023456_add_email', '1680000000_create_posts']);
    expect(refusal(graph, 'head').message).toBe(
      '"head" matches 2 migrations: 1679023456_add_email and 1680000000_create_posts',
    );
    expect(find(sketchGraph({ '1_a': [], '2_b': ['1'] }), 'head')).toEqual(['2_b']);
    expect(find(buildGraph([]), 'heads')).toEqual([]);
    expect(refusal(buildGraph([]), 'head').message).toContain('no migrations');
  });

  it('lists the candidates of an ambiguous prefix', () => {
    expect(refusal(graph, 'create').message).toBe(
      '"create" matches 2 migrations: 1679012345_create_users and 1680000000_create_posts',
    );
  });

  it('lists ten candidates at the most', () => {
    const many = sketchGraph(
      Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`${index + 10}_seed`, []])),
    );
    expect(refusal(many, 'seed').message).toBe(
      '"seed" matches 12 migrations: 10_seed, 11_seed, 12_seed, 13_seed, 14_seed, 15_seed, 16_seed, ' +
        '17_seed, 18_seed, 19_seed and 2 more',
    );
  });

  it('prefers a whole name to one that only begins so', () => {
    expect(find(sketchGraph({ '1_users': [], '2_users_email': [] }), 'users')).toEqual(['1_users']);
  });

  it.each([
    ['create_user_s', 'Did you mean 1679012345_create_users?'],
    ['posts', 'Did you mean 1680000000_create_posts?'],
    ['1679023056', 'Did you mean 1679023456_add_email?'],
    [
      'zzz',
      'Write an id, a timestamp, a name, or the beginning of one; the newest are 1679012345_create_users, 1679023456_add_email and 1680000000_create_posts.',
    ],
    [
      '',
      'Write an id, a timestamp, a name, or the beginning of one; the newest are 1679012345_create_users, 1679023456_add_email and 1680000000_create_posts.',
    ],
  ])('does not know "%s"', (reference, help) => {
    expect(refusal(graph, reference)).toMatchObject({
      message: `no migration matches ${JSON.stringify(reference)}`,
      help,
    });
  });

  it('names the migration into which one was squashed', () => {
    const squashed = buildGraph([{ ...rawMigration('1680000000_all'), replaces: ['1670000000_users'] }]);
    for (const reference of ['users', '1670000000', '1670000000_users'])
      expect(refusal(squashed, reference).help).toBe(
        'It was squashed into 1680000000_all: name that migration instead.',
      );
  });

  it('finds every migration by its id, timestamp and name, and whatever it finds begins as asked', () => {
    fc.assert(
      fc.property(anyMigrations, fc.nat(220).map(String), (raw, typed) => {
        const random = buildGraph(raw);
        for (const { id, timestamp, name } of raw) {
          expect([find(random, id), find(random, timestamp), find(random, name)]).toEqual([[id], [id], [id]]);
        }
        const beginning = raw.filter(({ id }) => id.startsWith(typed));
        const exact = raw.filter(({ timestamp }) => timestamp === typed);
        const expected = exact.length > 0 ? exact : beginning;
        if (expected.length === 1) expect(find(random, typed)).toEqual([expected[0]?.id]);
        else refusal(random, typed);
      }),
    );
  });
});

describe('references that count', () => {
  //  1_a ──→ 2_b ──┬─→ 3_c ──┐
  //                └─→ 4_d ──┴─→ 5_e ──→ 6_f        7_x-1
  const counted = sketchGraph({
    '1_a': [],
    '2_b': ['1'],
    '3_c': ['2'],
    '4_d': ['2'],
    '5_e': ['3', '4'],
    '6_f': ['5'],
    '7_x-1': [],
  });
  const lonely = sketchGraph({ '1_a': [], '2_b': ['1'] });
  const state = { applied: ['1_a', '2_b', '4_d', '9_gone'] };

  it.each([
    ['a+1', '2_b'],
    ['1+1', '2_b'],
    ['1_a+1', '2_b'],
    ['6-1', '5_e'],
    ['f-1', '5_e'],
    ['e+1', '6_f'],
    ['2_b+0', '2_b'],
    ['a+1-1', '1_a'],
    ['7_x-1', '7_x-1'],
    ['x-1', '7_x-1'],
    ['x-1-0', '7_x-1'],
    ['+1', '3_c'],
    ['+2', '5_e'],
    ['+4', '7_x-1'],
    ['-2', '4_d'],
    ['-4', '1_a'],
    ['-2-1', '2_b'],
    ['+1-1', '2_b'],
  ])('understands %s', (reference, id) => {
    expect(find(counted, reference, state)).toEqual([id]);
  });

  it.each([
    ['head-1', '1_a'],
    ['heads-1', '1_a'],
    ['base+1', '1_a'],
    ['base+2', '2_b'],
  ])('understands %s where there is one root and one head', (reference, id) => {
    expect(find(lonely, reference)).toEqual([id]);
  });

  it.each([
    ['b+1', '2_b has 2 children: 3_c and 4_d', 'Name the intended migration.'],
    ['e-1', '5_e has 2 parents: 3_c and 4_d', 'Name the intended migration.'],
    ['a-1', '1_a has no parents', 'Count fewer steps.'],
    ['f+1', '6_f has no children', 'Count fewer steps.'],
    ['f+999999999', '6_f has no children', 'Count fewer steps.'],
    ['base+1', 'base has 2 children: 1_a and 7_x-1', 'Name the intended migration.'],
    [
      'base',
      '"base" is the state without applied migrations, not a migration',
      'Use it in `kat down --to base` or `kat stamp --delete base`. `base+1` is the first migration.',
    ],
    [
      'base+0',
      '"base" is the state without applied migrations, not a migration',
      'Use it in `kat down --to base` or `kat stamp --delete base`. `base+1` is the first migration.',
    ],
    ['base-1', 'base has no parents', 'Count fewer steps.'],
    [
      'head-1',
      '"head" matches 2 migrations: 6_f and 7_x-1',
      'Write the timestamp or the full id of the intended migration.',
    ],
    [
      'heads-1',
      '"heads" matches 2 migrations: 6_f and 7_x-1',
      'Write the timestamp or the full id of the intended migration.',
    ],
    [
      'zzzz-1',
      'no migration matches "zzzz"',
      'Write an id, a timestamp, a name, or the beginning of one; the newest are 1_a, 2_b, 3_c, 4_d, 5_e, 6_f and 7_x-1.',
    ],
    [
      '+5',
      '+5 is out of range: 4 migrations are pending',
      'Run `kat status` to see the state of the database.',
    ],
    [
      '+0',
      '+0 is out of range: 4 migrations are pending',
      'Run `kat status` to see the state of the database.',
    ],
    [
      '-5',
      '-5 is out of range: 4 migrations are applied',
      'Run `kat status` to see the state of the database.',
    ],
    ['-1', '-1 is 9_gone, which has no folder', 'Write an id, a timestamp, a name, or the beginning of one.'],
  ])('refuses %s', (reference, message, help) => {
    expect(refusal(counted, reference, state)).toMatchObject({ message, help });
  });

  it.each(['+1', '-1', '+1-1'])('%s means nothing where nothing is known of what is applied', (reference) => {
    expect(refusal(lonely, reference).message).toMatch(
      /^[+-]1 counts from the applied migrations, which this command does not use$/,
    );
  });

  it('tells steps from everything else', () => {
    expect(parseSteps('+2')).toEqual({ sign: '+', count: 2 });
    expect(parseSteps('-10')).toEqual({ sign: '-', count: 10 });
    expect(['2', '+', 'a+1', '--1', '+1.5', ''].map(parseSteps)).toEqual(Array(6).fill(undefined));
    expect(['head', 'heads', 'head-2', 'heads+1'].every(namesHeads)).toBe(true);
    expect(['header', 'head-', '1_head', 'base'].some(namesHeads)).toBe(false);
  });
});
