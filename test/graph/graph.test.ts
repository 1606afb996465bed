import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KatError, type Problem } from '../../src/errors.js';
import { buildGraph, type Graph } from '../../src/graph/graph.js';
import { compareMigrations, type Migration, type RawMigration } from '../../src/graph/migration.js';
import {
  anyGraphAndIds,
  anyMigrations,
  rawMigration,
  type Sketch,
  sketchGraph,
  sketchMigrations,
} from './sketch.js';

const idsOf = (migrations: readonly Migration[]) => migrations.map(({ id }) => id);

function problemsOf(raw: readonly RawMigration[]): readonly Problem[] {
  try {
    buildGraph(raw);
  } catch (error) {
    if (!(error instanceof KatError)) throw error;
    expect(error.code).toBe('GRAPH_INVALID');
    return error.problems;
  }
  return [];
}

const problemsOfSketch = (sketch: Sketch) => problemsOf(sketchMigrations(sketch));

describe('order', () => {
  //  1_users ──┬─→ 3_posts
  //            │
  //  2_tags ───┴─→ 4_labels
  it('puts parents first and breaks ties by timestamp', () => {
    const graph = sketchGraph({
      '4_labels': ['users', 'tags'],
      '3_posts': ['1'],
      '2_tags': [],
      '1_users': [],
    });
    expect(idsOf(graph.migrations)).toEqual(['1_users', '2_tags', '3_posts', '4_labels']);
    expect(idsOf(graph.roots)).toEqual(['1_users', '2_tags']);
    expect(idsOf(graph.heads)).toEqual(['3_posts', '4_labels']);
  });

  //  30_late ──→ 10_early ──→ 20_middle
  it('follows the parents even when they are younger than their children', () => {
    const graph = sketchGraph({ '10_early': ['30'], '20_middle': ['10'], '30_late': [] });
    expect(idsOf(graph.migrations)).toEqual(['30_late', '10_early', '20_middle']);
  });

  //  9_a    10_b    18446744073709551616_c
  it('compares timestamps as numbers of any size', () => {
    const graph = sketchGraph({ '18446744073709551616_c': [], '10_b': [], '9_a': [] });
    expect(idsOf(graph.migrations)).toEqual(['9_a', '10_b', '18446744073709551616_c']);
  });

  it('is empty for an empty folder', () => {
    const graph = buildGraph([]);
    expect([graph.migrations, graph.roots, graph.heads]).toEqual([[], [], []]);
  });

  it('takes the smallest of the ready ones at every place, whatever order the folder was read in', () => {
    fc.assert(
      fc.property(anyMigrations, fc.infiniteStream(fc.nat()), (raw, weights) => {
        const graph = buildGraph(raw);
        expect(graph.migrations).toHaveLength(raw.length);
        const done = new Set<string>();
        for (const migration of graph.migrations) {
          const ready = graph.migrations.filter(
            ({ id, parents }) => !done.has(id) && parents.every((parent) => done.has(parent)),
          );
          expect(migration).toBe(ready.sort(compareMigrations)[0]);
          done.add(migration.id);
        }
        const keyed = raw.map((migration) => ({ migration, weight: weights.next().value }));
        const shuffled = keyed.sort((a, b) => a.weight - b.weight).map(({ migration }) => migration);
        expect(buildGraph(shuffled).migrations).toEqual(graph.migrations);
      }),
    );
  });

  it('sorts the parents of a migration, and its children', () => {
    const graph = sketchGraph({ '1_a': [], '2_b': [], '10_c': ['2', '1'], '9_d': ['1'] });
    expect(graph.get('10_c').parents).toEqual(['1_a', '2_b']);
    expect(graph.children('1_a')).toEqual(['9_d', '10_c']);
    expect(graph.children('nobody')).toEqual([]);
  });
});

describe('references to parents', () => {
  it.each([['12'], ['0012'], ['12_create_users'], ['0012_create_users'], ['create_users']])(
    'understands %s',
    (text) => {
      const graph = sketchGraph({ '12_create_users': [], '13_posts': [text] });
      expect(graph.get('13_posts').parents).toEqual(['12_create_users']);
    },
  );

  it('prefers a timestamp to a name that looks like one', () => {
    const graph = sketchGraph({ '12_first': [], '13_12': [], '14_next': ['12'], '15_other': ['13_12'] });
    expect(graph.get('14_next').parents).toEqual(['12_first']);
    expect(graph.get('15_other').parents).toEqual(['13_12']);
  });
});

