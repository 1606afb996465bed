import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { SqlError } from '../../../src/errors.js';
import { openStage } from './agree.js';

const columnTypes = [
  ...['int', 'bigint', 'smallint', 'oid', 'numeric', 'numeric(8,2)', 'real', 'boolean', 'uuid', 'date'],
  ...['text', 'varchar', 'varchar(10)', 'varchar(20)', 'char(3)', 'bpchar', 'name', 'citext', 'bytea'],
  ...[
    'timestamp',
    'timestamp(3)',
    'timestamptz',
    'timestamptz(0)',
    'time',
    'time(2)',
    'interval',
    'interval(2)',
  ],
  ...[
    'json',
    'jsonb',
    'xml',
    'inet',
    'cidr',
    'bit(3)',
    'varbit',
    'varbit(5)',
    'int[]',
    'text[]',
    'varchar(5)[]',
  ],
  ...['small', 'label', 'mood'],
];

/** Types that B-trees sort. */
const sorted = (type: string) => !/json$|xml/.test(type);

const columns = columnTypes.map((type, index) => ({ name: `c${index}`, type, index: index % 4 }));

/** A column of each type: plain, with an index, with a partial index, or with a check. */
const beginning = [
  'CREATE EXTENSION citext',
  'CREATE DOMAIN small AS int CHECK (VALUE < 100)',
  'CREATE DOMAIN label AS varchar(20)',
  `CREATE TYPE mood AS ENUM ('good', 'bad')`,
  `CREATE TABLE wide (id int PRIMARY KEY, ${columns.map(({ name, type }) => `${name} ${type}`).join(', ')})`,
  ...columns.flatMap(({ name, type, index }) => {
    if (index === 1 && sorted(type)) return [`CREATE INDEX ON wide (${name})`];
    if (index === 2 && sorted(type)) return [`CREATE INDEX ON wide (${name}) WHERE id > 3`];
    return index === 3 ? [`ALTER TABLE wide ADD CHECK (${name} IS NOT NULL OR id > 3)`] : [];
  }),
  'CREATE TABLE other (id int PRIMARY KEY)',
].join(';\n');

const stage = await openStage(beginning);
afterAll(() => stage.close());

const type = fc.constantFrom(...columnTypes);
const column = fc.constantFrom(...columns.map(({ name }) => name));
const value = fc.constantFrom(
  'NULL',
  '3',
  `'x'`,
  'now()',
  'random()',
  'clock_timestamp()',
  'current_user',
  '3 + 4',
);
const added = fc.constantFrom(
  '',
  'NOT NULL',
  'UNIQUE',
  'CHECK (true)',
  'REFERENCES other',
  'NOT NULL UNIQUE',
);

const command = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(column, type).map(([name, to]) => `ALTER ${name} TYPE ${to}`) },
  fc.tuple(column, type).map(([name, to]) => `ALTER ${name} TYPE ${to} USING ${name}::${to}`),
  { weight: 2, arbitrary: fc.tuple(type, added).map(([of, more]) => `ADD COLUMN fresh ${of} ${more}`) },
  {
    weight: 2,
    arbitrary: fc.tuple(type, value, added).map(([of, is, more]) => `ADD fresh ${of} DEFAULT ${is} ${more}`),
  },
  column.map((name) => `ALTER ${name} SET NOT NULL`),
  column.map((name) => `ADD CHECK (${name} IS NOT NULL)`),
  column.map((name) => `ADD CHECK (${name} IS NOT NULL) NOT VALID`),
  column.map((name) => `ADD UNIQUE (${name})`),
  column.map((name) => `DROP COLUMN ${name}`),
  column.map((name) => `ALTER ${name} SET STATISTICS 50`),
);

test('ALTER TABLE does what is predicted of it, whatever its commands and types', async () => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 1, maxLength: 3 }), async (commands) => {
      try {
        const { differences } = await stage.play(`ALTER TABLE wide ${commands.join(', ')}`);
        compared += 1;
        expect(differences).toEqual([]);
      } catch (error) {
        // Many types cannot become each other, and some commands not follow each other.
        if (!(error instanceof SqlError)) throw error;
      }
    }),
    { numRuns: 300 },
  );
  expect(compared).toBeGreaterThan(60);
});
