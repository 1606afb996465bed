/** Adds and drops columns of SQLite tables, where ALTER TABLE can. */

import type { SchemaDifference } from '../../snapshot/difference.js';
import { type SchemaSnapshot, type SnapshotObject, snapshotKey } from '../../snapshot/snapshot.js';
import { joinWords } from '../words.js';
import { columnWords, constraintClause, isConstantDefault } from './create-sqlite.js';

/** The differences that are settled together, and the schema before. */
interface Circumstances {
  all: readonly SchemaDifference[];
  before: SchemaSnapshot;
}

/** @returns undefined where only a rebuild of the table drops the column. */
export function dropSqliteColumn(column: SnapshotObject, { all, before }: Circumstances): string | undefined {
  if (!isDroppable(column, leftOf(before, all))) return undefined;
  return `ALTER TABLE ${column.of} DROP COLUMN ${column.name}`;
}

/** What adds a column. */
interface ColumnAddition {
  statement: string;
  /** Constraints that stand behind it. */
  constraints: readonly SnapshotObject[];
}

/** @returns undefined where only a rebuild of the table adds the column. */
export function addSqliteColumn(
  column: SnapshotObject,
  all: readonly SchemaDifference[],
): ColumnAddition | undefined {
  const added = all
    .flatMap(({ change, after }) => (change === 'added' && after ? [after] : []))
    .filter(({ of }) => of === column.of);
  const constraints = added.filter(
    (one) => one.kind === 'constraint' && mentions(one.definition.definition, column.name),
  );
  const others = added.filter(({ kind, name }) => kind === 'column' && name !== column.name);
  if (!isAddable(column, constraints, others)) return undefined;
  const clauses = constraints.map((one) => constraintClause(one).replace(/FOREIGN KEY \([^)]*\) /, ''));
  const start = `ALTER TABLE ${column.of} ADD COLUMN ${column.name}`;
  return { statement: joinWords(start, columnWords(column), ...clauses), constraints };
}

/** What is there when columns are dropped: indexes, views and triggers that change go before them. */
function leftOf({ objects }: SchemaSnapshot, all: readonly SchemaDifference[]): SnapshotObject[] {
  const gone = new Set(all.map(({ before }) => before && snapshotKey(before)));
  const isGone = (object: SnapshotObject) =>
    /^(?:index|view|trigger)$/.test(object.kind) && gone.has(snapshotKey(object));
  return objects.filter((object) => !isGone(object));
}

/** https://www.sqlite.org/lang_altertable.html#alter_table_drop_column: nothing else may name it. */
function isDroppable({ name, of = '' }: SnapshotObject, objects: readonly SnapshotObject[]): boolean {
  return !objects.some((other) => {
    const { kind, definition } = other;
    const text = definition.definition ?? definition.generated ?? `${definition.columns} ${definition.where}`;
    const isElsewhere = kind === 'view' || kind === 'trigger' || kind === 'constraint';
    return mentions(text, name) && (other.of === of || (isElsewhere && mentions(text, of)));
  });
}

/** https://www.sqlite.org/lang_altertable.html#alter_table_add_column: rows that exist need no look. */
function isAddable(
  { name, definition }: SnapshotObject,
  constraints: readonly SnapshotObject[],
  others: readonly SnapshotObject[],
): boolean {
  const { notNull, default: value = 'NULL', generated = '' } = definition;
  const isNull = value === 'NULL';
  const isOwn = (text = '') =>
    (text.startsWith('CHECK ') || (isNull && text.startsWith(`FOREIGN KEY (${name}) `))) &&
    !others.some((other) => mentions(text, other.name));
  return (
    !generated.endsWith(' STORED') &&
    (isNull ? notNull === undefined : isConstantDefault(value)) &&
    constraints.every((one) => isOwn(one.definition.definition))
  );
}

/** True in doubt: the name may also be that of something else. */
function mentions(text: string | undefined, name: string): boolean {
  return text !== undefined && wholeName(name).test(text);
}

/** Matches a name as canonical SQL writes it. */
export function wholeName(name: string): RegExp {
  return new RegExp(`(?<![\\w"])${name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}(?![\\w"])`, 'gi');
}
