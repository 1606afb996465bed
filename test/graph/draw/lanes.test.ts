import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asciiGlyphs, boxGlyphs, drawRow } from '../../../src/graph/draw/glyphs.js';
import { layOutLanes } from '../../../src/graph/draw/lanes.js';
import { buildGraph, type Graph } from '../../../src/graph/graph.js';
import { anyMigrations, type Sketch, sketchGraph } from '../sketch.js';
import { drawGraph, readDrawing } from './drawing.js';

function chain(length: number): Sketch {
  const numbers = Array.from({ length }, (_, index) => index + 1);
  return Object.fromEntries(
    numbers.map((number) => [`${number}_m${number}`, number === 1 ? [] : [`${number - 1}`]]),
  );
}

const pictures: readonly (readonly [name: string, sketch: Sketch, picture: string])[] = [
  ['nothing', {}, ''],
  ['one migration', { '1_a': [] }, '●  a'],
  ['a chain', { '1_a': [], '2_b': ['1'], '3_c': ['2'] }, '●  a\n●  b\n●  c'],
  [
    'a diamond',
    { '1_users': [], '2_posts': ['1'], '3_profiles': ['1'], '4_authors': ['2', '3'] },
    `
●    users
├─●  posts
● │  profiles
●─╯  authors`,
  ],
  [
    'roots that come together',
    { '1_users': [], '2_tags': [], '3_teams': [], '4_all': ['1', '2', '3'] },
    `
●      users
│ ●    tags
│ │ ●  teams
●─┴─╯  all`,
  ],
  [
    'no edge at all',
    { '1_users': [], '2_tags': [], '3_teams': [] },
    `
●    users
  ●  tags
●    teams`,
  ],
  [
    'many children',
    { '1_users': [], '2_a': ['1'], '3_b': ['1'], '4_c': ['1'], '5_d': ['1'] },
    `
●      users
├─●    a
├───●  b
├─●    c
●      d`,
  ],
  [
    'two histories',
    { '1_users': [], '2_tags': [], '3_posts': ['1'], '4_labels': ['2'], '5_feed': ['3'], '6_marks': ['4'] },
    `
●    users
│ ●  tags
● │  posts
│ ●  labels
● │  feed
  ●  marks`,
  ],
  [
    'an edge across a line',
    {
      '1_users': [],
      '2_tags': [],
      '3_teams': [],
      '4_members': ['1', '3'],
      '5_labels': ['2'],
      '6_end': ['4', '5'],
    },
    `
●      users
│ ●    tags
│ │ ●  teams
●─│─╯  members
│ ●    labels
●─╯    end`,
  ],
  [
    'a merge between two lines',
    { '1_a': [], '2_b': [], '3_c': [], '4_m': ['1', '2', '3'], '5_x': ['1'], '6_y': ['3'] },
    `
●      a
│ ●    b
│ │ ●  c
├─●─┤  m
●   │  x
    ●  y`,
  ],
  [
    'redundant edges',
    { '1_a': [], '2_b': ['1'], '3_c': ['1', '2'], '4_d': ['1', '2', '3'] },
    `
●      a
├─●    b
├─┼─●  c
●─┴─╯  d`,
  ],
  [
    'a merge of lines that go on',
    {
      '1_a': [],
      '2_b': ['1'],
      '3_c': ['1'],
      '4_d': ['2', '3'],
      '5_e': ['2'],
      '6_f': ['3'],
      '7_g': ['5', '6', '4'],
    },
    `
●      a
├─●    b
● │    c
├─┼─●  d
│ ● │  e
● │ │  f
●─┴─╯  g`,
  ],
  [
    'a long chain beside a short one',
    { ...chain(20), '30_side': ['3'], '31_join': ['30', '20'] },
    `
●    m1
●    m2
●    m3
├─●  m4
│ ●  m5
│ ⋮  13 more
│ ●  m19
│ ●  m20
● │  side
●─╯  join`,
  ],
];

/** Each follows one of the ten before it, and every fifth two more; every fiftieth is a root whose children come late. */
function manyMigrations(count: number): Sketch {
  const entries = Array.from({ length: count }, (_, index) => {
    const steps = index % 50 === 0 ? [] : index % 5 === 0 ? [1, 4, 1 + (index % 97)] : [1 + (index % 10)];
    const parents = [...new Set(steps)].filter((step) => step <= index).map((step) => `${index - step + 1}`);
    return [`${index + 1}_m${index}`, parents] as const;
  });
  return Object.fromEntries(entries);
}

/** What a history of years looks like: a long chain, then a few people at work side by side. */
const team: Sketch = {
  ...chain(152),
  '153_tenants': ['152'],
  '154_ids': ['152'],
  '155_defaults': ['153'],
  '156_not_null': ['154', '155'],
  '157_state': ['155'],
  '158_policy': ['156', '157'],
};

