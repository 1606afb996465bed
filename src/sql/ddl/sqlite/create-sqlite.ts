/** Writes the statements that make the objects of a SQLite schema. */

import { qualifiedName, type SchemaSnapshot, type SnapshotObject } from '../../snapshot/snapshot.js';
import { joinWords } from '../words.js';

/** @returns the statements for the object alone; none for a part of a table, which comes with it. */
export function createSqliteObject(object: SnapshotObject, snapshot: SchemaSnapshot): string[] {
  const { kind, name, of, definition } = object;
  if (kind === 'table') return [createTable(object, snapshot)];
  if (kind === 'view' || kind === 'trigger') return [definition.written ?? ''];
  if (kind !== 'index') return [];
  const unique = definition.unique && 'UNIQUE';
  const where = definition.where && `WHERE ${definition.where}`;
  return [joinWords('CREATE', unique, `INDEX ${name} ON ${of} ${definition.columns}`, where)];
}

function createTable(table: SnapshotObject, snapshot: SchemaSnapshot): string {
  const { using } = table.definition;
  if (using !== undefined) return `CREATE VIRTUAL TABLE ${table.name} USING ${using}`;
  return createTableAs(table.name, table, snapshot);
}

/** A table as `table` is, under another name. Columns and constraints stand one on a line. */
export function createTableAs(
  as: string,
  { name, definition }: SnapshotObject,
  { objects }: SchemaSnapshot,
): string {
  const parts = objects.filter(({ of }) => of === name);
  const constraints = parts.filter(({ kind }) => kind === 'constraint');
  const key = constraints.find(isPrimaryKey);
  const columns = parts
    .filter(({ kind }) => kind === 'column')
    .sort((a, b) => Number(a.definition.position) - Number(b.definition.position));
  const inline = columns.find(hasOwnKey);
  const lines = [
    ...columns.map((column) =>
      joinWords(column.name, columnWords(column), column === inline && ownKey(column, key)),
    ),
    ...constraints.filter((one) => !inline || one !== key).map(constraintClause),
  ];
  const options = [definition.strict && 'STRICT', definition.withoutRowid && 'WITHOUT ROWID'].filter(Boolean);
  return joinWords(
    `CREATE TABLE ${as} (\n${lines.map((line) => `  ${line}`).join(',\n')}\n)`,
    options.join(', '),
  );
}

/** What follows a column's name in CREATE TABLE and ADD COLUMN. */
export function columnWords({ definition }: SnapshotObject): string {
  const { type, collation, notNull, default: value, generated } = definition;
  const conflict = notNull === 'yes' ? undefined : notNull && `ON CONFLICT ${notNull}`;
  return joinWords(
    type,
    collation && `COLLATE ${collation}`,
    notNull && joinWords('NOT NULL', conflict),
    value !== undefined && `DEFAULT ${defaultClause(value)}`,
    generated && `AS ${generated}`,
  );
}

/** An expression needs brackets, in which a bare word would be a column. */
function defaultClause(value: string): string {
  return isSimple(value) ? value : `(${value})`;
}

/** Whether a default is a literal or a word, and no expression. */
function isSimple(value: string): boolean {
  return /^(?:'(?:[^']|'')*'|x'[0-9a-f]*'|[+-]?[\w.]+(?:[+-]\d+)?|"(?:[^"]|"")*")$/i.test(value);
}

/** Whether ADD COLUMN takes it: such a default has one value for all rows that exist. */
export function isConstantDefault(value: string): boolean {
  return isSimple(value) && !value.startsWith('CURRENT_');
}

function isPrimaryKey({ definition }: SnapshotObject): boolean {
  return definition.definition?.startsWith('PRIMARY KEY ') === true;
}

/** Whether PRIMARY KEY must be written behind the column, as it means something else behind all columns. */
function hasOwnKey({ definition }: SnapshotObject): boolean {
  return definition.autoincrement === 'yes' || definition.descendingKey === 'yes';
}

function ownKey({ definition }: SnapshotObject, key: SnapshotObject | undefined): string {
  const name = key && !isUnnamed(key) && `CONSTRAINT ${key.name}`;
  const descending = definition.descendingKey && 'DESC';
  return joinWords(
    name,
    'PRIMARY KEY',
    descending,
    conflictOf(key),
    definition.autoincrement && 'AUTOINCREMENT',
  );
}

/** As in CREATE TABLE. */
export function constraintClause(constraint: SnapshotObject): string {
  const name = !isUnnamed(constraint) && `CONSTRAINT ${constraint.name}`;
  return joinWords(name, constraint.definition.definition, conflictOf(constraint));
}

function conflictOf(constraint: SnapshotObject | undefined): string | undefined {
  const conflict = constraint?.definition.conflict;
  return conflict && `ON CONFLICT ${conflict}`;
}

/** A constraint without a name is known by the beginning of its definition. */
function isUnnamed({ name, definition }: SnapshotObject): boolean {
  return definition.definition?.startsWith(name) === true && name.includes(' (');
}

/** The object with the indexes and triggers that a drop takes along. */
export function createWithParts(object: SnapshotObject, snapshot: SchemaSnapshot): string[] {
  const parts = snapshot.objects.filter(({ of, kind }) => of === qualifiedName(object) && kind !== 'column');
  return [object, ...parts].flatMap((one) => createSqliteObject(one, snapshot));
}
