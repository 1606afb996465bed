/** Makes tables, indexes and changes of tables at random. */

import fc from 'fast-check';

const types = [
  'int',
  'bigint',
  'text',
  'varchar(20)',
  'serial',
  'mood',
  'pair',
  'positive',
  'text[]',
  'numeric(8, 2)',
];
const columns = [
  'a',
  'b',
  'total',
  '"Mixed"',
  'user_id',
  'x_very_long_name_of_a_column_that_needs_to_be_cut_somewhere',
];

const parts: readonly ((column: string) => string)[] = [
  () => 'not null',
  () => 'unique',
  () => 'primary key',
  (column) => `check (${column} is not null)`,
  (column) => `constraint named_${column.replaceAll('"', '')} check (${column} is not null)`,
  () => 'constraint the_one unique',
];

const column = fc
  .record({
    name: fc.constantFrom(...columns),
    type: fc.constantFrom(...types),
    parts: fc.uniqueArray(fc.constantFrom(...parts), { maxLength: 3 }),
  })
  .map((it) => ({
    name: it.name,
    sql: `${it.name} ${it.type} ${it.parts.map((part) => part(it.name)).join(' ')}`,
  }));

const keys = fc.constantFrom('unique', 'primary key', 'check', 'foreign key');

/** CREATE TABLE, then CREATE INDEX and ALTER TABLE on it; some of them are nonsense that the server refuses. */
export const tables: fc.Arbitrary<string> = fc
  .record({
    name: fc.constantFrom('t', 'app.t', '"T T"', 'a_long_name_of_a_table_that_is_longer_than_others'),
    columns: fc.uniqueArray(column, { minLength: 1, maxLength: 5, selector: (it) => it.name }),
    key: fc.option(keys),
    index: fc.boolean(),
    change: fc.constantFrom('none', 'drop', 'rename', 'not null', 'add'),
  })
  .map((table) => {
    const names = table.columns.map((it) => it.name);
    const first = names[0] as string;
    const constraint = table.key ? [constraintOf(table.key, names)] : [];
    const create = `create table ${table.name} (${[...table.columns.map((it) => it.sql), ...constraint].join(', ')})`;
    const index = table.index ? [`create index on ${table.name} (${names.slice(0, 2).join(', ')})`] : [];
    return [create, ...index, ...changeOf(table.name, table.change, first)].join(';\n');
  });

function constraintOf(key: string, names: readonly string[]): string {
  if (key === 'check') return `check (${names.slice(0, 2).join(' is null or ')} is null)`;
  if (key === 'foreign key') return `foreign key (${names[0]}) references posts (id)`;
  return `${key} (${names.slice(0, 2).join(', ')})`;
}

function changeOf(table: string, change: string, column: string): string[] {
  if (change === 'drop') return [`alter table ${table} drop column ${column} cascade`];
  if (change === 'rename') return [`alter table ${table} rename column ${column} to renamed`];
  if (change === 'not null') return [`alter table ${table} alter column ${column} set not null`];
  return change === 'add' ? [`alter table ${table} add extra serial unique, add check (extra > 0)`] : [];
}
