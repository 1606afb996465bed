import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KatError } from '../../src/errors.js';
import type { Graph } from '../../src/graph/graph.js';
import { buildGraph } from '../../src/graph/graph.js';
import { findMigrations } from '../../src/graph/select.js';
import { anyMigrations, sketchGraph } from './sketch.js';

const find = (graph: Graph, reference: string) => findMigrations(graph, reference).map(({ id }) => id);

function refusal(graph: Graph, reference: string): KatError {
  try {
    findMigrations(graph, reference);
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
      '"head" could be any of 2 migrations: 1679023456_add_email and 1680000000_create_posts',
    );
    expect(find(sketchGraph({ '1_a': [], '2_b': ['1'] }), 'head')).toEqual(['2_b']);
    expect(find(buildGraph([]), 'heads')).toEqual([]);
    expect(refusal(buildGraph([]), 'head').message).toContain('no migrations');
  });

  it('lists the candidates of an ambiguous prefix', () => {
    expect(refusal(graph, 'create').message).toBe(
      '"create" could be any of 2 migrations: 1679012345_create_users and 1680000000_create_posts',
    );
  });

  it('lists ten candidates at the most', () => {
    const many = sketchGraph(
      Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`${index + 10}_seed`, []])),
    );
    expect(refusal(many, 'seed').message).toBe(
      '"seed" could be any of 12 migrations: 10_seed, 11_seed, 12_seed, 13_seed, 14_seed, 15_seed, 16_seed, ' +
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
    ['zzz', 'Write an id, a timestamp, a name, or how one of them begins.'],
    ['', 'Write an id, a timestamp, a name, or how one of them begins.'],
  ])('does not know "%s"', (reference, help) => {
    expect(refusal(graph, reference)).toMatchObject({
      message: `no migration matches ${JSON.stringify(reference)}`,
      help,
    });
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
