/** What the history says of tables and their parts is what PostgreSQL's catalogs have, for statements made at random. */

import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { quoteAsNeeded } from '../../../src/sql/postgres/quote-as-needed.js';
import { followStatement } from '../../../src/sql/schema/follow-statement.js';
import { emptySchema, type Relation } from '../../../src/sql/schema/schema.js';
import { loadParser, tryParse } from '../../../src/sql/syntax/parse.js';
import { emptyPglite } from '../../support/pglite.js';
import { readChances } from '../../support/random-sql.js';
import { beginning } from '../effects/cases/beginning.js';
import { alterTable, indexes } from '../effects/generate/alterations.js';
import { createTable } from '../effects/generate/tables.js';

const parser = await loadParser();
const db = await emptyPglite({ extensions: { pg_trgm } });
await db.exec(beginning);
afterAll(() => db.close());

const { timeout, ...chances } = readChances({ numRuns: 100, seed: 20 });

/**
 * Each as `table part`. NOT NULL is a constraint of its own only since 18. Of policies the history keeps the names alone, so it does not
 * know which of them a column takes along: `names.test.ts` has those.
 */
const facts = {
  tables: `SELECT c.oid AS relation, NULL AS name FROM pg_class c WHERE relkind IN ('r', 'p')`,
  // `varchar(20) DEFAULT NULL` is kept as the cast of a NULL.
  // A NOT NULL that is not valid says nothing of the rows that are there; PGlite, which is 18, has it in `attnotnull` all the same.
  columns: `SELECT attrelid, attname || CASE WHEN attnotnull AND NOT EXISTS (SELECT FROM pg_constraint
        WHERE conrelid = attrelid AND contype = 'n' AND conkey[1] = attnum AND NOT convalidated) THEN ' not null' ELSE '' END
      || CASE WHEN attgenerated <> '' THEN ' generated' WHEN attidentity <> '' OR pg_get_expr(adbin, adrelid) NOT LIKE 'NULL::%'
        THEN ' default' ELSE '' END
    FROM pg_attribute JOIN pg_class c ON c.oid = attrelid LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE relkind IN ('r', 'p') AND attnum > 0 AND NOT attisdropped`,
  constraints: `SELECT conrelid, conname || ' ' || contype::text FROM pg_constraint WHERE contype NOT IN ('n', 't')`,
  indexes: 'SELECT indrelid, relname::text FROM pg_index JOIN pg_class c ON c.oid = indexrelid',
  parents: 'SELECT inhrelid, inhparent::regclass::text FROM pg_inherits',
  triggers: 'SELECT tgrelid, tgname::text FROM pg_trigger WHERE NOT tgisinternal',
} as const;

const writtenName = (...parts: readonly string[]) => parts.map(quoteAsNeeded).join('.');

type Facts = Record<keyof typeof facts, string[]>;

const constraintTypes = { check: 'c', exclude: 'x', 'foreign key': 'f', 'primary key': 'p', unique: 'u' };

function partsOf(relation: Relation): Facts {
  const { columns, constraints, indexes: owned, parents, triggers } = relation;
  const table = writtenName(relation.schema, relation.name);
  const list = (names: Iterable<string>) => [...names].map((name) => `${table} ${name}`);
  return {
    tables: [table],
    columns: list(
      [...columns.values()].map(({ name, isNotNull, hasDefault, isGenerated }) => {
        const filling = isGenerated ? ' generated' : hasDefault ? ' default' : '';
        return `${name}${isNotNull ? ' not null' : ''}${filling}`;
      }),
    ),
    constraints: list(
      [...constraints.values()].flatMap(({ name, kind }) =>
        kind === 'not null' ? [] : `${name} ${constraintTypes[kind]}`,
      ),
    ),
    indexes: list(owned.keys()),
    parents: list(parents.map((parent) => writtenName(parent.schema, parent.name))),
    triggers: list(triggers),
  };
}

