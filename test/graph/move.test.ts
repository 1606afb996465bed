/** Moves over random graphs with random applied sets: where they end, and in which order they get there. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KatError } from '../../src/errors.js';
import { buildGraph, type Graph } from '../../src/graph/graph.js';
import type { RawMigration } from '../../src/graph/migration.js';
import { addMissing } from '../../src/graph/missing.js';
import { type Move, needsConfirmation, type Position, planMove } from '../../src/graph/move.js';
import type { Plan } from '../../src/graph/plan.js';
import { anyGraphAndIds, anyMigrations, rawMigration, sketchGraph } from './sketch.js';

/** Nothing is missing, nothing was edited. */
function at(graph: Graph, applied: readonly string[]): Position {
  return { folder: graph, graph, applied, changed: [] };
}

/** Does what a plan says, as a run would, and refuses what would leave a child without its parent. */
function carryOut({ graph, applied }: Position, { steps }: Plan): string[] {
  const state = new Set(applied);
  for (const { id, direction } of steps) {
    expect(state.has(id)).toBe(direction === 'down');
    if (direction === 'up') {
      expect(graph.get(id).parents.filter((parent) => !state.has(parent))).toEqual([]);
      state.add(id);
    } else {
      expect([...graph.descendants(id)].filter((later) => state.has(later))).toEqual([]);
      state.delete(id);
    }
  }
  return [...state];
}

/** The ten lines that say what every move comes to, without a word about order. */
function predict({ folder, graph, applied, changed }: Position, move: Move): string[] {
  const upTo = (ids: readonly string[]) => [...ids, ...graph.ancestors(ids)];
  const from = (ids: readonly string[]) => [...ids, ...graph.descendants(ids)];
  const without = (ids: readonly string[]) => applied.filter((id) => !ids.includes(id));
  const only = (ids: readonly string[]) => applied.filter((id) => ids.includes(id));
  if (move.kind === 'sync') return folder.migrations.map(toId);
  if (move.kind === 'up') return [...applied, ...upTo(move.to ?? folder.migrations.map(toId))];
  if (move.kind === 'redo') return [...applied, ...upTo(only(from('of' in move ? move.of : changed)))];
  if ('of' in move) return without(from(move.of));
  if ('to' in move) return only(upTo(applied.slice(0, applied.indexOf(move.to) + 1)));
  throw new Error('nobody can tell without an order');
}

const toId = ({ id }: { id: string }) => id;

/** As a set, to be compared. */
const sorted = (ids: Iterable<string>) => [...new Set(ids)].sort();

const few = <T>(items: readonly T[]) => fc.subarray([...items], { maxLength: Math.min(3, items.length) });

/** A graph of which some migrations, with all that follows them, have lost their folders; some of the others were edited. */
const anyPosition: fc.Arbitrary<Position> = anyGraphAndIds.chain(({ graph: whole, ids }) =>
  fc
    .record({
      lost: few(ids),
      edited: few(ids),
    })
    .map(({ lost, edited }) => {
      const gone = new Set([...lost, ...whole.descendants(lost)]);
      const folder = buildGraph(whole.migrations.filter(({ id }) => !gone.has(id)).map(toRaw));
      const missing = ids.filter((id) => gone.has(id)).map((id) => whole.get(id));
      return {
        folder,
        graph: addMissing(folder, missing),
        applied: ids,
        changed: edited.filter((id) => folder.has(id)),
      };
    }),
);

function toRaw({ id, parents }: { id: string; parents: readonly string[] }): RawMigration {
  return rawMigration(id, parents);
}

