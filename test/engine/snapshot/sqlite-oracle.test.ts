/** What the snapshot reads from random texts of tables is what SQLite itself has understood, as its PRAGMAs tell. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Session } from '../../../src/connections/driver.js';
import { openDriver } from '../../../src/connections/open-connection.js';
import { readSnapshot } from '../../../src/engine/snapshot/read-snapshot.js';
import { renderSqliteSchema } from '../../../src/sql/ddl/sqlite/render-sqlite-schema.js';
import { compareSnapshots } from '../../../src/sql/snapshot/compare.js';
import type { SnapshotObject } from '../../../src/sql/snapshot/snapshot.js';

const blank = fc.constantFrom(' ', '  ', '\n', '\t', ' -- a, remark (of one)\n', ' /* ,( */ ');
const name = fc.constantFrom('a', 'b', '"b b"', '[c]', '`d`', 'e$', '"group"', 'KEY', 'Ü', '"x""y"');
const type = fc.constantFrom(
  '',
  'INT',
  'integer',
  'VARCHAR ( 10 )',
  'DECIMAL(10,2)',
  'unsigned big int',
  '"my type"',
);
const expression = fc.constantFrom(
  '1',
  "'a,b'",
  "length('(')",
  "x'0A'",
  '1.5e+3',
  '(1 + 2) * -3',
  "'it''s' || 'y'",
  'CASE WHEN 1 THEN 2 END',
);
const conflict = fc.constantFrom('', ' ON CONFLICT REPLACE', ' on conflict ignore');
const action = fc.constantFrom(
  '',
  ' ON DELETE CASCADE',
  ' on update set null',
  ' ON DELETE NO ACTION ON UPDATE RESTRICT',
  ' ON DELETE SET DEFAULT DEFERRABLE INITIALLY DEFERRED',
  ' MATCH FULL NOT DEFERRABLE',
);
const reference = fc
  .tuple(fc.constantFrom('p', '"p"', '[q q]'), fc.constantFrom('', '(id)', ' ( "id" )'), action)
  .map((parts) => `REFERENCES ${parts.join('')}`);

const clause = fc.oneof(
  conflict.map((text) => `NOT NULL${text}`),
  conflict.map((text) => `UNIQUE${text}`),
  fc.constantFrom(
    'NULL',
    'DEFAULT 1',
    "DEFAULT 'x)'",
    'DEFAULT -2.5',
    'DEFAULT (1 + (2))',
    'DEFAULT current_timestamp',
    'COLLATE nocase',
    'COLLATE "binary"',
  ),
  expression.map((text) => `CHECK (${text})`),
  expression.map((text) => `CONSTRAINT named CHECK(${text})`),
  reference,
);

const column = fc.record({ name, type, clauses: fc.array(clause, { maxLength: 4 }) });

const tableClause = (columns: readonly string[]) =>
  fc.oneof(
    fc
      .subarray([...columns], { minLength: 1 })
      .chain((list) => conflict.map((text) => `UNIQUE (${list.join(', ')} DESC)${text}`)),
    expression.map((text) => `CONSTRAINT "a check" CHECK (${text})`),
    fc.tuple(fc.constantFrom(...columns), reference).map(([one, text]) => `FOREIGN KEY (${one}) ${text}`),
  );

const table = fc
  .uniqueArray(column, { minLength: 1, maxLength: 5, selector: (one) => one.name })
  .chain((columns) => {
    const names = columns.map((one) => one.name);
    return fc.record({
      columns: fc.constant(columns),
      key: fc.option(fc.subarray(names, { minLength: 1 })),
      clauses: fc.array(tableClause(names), { maxLength: 3 }),
      separator: fc.constantFrom(', ', ' '),
      blank,
    });
  })
  .map(({ columns, key, clauses, separator, blank: gap }) => {
    const defined = columns.map((one) => [one.name, one.type, ...one.clauses].filter(Boolean).join(gap));
    const keys = key ? [`PRIMARY KEY (${key.join(', ')})`] : [];
    const last = [...keys, ...clauses].join(separator);
    return `CREATE TABLE${gap}"t t" (${[...defined, ...(last === '' ? [] : [last])].join(`,${gap}`)})`;
  });

const parents = 'CREATE TABLE p (id INT UNIQUE, PRIMARY KEY (id)); CREATE TABLE "q q" (id INT PRIMARY KEY);';

/** The constraints that SQLite keeps as data, in a form of the test's own. */
async function askPragmas(session: Session): Promise<{ keys: string[]; foreign: string[] }> {
  const rows = async (sql: string) => (await session.execute(sql))[0]?.rows ?? [];
  const keys = await rows(
    `SELECT l.origin || ' ' || group_concat(x.name, ',') AS text FROM pragma_index_list('t t') l, pragma_index_xinfo(l.name) x
     WHERE x.key = 1 AND l.origin <> 'c' GROUP BY l.name`,
  );
  const foreign = await rows(
    `SELECT lower("table") || ' ' || group_concat("from", ',') || ' ' || on_delete || ' ' || on_update AS text FROM pragma_foreign_key_list('t t') GROUP BY id`,
  );
  return {
    keys: distinct(keys.map(({ text }) => text ?? '')),
    foreign: distinct(foreign.map(({ text }) => text ?? '')),
  };
}

/** Two equal constraints are one. */
const distinct = (texts: readonly string[]) => [...new Set(texts)].sort();

const unquote = (text: string) => (text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text);

function readForeign({ definition: { definition = '' } }: SnapshotObject): string {
  const [, columns = '', target = ''] =
    /^FOREIGN KEY \((.*?)\) REFERENCES ("(?:[^"]|"")*"|\w+)/.exec(definition) ?? [];
  const actionOn = (event: string) =>
    new RegExp(`ON ${event} (SET NULL|SET DEFAULT|CASCADE|RESTRICT)`).exec(definition)?.[1] ?? 'NO ACTION';
  return `${unquote(target).toLowerCase()} ${unquote(columns)} ${actionOn('DELETE')} ${actionOn('UPDATE')}`;
}

test('constraints of random tables are those of the PRAGMAs, and the written table has the same snapshot', async () => {
  const driver = await openDriver({ driver: 'sqlite' });
  const session = await driver.open('kat test');
  let created = 0;
  await session.execute(parents);
  const property = fc.asyncProperty(table, async (sql) => {
    const isTaken = await session.execute(sql).then(
      () => true,
      () => false,
    );
    // Two keys of one name, for example.
    if (!isTaken) return;
    created += 1;
    const before = await readSnapshot(session);
    const known = await askPragmas(session);
    const constraints = before.objects.filter(({ kind, of }) => kind === 'constraint' && of === '"t t"');
    const startsWith = (start: string) =>
      constraints.filter(({ definition }) => definition.definition?.startsWith(start));
    expect(distinct(startsWith('FOREIGN KEY').map(readForeign))).toEqual(known.foreign);
    const rendered = renderSqliteSchema(before).objects.find(({ object }) => object.name === '"t t"');
    await session.execute('DROP TABLE "t t"');
    await session.execute(rendered?.statements.join(';') ?? '');
    const after = await readSnapshot(session);
    expect(compareSnapshots(before, after)).toEqual([]);
    expect(await askPragmas(session)).toEqual(known);
    await session.execute('DROP TABLE "t t"');
  });
  try {
    await fc.assert(property, { numRuns: 600 });
    expect(created).toBeGreaterThan(200);
  } finally {
    await session.close();
    await driver.close();
  }
});