/** @returns the parts of all tables, and the tables of which the history does not tell all columns. */
function followed(texts: readonly string[]): { told: Facts; partial: ReadonlySet<string> } {
  const schema = emptySchema();
  for (const { node } of tryParse(parser, [beginning, ...texts].join(';\n')) ?? [])
    followStatement(schema, node, '1_first');
  const tables = [...schema.relations.values()].filter(({ kind, schema: name }) => {
    return (kind === 'table' || kind === 'partitioned table') && name !== 'pg_temp';
  });
  const partial = tables.filter(({ isWhole }) => !isWhole).map((one) => writtenName(one.schema, one.name));
  const parts = tables.map(partsOf);
  const of = (fact: keyof Facts) => parts.flatMap((one) => one[fact]).sort();
  const told = Object.fromEntries(Object.keys(facts).map((fact) => [fact, of(fact as keyof Facts)])) as Facts;
  return { told, partial: new Set(partial) };
}

type Row = { relation: string; name: string };

async function catalogs(): Promise<Record<string, Row[]>> {
  const found: Record<string, Row[]> = {};
  await db.exec(`SET LOCAL search_path = ''`);
  for (const [fact, query] of Object.entries(facts)) {
    const { rows } = await db.query<Row>(
      `SELECT relation::regclass::text AS relation, concat_ws(' ', relation::regclass::text, name) AS name FROM (${query}) f (relation, name)
        JOIN pg_class t ON t.oid = relation AND t.relkind IN ('r', 'p') AND t.relpersistence <> 't'
        JOIN pg_namespace n ON n.oid = t.relnamespace AND nspname IN ('public', 'app')`,
    );
    found[fact] = rows;
  }
  return found;
}

/** @returns those that PostgreSQL did not refuse, and what the catalogs have behind them. */
async function run(texts: readonly string[]): Promise<{ accepted: string[]; found: Record<string, Row[]> }> {
  const accepted: string[] = [];
  await db.exec('BEGIN');
  try {
    for (const text of texts) {
      await db.exec('SAVEPOINT before_it');
      try {
        await db.exec(text);
        accepted.push(text);
      } catch {
        await db.exec('ROLLBACK TO before_it');
      }
    }
    return { accepted, found: await catalogs() };
  } finally {
    await db.exec('ROLLBACK');
  }
}

const statement = fc.oneof(
  { weight: 3, arbitrary: createTable },
  { weight: 5, arbitrary: alterTable },
  { weight: 2, arbitrary: indexes },
);

/** Runs what PostgreSQL does not refuse, and compares. @returns whether it took anything. */
async function compare(texts: readonly string[]): Promise<boolean> {
  const { accepted, found } = await run(texts);
  const { told, partial } = followed(accepted);
  const isTold = ({ relation }: Row) => !partial.has(relation);
  for (const [fact, names] of Object.entries(told)) {
    const rows = found[fact]?.filter((row) => fact !== 'columns' || isTold(row)) ?? [];
    const own = names.filter(
      (name) => fact !== 'columns' || ![...partial].some((one) => name.startsWith(`${one} `)),
    );
    expect(own, accepted.join(';\n')).toEqual(rows.map(({ name }) => name).sort());
  }
  return accepted.length > 0;
}

const child = 'create table fresh (name text, extra int) inherits (animals)';