/** Everything that can be asked for in a position, by ids. */
function anyMove({ folder, applied, changed }: Position): fc.Arbitrary<Move> {
  const applying = folder.migrations.map(toId);
  const targets = few(applying);
  const chosen = few(applied);
  return fc.oneof(
    fc.constant<Move>({ kind: 'up' }),
    targets.map((to): Move => ({ kind: 'up', to })),
    chosen.map((of): Move => ({ kind: 'down', of })),
    ...(applied.length > 0
      ? [
          fc.constantFrom(...applied).map((to): Move => ({ kind: 'down', to })),
          fc.constantFrom(...applied).map((id): Move => ({ kind: 'redo', of: [id] })),
        ]
      : []),
    ...(changed.length > 0 ? [fc.constant<Move>({ kind: 'redo', modified: true })] : []),
    fc.boolean().map((modified): Move => ({ kind: 'sync', modified })),
  );
}

const anyPositionAndMove = anyPosition.chain((position) =>
  fc.record({ position: fc.constant(position), move: anyMove(position) }),
);

/** The plan, or undefined where a redo meets what could not be applied again. */
function tryMove(position: Position, move: Move): Plan | undefined {
  try {
    return planMove(position, move);
  } catch (error) {
    if (error instanceof KatError && error.code === 'MIGRATIONS_MISSING') return undefined;
    throw error;
  }
}

describe('every move', () => {
  it('ends where the model says, and leaves no child without its parent on the way', () => {
    fc.assert(
      fc.property(anyPositionAndMove, ({ position, move }) => {
        const plan = tryMove(position, move);
        if (!plan) {
          const of = move.kind === 'redo' && 'of' in move ? move.of : position.changed;
          const again = [...of, ...position.graph.descendants(of)];
          expect(again.some((id) => position.applied.includes(id) && !position.folder.has(id))).toBe(true);
          return;
        }
        expect(sorted(carryOut(position, plan))).toEqual(sorted(predict(position, move)));
      }),
      { numRuns: 1000 },
    );
  });

  it('does nothing that it need not do', () => {
    fc.assert(
      fc.property(anyPositionAndMove, ({ position, move }) => {
        if (move.kind === 'redo' || (move.kind === 'sync' && move.modified)) return;
        const ids = (tryMove(position, move)?.steps ?? []).map(toId);
        const before = new Set(position.applied);
        const end = new Set(predict(position, move));
        const moved = [...before, ...end].filter((id) => before.has(id) !== end.has(id));
        expect([...ids].sort()).toEqual(sorted(moved));
      }),
    );
  });

  it('is the same whatever the order of the folders', () => {
    fc.assert(
      fc.property(anyPositionAndMove, fc.infiniteStream(fc.nat()), ({ position, move }, numbers) => {
        const raw = position.folder.migrations.map(toRaw);
        const keys = new Map(raw.map(({ id }) => [id, numbers.next().value as number]));
        const shuffled = [...raw].sort((a, b) => (keys.get(a.id) as number) - (keys.get(b.id) as number));
        const folder = buildGraph(shuffled);
        const missing = position.applied.filter((id) => !folder.has(id)).map((id) => position.graph.get(id));
        const other = { ...position, folder, graph: addMissing(folder, missing) };
        expect(tryMove(other, move)).toEqual(tryMove(position, move));
      }),
    );
  });
});