describe('large graphs', () => {
  it('folds a history of years to a screen', () => {
    const picture = `
●    m1
●    m2
⋮    148 more
●    m151
●    m152
├─●  tenants
● │  ids
│ ●  defaults
●─┤  not_null
│ ●  state
●─╯  policy`;
    expect(drawGraph(sketchGraph(team))).toBe(picture.slice(1));
  });

  it('draws 2,000 migrations in few lanes', () => {
    const lines = drawGraph(sketchGraph(manyMigrations(2000))).split('\n');
    const picture = `
●   │                        m59
├───●                        m60
├─●                          m61
├─│─●                        m62
├─│───●                      m63
├─│─●                        m64
│ ●─╯                        m65
├───●                        m66
├─● │                        m67
├───│─●                      m68`;
    expect(lines.slice(59, 69).map((line) => line.replace(/ {2,}(?=m)/, '  '))).toEqual(
      picture
        .slice(1)
        .split('\n')
        .map((line) => line.replace(/ {2,}(?=m)/, '  ')),
    );
    expect(Math.max(...lines.map((line) => line.search(/ m\d/)))).toBeLessThan(30);
  });
});

describe('draws', () => {
  it.each(pictures)('%s', (_name, sketch, picture) => {
    expect(drawGraph(sketchGraph(sketch))).toBe(picture.replace(/^\n/, ''));
  });

  it('with ASCII characters', () => {
    const sketch = {
      '1_a': [],
      '2_b': [],
      '3_c': [],
      '4_d': ['1', '3'],
      '5_e': ['2'],
      '6_f': ['4', '5'],
      '7_g': ['1'],
    };
    const picture = `
●      a
| ●    b
| | ●  c
+-|-●  d
| ● |  e
| ●-'  f
●      g`;
    expect(drawGraph(sketchGraph(sketch), { glyphs: asciiGlyphs })).toBe(picture.slice(1));
  });

  it('names a parent whose line does not fit', () => {
    const sketch = { '1_a': [], '2_b': [], '3_c': [], '4_b2': ['2'], '5_c2': ['3'], '6_last': ['1', '5'] };
    const picture = `
●    a
  ●  b
● │  c
│ ●  b2
●    c2
●    last  after 1_a`;
    expect(drawGraph(sketchGraph(sketch), { maxLines: 2 })).toBe(picture.slice(1));
  });

  it('folds no rows of different groups together', () => {
    const groupOf = (id: string) => (Number.parseInt(id, 10) > 15 ? 'pending' : 'applied');
    const lines = drawGraph(sketchGraph(chain(30)), { groupOf }).split('\n');
    const expected = ['●  m1', '●  m2', '⋮  11 more', '●  m14', '●  m15'];
    expect(lines).toEqual([...expected, '●  m16', '●  m17', '⋮  11 more', '●  m29', '●  m30']);
  });
});

/** Every edge of a drawing, whether as a line or as a note, each as `parent child`. */
function drawnEdges({ migrations }: Graph, maxLines: number): string[] {
  const rows = layOutLanes(migrations, maxLines);
  const lines = rows.map((row) => {
    const { before, after } = drawRow(row, boxGlyphs);
    return `${before}●${after}`;
  });
  const noted = rows.flatMap(({ id, unlinked }) => unlinked.map((parent) => `${parent} ${id}`));
  return [
    ...readDrawing(
      lines,
      migrations.map(({ id }) => id),
    ),
    ...noted,
  ].sort();
}

function edgesOf({ migrations }: Graph): string[] {
  return migrations.flatMap(({ id, parents }) => parents.map((parent) => `${parent} ${id}`)).sort();
}

describe('a drawing of any graph', () => {
  it('shows every edge once, and no line breaks off', () => {
    fc.assert(
      fc.property(anyMigrations, fc.integer({ min: 1, max: 30 }), (raw, maxLines) => {
        const graph = buildGraph(raw);
        expect(drawnEdges(graph, maxLines)).toEqual(edgesOf(graph));
      }),
      { numRuns: 500 },
    );
  });

  it('notes no edge that fits', () => {
    fc.assert(
      fc.property(anyMigrations, (raw) => {
        const rows = layOutLanes(buildGraph(raw).migrations, 30);
        expect(rows.flatMap(({ unlinked }) => unlinked)).toEqual([]);
      }),
    );
  });

  it('has at most so many lines beside each other', () => {
    fc.assert(
      fc.property(anyMigrations, fc.integer({ min: 1, max: 5 }), (raw, maxLines) => {
        for (const { cells } of layOutLanes(buildGraph(raw).migrations, maxLines)) {
          const lines = cells.filter((cell) => cell === 'pass' || cell === 'branch' || cell === 'end');
          expect(lines.length).toBeLessThanOrEqual(maxLines);
          expect(cells.length).toBeLessThanOrEqual(maxLines + 2);
        }
      }),
    );
  });
});