describe('relatives', () => {
  //  1_a ──→ 2_b ──┬─→ 4_d ──→ 5_e
  //  3_c ──────────┘
  const graph = sketchGraph({ '1_a': [], '2_b': ['1'], '3_c': [], '4_d': ['2', '3'], '5_e': ['4'] });

  it('knows all ancestors', () => {
    expect([...graph.ancestors('4_d')].sort()).toEqual(['1_a', '2_b', '3_c']);
    expect([...graph.ancestors(['2_b', '3_c'])].sort()).toEqual(['1_a']);
    expect(graph.ancestors('nobody').size).toBe(0);
  });

  it('knows all descendants', () => {
    expect([...graph.descendants('1_a')].sort()).toEqual(['2_b', '4_d', '5_e']);
    expect([...graph.descendants(['3_c', '4_d'])].sort()).toEqual(['4_d', '5_e']);
  });

  it('knows whom it has', () => {
    expect(graph.has('1_a')).toBe(true);
    expect(graph.has('1')).toBe(false);
    expect(graph.get('1_a').name).toBe('a');
    expect(() => graph.get('9_z')).toThrow('there is no migration 9_z');
  });

  it('sees both directions alike', () => {
    fc.assert(
      fc.property(anyGraphAndIds, ({ graph: random, ids }) => {
        for (const id of ids) {
          for (const ancestor of random.ancestors(id))
            expect(random.descendants(ancestor).has(id)).toBe(true);
          for (const descendant of random.descendants(id))
            expect(random.ancestors(descendant).has(id)).toBe(true);
        }
      }),
    );
  });
});