test.each([
  ['a column of the child alone', [child, 'alter table animals drop column if exists extra']],
  [
    'a constraint of the child alone',
    [
      child,
      'alter table fresh add constraint ok check (extra > 0)',
      'alter table animals drop constraint if exists ok',
    ],
  ],
  ['a column that the child defines, too', [child, 'alter table animals drop column name']],
  ['a column that it only inherits', [child, 'alter table animals drop column legs']],
  [
    'a column that both had before they were joined',
    [
      'create table fresh (like animals)',
      'alter table fresh inherit animals',
      'alter table animals drop column legs',
    ],
  ],
  [
    'a column of two parents',
    [
      'create table other (legs int)',
      'create table fresh () inherits (animals, other)',
      'alter table other drop column legs',
    ],
  ],
  [
    'a column of two parents, of both',
    [
      'create table other (legs int)',
      'create table fresh () inherits (animals, other)',
      'alter table other drop column legs',
      'alter table animals drop column legs',
    ],
  ],
  [
    'a column by two ways',
    [
      'create table one () inherits (animals)',
      'create table two () inherits (animals)',
      'create table fresh () inherits (one, two)',
      'alter table animals drop column legs',
    ],
  ],
  [
    'ONLY the parent',
    [
      child,
      'alter table only animals drop column legs',
      'alter table animals add column legs int',
      'alter table animals drop column legs',
    ],
  ],
  [
    'a column behind NO INHERIT',
    [
      child,
      'alter table fresh no inherit animals',
      'alter table fresh inherit animals',
      'alter table animals drop column legs',
    ],
  ],
  [
    'a column that was added to the parent',
    [child, 'alter table animals add column more int', 'alter table animals drop column more'],
  ],
  [
    'a column that was added to the child before',
    [
      child,
      'alter table fresh add column more int',
      'alter table animals add column more int',
      'alter table animals drop column more',
    ],
  ],
  [
    'a column of a grandchild',
    [child, 'create table small (legs int) inherits (fresh)', 'alter table animals drop column legs'],
  ],
  [
    'a column of a partition',
    [
      'create table fresh (id int, at date) partition by range (at)',
      'create table part (at date, id int)',
      "alter table fresh attach partition part for values from ('2020-01-01') to ('2021-01-01')",
      'alter table fresh drop column id',
    ],
  ],
  [
    'a constraint of both',
    [
      child,
      'alter table fresh add constraint ok check (legs > 0)',
      'alter table animals add constraint ok check (legs > 0)',
      'alter table animals drop constraint ok',
    ],
  ],
  [
    'a constraint that it only inherits',
    [
      child,
      'alter table animals add constraint ok check (legs > 0)',
      'alter table animals drop constraint ok',
    ],
  ],
  [
    'a table whose sequence a copy uses',
    ['create table fresh (like users including defaults, more int)', 'drop table users cascade'],
  ],
  [
    'a column whose sequence a copy uses',
    ['create table fresh (like users including defaults)', 'alter table users drop column id cascade'],
  ],
  [
    'a table whose copy has a default of its own by now',
    [
      'create table fresh (like users including defaults)',
      'alter table fresh alter id set default 1',
      'drop table users cascade',
    ],
  ],
  [
    'the copy, and not what it was made of',
    ['create table fresh (like users including defaults)', 'drop table fresh'],
  ],
  [
    'a table whose sequence a child uses that stays',
    [
      'create table fresh (id bigserial)',
      'create table child (n int) inherits (fresh)',
      'alter table child no inherit fresh',
      'drop table fresh cascade',
    ],
  ],
])('drops %s', async (_, texts) => {
  expect(await compare(texts)).toBe(true);
});

test.each([
  [
    'a constraint that children have',
    [
      'alter table animals add constraint ok check (legs > 0)',
      child,
      'alter table animals rename constraint ok to fine',
    ],
  ],
  [
    'a constraint of partitions',
    [
      'create table fresh (id int, at date, constraint ok check (id > 0)) partition by range (at)',
      "create table part partition of fresh for values from ('2020-01-01') to ('2021-01-01')",
      'alter table fresh rename constraint ok to fine',
    ],
  ],
  [
    'a constraint of a key, which children do not have',
    [
      'alter table animals add constraint ok unique (legs)',
      child,
      'alter table fresh add constraint ok check (legs > 0)',
      'alter table animals rename constraint ok to fine',
    ],
  ],
])('renames %s', async (_, texts) => {
  expect(await compare(texts)).toBe(true);
});

test.each(['like animals', 'like animals including constraints', 'legs int) inherits (animals'])(
  'a new table has no rows that a NOT NULL could be wrong for: %s',
  async (definition) => {
    expect(
      await compare([
        'alter table animals add not null legs not valid',
        `create table fresh (${definition})`,
      ]),
    ).toBe(true);
  },
);

test('tables and their parts at random', { timeout }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(statement, { minLength: 1, maxLength: 6 }), async (texts) => {
      fc.pre(await compare(texts));
    }),
    chances,
  );
});