describe('moves one after the other', () => {
  const anyClosed = anyGraphAndIds.map(({ graph, ids }) => {
    const closed = new Set([...ids, ...graph.ancestors(ids)]);
    return { graph, applied: graph.migrations.map(toId).filter((id) => closed.has(id)) };
  });

  it('up to a migration and back to where it began gives the same applied ones, in the same order', () => {
    fc.assert(
      fc.property(anyClosed, fc.nat(), ({ graph, applied }, number) => {
        fc.pre(graph.migrations.length > 0);
        const target = graph.migrations[number % graph.migrations.length]?.id as string;
        const there = at(
          graph,
          carryOut(at(graph, applied), planMove(at(graph, applied), { kind: 'up', to: [target] })),
        );
        const back = planMove(there, { kind: 'down', to: applied.at(-1) ?? 'base' });
        expect(carryOut(there, back)).toEqual(applied);
      }),
    );
  });

  it('redo leaves what is applied as it was', () => {
    fc.assert(
      fc.property(anyClosed, fc.nat(), ({ graph, applied }, number) => {
        fc.pre(applied.length > 0);
        const of = [applied[number % applied.length] as string];
        const plan = planMove(at(graph, applied), { kind: 'redo', of });
        expect(sorted(carryOut(at(graph, applied), plan))).toEqual(sorted(applied));
      }),
    );
  });

  it('a second sync has nothing to do', () => {
    fc.assert(
      fc.property(anyPosition, (position) => {
        const applied = carryOut(position, planMove(position, { kind: 'sync', modified: true }));
        expect(planMove(at(position.folder, applied), { kind: 'sync', modified: true }).steps).toEqual([]);
      }),
    );
  });

  it('up comes to the same end from wherever any moves have led', () => {
    fc.assert(
      fc.property(anyMigrations, fc.gen(), (raw, gen) => {
        const graph = buildGraph(raw);
        let applied: string[] = [];
        for (let left = gen(fc.nat, { max: 6 }); left > 0; left -= 1) {
          const position = at(graph, applied);
          applied = carryOut(position, planMove(position, gen(anyMove, position)));
        }
        const up = planMove(at(graph, applied), { kind: 'up' });
        expect(sorted(carryOut(at(graph, applied), up))).toEqual(sorted(raw.map(toId)));
      }),
    );
  });
});