describe('problems', () => {
  const cyclesOf = (sketch: Sketch) =>
    problemsOfSketch(sketch)
      .filter(({ title }) => title === 'Cycle detected')
      .map(({ message }) => message);

  //  ┌─────────────────────┐
  //  └→ 1_a ──→ 2_b ──→ 3_c┘
  it('prints a cycle as a path from parent to child, and points at the edge that closes it', () => {
    expect(problemsOfSketch({ '2_b': ['1'], '3_c': ['2'], '1_a': ['3'] })).toEqual([
      {
        code: 'cycle',
        title: 'Cycle detected',
        message: '1_a → 2_b → 3_c → 1_a',
        location: { file: '/migrations/1_a/metadata.yaml', line: 4, column: 5, sourceLine: '    3' },
        help: 'Each of these migrations is a parent of the next. Remove one of these entries from `parents`, such as 3_c here. Delete no folder.',
        migration: '1_a',
      },
    ]);
  });

  //  1_a ⟲     2_b ⇄ 3_c     4_d ──→ 5_e ──→ 6_f ──→ 4_d,  5_e ⇄ 6_f     3_c ──→ 7_g
  it('shows every knot once, by its shortest cycle, and nobody who only follows one', () => {
    const sketch = {
      '1_a': ['1'],
      '2_b': ['3'],
      '3_c': ['2'],
      '4_d': ['6'],
      '5_e': ['4', '6'],
      '6_f': ['5'],
      '7_g': ['3'],
    };
    expect(cyclesOf(sketch)).toEqual(['1_a → 1_a', '2_b → 3_c → 2_b', '5_e → 6_f → 5_e']);
  });

  //  2_b ⟲ inside 1_a ⇄ 2_b
  it('tells a self-parent apart from the knot that it is in', () => {
    expect(cyclesOf({ '1_a': ['2'], '2_b': ['1', '2'] })).toEqual(['1_a → 2_b → 1_a', '2_b → 2_b']);
  });

  it('finds a cycle exactly when closing one, and every cycle shown is one', () => {
    fc.assert(
      fc.property(anyMigrations, fc.nat(), fc.nat(), (raw, from, to) => {
        fc.pre(raw.length > 0);
        const parent = raw[from % raw.length] as RawMigration;
        const child = raw[to % raw.length] as RawMigration;
        fc.pre(!child.parents.some(({ text }) => text === parent.timestamp));
        const closes = parent === child || buildGraph(raw).ancestors(parent.id).has(child.id);
        const reference = { text: parent.timestamp, line: 1, column: 1 };
        const changed = raw.map((migration) =>
          migration === child ? { ...child, parents: [...child.parents, reference] } : migration,
        );
        const problems = problemsOf(changed);
        expect(problems.map(({ title }) => title)).toEqual(closes ? ['Cycle detected'] : []);
        const path = problems[0]?.message.split(' → ') ?? [];
        for (const [index, id] of path.slice(1).entries()) {
          const next = changed.find((migration) => migration.id === id);
          const parents = next?.parents.map(({ text }) => `${text}_m${text}`);
          expect(parents).toContain(path[index]);
        }
      }),
    );
  });

  it('names the parent that is not found, and no timestamp that is only near', () => {
    const [problem, ...others] = problemsOfSketch({
      '1679012345_users': [],
      '1679012400_posts': ['1679012346'],
    });
    expect(others).toEqual([]);
    expect(problem).toMatchObject({
      title: 'Parent not found',
      message: 'no migration matches the parent "1679012346" of 1679012400_posts',
      help: 'If the folder of the parent was deleted, restore it from git. Otherwise correct the entry in metadata.yaml.',
      migration: '1679012400_posts',
    });
  });

  it.each([
    ['user', '12_users'],
    ['12_user', '12_users'],
    ['99999999_users', '12_users'],
  ])('suggests for %s: %s', (text, expected) => {
    const [problem] = problemsOfSketch({ '12_users': [], '13_posts': [text] });
    expect(problem?.help).toBe(`Did you mean ${expected}?`);
  });

  it('suggests neither the migration itself nor anything far-fetched', () => {
    const [problem] = problemsOfSketch({ '12_users': [], '13_posts': ['post'] });
    expect(problem?.help).toBe(
      'If the folder of the parent was deleted, restore it from git. Otherwise correct the entry in metadata.yaml.',
    );
  });

  it('suggests something for the first twenty only, because looking for it takes time', () => {
    const sketch: Sketch = { '1_users': [] };
    for (let timestamp = 10; timestamp < 35; timestamp += 1) sketch[`${timestamp}_m`] = ['user'];
    const helped = problemsOfSketch(sketch).map(({ help }) => help === 'Did you mean 1_users?');
    expect(helped).toEqual(Array.from({ length: 25 }, (_, index) => index < 20));
  });

  it('tells all who share a timestamp, and does not complain about references to it again', () => {
    const problems = problemsOfSketch({ '7_a': [], '07_b': [], '8_c': ['7'] });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({
      title: 'Duplicate timestamp',
      message: '07_b and 7_a have the same timestamp 7',
      migration: '7_a',
    });
  });

  it('refuses a name that several migrations have', () => {
    const [problem] = problemsOfSketch({ '1_seed': [], '2_seed': [], '3_c': ['seed'] });
    expect(problem).toMatchObject({
      title: 'Ambiguous parent',
      message: 'the parent "seed" of 3_c is the name of 1_seed and 2_seed',
    });
  });

  it('refuses the same parent twice, however it was written', () => {
    const [problem] = problemsOfSketch({ '1_a': [], '2_b': ['a', '1'] });
    expect(problem).toMatchObject({
      title: 'Duplicate parent',
      message: '2_b names the parent "1" twice, the first time as "a"',
      location: { line: 5 },
      help: 'Delete one of them; the first is in line 4.',
    });
  });

  it('reports everything at once, in an order that does not depend on the disk', () => {
    const sketch = {
      '5_e': ['4', 'nobody'],
      '4_d': ['5'],
      '1_a': [],
      '01_b': [],
      '2_c': ['nothing'],
    };
    const problems = problemsOfSketch(sketch);
    expect(problems.map(({ title, migration }) => `${title}: ${migration}`)).toEqual([
      'Duplicate timestamp: 1_a',
      'Parent not found: 2_c',
      'Parent not found: 5_e',
      'Cycle detected: 4_d',
    ]);
    expect(problemsOf(sketchMigrations(sketch).reverse())).toEqual(problems);
  });
});

describe('size', () => {
  const count = 50_000;
  const chain = Array.from({ length: count }, (_, index) =>
    rawMigration(`${index + 1}_m`, index === 0 ? [] : [String(index)]),
  );

  it('does not overflow on a chain of 50,000', () => {
    const graph: Graph = buildGraph(chain);
    expect(graph.migrations).toHaveLength(count);
    expect(graph.ancestors(`${count}_m`).size).toBe(count - 1);
    expect(graph.descendants('1_m').size).toBe(count - 1);
  });

  it('shortens the picture of a cycle of 50,000', () => {
    const ring = [rawMigration('1_m', [String(count)]), ...chain.slice(1)];
    const [problem] = problemsOf(ring);
    expect(problem?.message).toMatch(/^1_m → 2_m → .* → \(49981 more\) → .* → 50000_m → 1_m$/);
  });

  it('survives 50,000 unknown parents', () => {
    const orphans = chain.map(({ id }) => rawMigration(id, ['create_customers']));
    expect(problemsOf(orphans)).toHaveLength(count);
  });
});