describe('by hand', () => {
  //  1_a ──┬─→ 2_b ──→ 4_d ──┐
  //        └─→ 3_c ──────────┴─→ 5_e        6_f
  const graph = sketchGraph({
    '1_a': [],
    '2_b': ['1'],
    '3_c': ['1'],
    '4_d': ['2'],
    '5_e': ['3', '4'],
    '6_f': [],
  });
  const all = ['1_a', '6_f', '3_c', '2_b', '4_d', '5_e'];
  const lines = (position: Position, move: Move) =>
    planMove(position, move).steps.map(({ id, direction }) => (direction === 'up' ? `+${id}` : `-${id}`));

  it.each<[what: string, applied: string[], move: Move, steps: string[]]>([
    ['one target', [], { kind: 'up', to: ['d'] }, ['+1_a', '+2_b', '+4_d']],
    ['two targets', ['1_a'], { kind: 'up', to: ['c', '6'] }, ['+3_c', '+6_f']],
    ['heads', ['1_a', '2_b', '3_c', '4_d'], { kind: 'up', to: ['heads'] }, ['+5_e', '+6_f']],
    ['one before a migration', [], { kind: 'up', to: ['d-1'] }, ['+1_a', '+2_b']],
    ['the next two', ['1_a'], { kind: 'up', to: ['+2'] }, ['+2_b', '+3_c']],
    ['the next five, but three', [], { kind: 'up', to: ['+5'], count: 3 }, ['+1_a', '+2_b', '+3_c']],
    ['targets, but one', [], { kind: 'up', to: ['d', 'f'], count: 1 }, ['+1_a']],
    ['a target that is applied', ['1_a'], { kind: 'up', to: ['a'] }, []],
    ['back to one', all, { kind: 'down', to: 'c' }, ['-5_e', '-4_d', '-2_b']],
    ['back to base', ['1_a', '6_f'], { kind: 'down', to: 'base' }, ['-6_f', '-1_a']],
    ['back by two, named', all, { kind: 'down', to: '-2' }, ['-5_e', '-4_d']],
    ['back by the last two', all, { kind: 'down', last: 2 }, ['-5_e', '-4_d']],
    ['back by the last one of none', [], { kind: 'down', last: 1 }, []],
    ['back by more than there are', ['1_a'], { kind: 'down', count: 9 }, ['-1_a']],
    ['back by two', all, { kind: 'down', of: ['-2'] }, ['-5_e', '-4_d']],
    ['one and what follows', all, { kind: 'down', of: ['b'] }, ['-5_e', '-4_d', '-2_b']],
    ['everything', ['1_a', '6_f'], { kind: 'down', all: true }, ['-6_f', '-1_a']],
    ['none', all, { kind: 'down', of: [] }, []],
    ['the last again', all, { kind: 'redo', of: [] }, ['-5_e', '+5_e']],
    ['the last two again', all, { kind: 'redo', of: ['-2'] }, ['-5_e', '-4_d', '+4_d', '+5_e']],
    ['one again', all, { kind: 'redo', of: ['3'] }, ['-5_e', '-3_c', '+3_c', '+5_e']],
    [
      'again with the parent that it has got',
      ['4_d'],
      { kind: 'redo', of: ['d'] },
      ['-4_d', '+1_a', '+2_b', '+4_d'],
    ],
    ['nothing again', [], { kind: 'redo', of: [] }, []],
    ['nothing edited', all, { kind: 'redo', modified: true }, []],
    ['nothing to follow', all, { kind: 'sync', modified: true }, []],
  ])('%s', (_what, applied, move, steps) => {
    expect(lines(at(graph, applied), move)).toEqual(steps);
  });

  it('a parent that was applied late stays when its child is gone back to', () => {
    expect(lines(at(graph, ['2_b', '6_f', '1_a']), { kind: 'down', to: 'b' })).toEqual(['-6_f']);
  });

  describe('with folders that are gone', () => {
    //  1_a ──→ 7_lost ──→ 8_lost
    const remembered = [
      { id: '7_lost', parents: ['1_a'], noTransaction: false },
      { id: '8_lost', parents: ['7_lost'], noTransaction: false },
    ];
    const applied = ['1_a', '7_lost', '2_b', '8_lost', '6_f'];
    const position = { folder: graph, graph: addMissing(graph, remembered), applied, changed: ['2_b'] };

    it.each<[what: string, move: Move, steps: string[]]>([
      [
        'a folder and what has lost its own',
        { kind: 'down', of: ['a'] },
        ['-8_lost', '-2_b', '-7_lost', '-1_a'],
      ],
      ['one that has lost it', { kind: 'down', of: ['7_lost'] }, ['-8_lost', '-7_lost']],
      ['sync', { kind: 'sync', modified: false }, ['-8_lost', '-7_lost', '+3_c', '+4_d', '+5_e']],
      [
        'sync with edits',
        { kind: 'sync', modified: true },
        ['-8_lost', '-2_b', '-7_lost', '+2_b', '+3_c', '+4_d', '+5_e'],
      ],
      ['edits', { kind: 'redo', modified: true }, ['-2_b', '+2_b']],
    ])('%s', (_what, move, steps) => {
      expect(lines(position, move)).toEqual(steps);
    });

    it('head is that of the folder', () => {
      const folder = sketchGraph({ '1_a': [], '2_b': ['1'] });
      const other = {
        ...position,
        folder,
        graph: addMissing(folder, remembered),
        applied: ['1_a', '2_b', '7_lost'],
      };
      expect(lines(other, { kind: 'down', of: ['head'] })).toEqual(['-2_b']);
      expect(lines(other, { kind: 'down', to: 'head-1' })).toEqual(['-7_lost', '-2_b']);
    });

    it('refuses to do again what could not be applied', () => {
      expect(refusal(position, { kind: 'redo', of: ['a'] })).toMatchObject({
        code: 'MIGRATIONS_MISSING',
        message: '2 migrations could not be applied again without a folder',
        problems: [{ migration: '8_lost' }, { migration: '7_lost' }],
        help: expect.stringContaining('kat sync'),
      });
    });
  });

  function refusal(position: Position, move: Move): KatError {
    try {
      planMove(position, move);
    } catch (error) {
      if (error instanceof KatError) return error;
      throw error;
    }
    throw new Error('it was planned');
  }

  it.each<[move: Move, message: string, help: string]>([
    [{ kind: 'down', of: ['c'] }, '3_c is not applied', 'kat status'],
    [{ kind: 'down', of: ['c', 'd', 'a'] }, '3_c and 4_d are not applied', 'kat status'],
    [{ kind: 'down', to: 'c' }, '3_c is not applied', 'kat status'],
    [{ kind: 'redo', of: ['e'] }, '5_e is not applied', 'kat status'],
    [
      { kind: 'down', to: 'heads' },
      '--to takes one migration, but heads means several',
      'stay as the latest',
    ],
    [
      { kind: 'down', to: '+1' },
      '+1 does not name one migration here',
      'Use -N without other names, or name migrations.',
    ],
    [
      { kind: 'up', to: ['-1'] },
      '-1 does not name one migration here',
      'Use +N without other names, or name migrations.',
    ],
    [{ kind: 'up', to: ['+1', 'c'] }, '+1 c does not name one migration here', 'Use +N without other names'],
    [
      { kind: 'redo', of: ['-1', '-2'] },
      '-1 -2 does not name one migration here',
      'Use -N without other names',
    ],
    [{ kind: 'down', last: 3 }, '-3 is out of range: 2 migrations are applied', 'kat status'],
    [{ kind: 'down', of: ['-3'] }, '-3 is out of range: 2 migrations are applied', 'kat status'],
    [{ kind: 'down', to: '-99' }, '-99 is out of range: 2 migrations are applied', 'kat status'],
    [{ kind: 'redo', of: ['-3'] }, '-3 is out of range: 2 migrations are applied', 'kat status'],
    [{ kind: 'up', to: ['base'] }, '"base" is the state without applied migrations, not a migration', '--to'],
    [{ kind: 'up', to: ['nowhere'] }, 'no migration matches "nowhere"', 'Write an id'],
  ])('refuses %j', (move, message, help) => {
    const error = refusal(at(graph, ['1_a', '2_b']), move);
    expect(error).toMatchObject({ code: 'USAGE', message, help: expect.stringContaining(help) });
  });

  it('refuses to go back to the heads of an empty folder', () => {
    const message = '--to takes one migration, but heads means none';
    expect(refusal(at(buildGraph([]), []), { kind: 'down', to: 'heads' })).toMatchObject({ message });
  });

  it('asks before it takes back more than a plain down', () => {
    const asks = (move: Move, applied = all) => needsConfirmation(move, planMove(at(graph, applied), move));
    expect(asks({ kind: 'down', count: 3 })).toBe(false);
    expect(asks({ kind: 'up' }, [])).toBe(false);
    expect(asks({ kind: 'sync', modified: false }, [])).toBe(false);
    expect(asks({ kind: 'down', of: ['e'] })).toBe(true);
    expect(asks({ kind: 'down', all: true })).toBe(true);
    expect(asks({ kind: 'down', to: 'a' })).toBe(true);
    expect(asks({ kind: 'redo', of: [] })).toBe(true);
    expect(asks({ kind: 'down', all: true }, [])).toBe(false);
  });
});

it('ten thousand migrations, and as many references, take no time that anybody would notice', () => {
  const count = 10_000;
  const raw = Array.from({ length: count }, (_, index) =>
    rawMigration(`${index + 1}_m${index + 1}`, index === 0 ? [] : [String(index)]),
  );
  const graph = buildGraph(raw);
  const ids = raw.map(toId);
  const lost = Array.from({ length: count }, (_, index) => ({
    id: `${count + index + 1}_lost`,
    parents: [index === 0 ? `${count}_m${count}` : `${count + index}_lost`],
    noTransaction: false,
  }));
  const applied = [...ids, ...lost.map(toId)];
  const position = { folder: graph, graph: addMissing(graph, lost), applied, changed: ids };
  const moves: Move[] = [
    { kind: 'down', of: ids },
    { kind: 'down', to: '1' },
    { kind: 'down', of: [`base+${count}`] },
    { kind: 'sync', modified: true },
  ];
  expect(moves.map((move) => planMove(position, move).steps.length)).toEqual([
    2 * count,
    2 * count - 1,
    count + 1,
    3 * count,
  ]);
  expect(planMove(at(graph, []), { kind: 'up', to: ids }).steps).toHaveLength(count);
});
