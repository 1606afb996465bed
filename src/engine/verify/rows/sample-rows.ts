/** Writes INSERT statements with sample rows for empty tables, from the definitions of their columns and constraints. */

import type { SchemaSnapshot, SnapshotObject } from '../../../sql/snapshot/snapshot.js';
import { sampleValue } from './sample-values.js';
import {
  checkedLiteral,
  type ForeignKeyColumns,
  indexTables,
  keyColumns,
  referencesOf,
  type TableIndex,
} from './table-index.js';

/** The rows of one table. */
export interface SampleRows {
  /** Qualified, as SQL. */
  table: string;
  /** One statement each; none where a column has a type without a sample value. */
  inserts: readonly string[];
  /** The column that cannot be filled. */
  unfilled?: string;
}

/**
 * Three rows for each table: two that differ only in columns of keys, and one with NULL wherever the table takes it.
 * @param tables qualified names, as SQL
 * @returns them and the tables that they refer to, in an order that foreign keys allow
 */
export function writeSampleRows(schema: SchemaSnapshot, tables: readonly string[]): SampleRows[] {
  const index = indexTables(schema);
  const ordered: string[] = [];
  const visit = (table: string, path: readonly string[]) => {
    if (ordered.includes(table) || path.includes(table) || !index.columns.has(table)) return;
    for (const { target } of referencesOf(index, table)) visit(target, [...path, table]);
    ordered.push(table);
  };
  for (const table of tables) visit(table, []);
  return ordered.map((table) => rowsOf(index, table));
}

/** What the values of a table's columns depend on. */
interface TableFacts {
  index: TableIndex;
  table: string;
  keys: ReadonlySet<string>;
  references: readonly ForeignKeyColumns[];
}

const rowNumbers = [1, 2, 3];

function rowsOf(index: TableIndex, table: string): SampleRows {
  const columns = (index.columns.get(table) ?? []).filter(isWritten);
  const facts = { index, table, keys: keyColumns(index, table), references: referencesOf(index, table) };
  const unfilled = columns.find((column) =>
    rowNumbers.some((row) => chooseValue(facts, column, row) === undefined),
  );
  if (unfilled) return { table, inserts: [], unfilled: unfilled.name };
  return { table, inserts: rowNumbers.map((row) => writeInsert(facts, columns, row)) };
}

/** SQLite has no word for the default of a column that is named. */
function writeInsert(facts: TableFacts, columns: readonly SnapshotObject[], row: number): string {
  const values = columns
    .map((column) => ({ name: column.name, value: chooseValue(facts, column, row) }))
    .filter(({ value }) => value !== 'DEFAULT');
  if (values.length === 0) return `INSERT INTO ${facts.table} DEFAULT VALUES`;
  const [names, expressions] = [values.map(({ name }) => name), values.map(({ value }) => value)];
  return `INSERT INTO ${facts.table} (${names.join(', ')}) VALUES (${expressions.join(', ')})`;
}

/** Identity columns get their values from PostgreSQL. */
function isWritten({ definition }: SnapshotObject): boolean {
  return definition.generated === undefined && definition.identity === undefined;
}

/** @returns an SQL expression; undefined where there is none. */
function chooseValue(facts: TableFacts, column: SnapshotObject, row: number): string | undefined {
  const { name, definition } = column;
  const isKey = facts.keys.has(name);
  const reference = facts.references.find(({ columns }) => columns.includes(name));
  const isEmpty = reference?.target === facts.table || (row === 3 && mayBeNull(facts, column));
  if (isEmpty) return 'NULL';
  if (reference) return referredValue(reference, name, isKey ? row : 1);
  if (isDefaulted(definition.default, row)) return 'DEFAULT';
  const checked = isKey ? undefined : checkedLiteral(facts.index, facts.table, name);
  const value = checked ?? sampleValue(facts.index, definition.type ?? '', isKey ? row : 1);
  return value ?? (mayBeNull(facts, column) ? 'NULL' : undefined);
}

function mayBeNull({ keys }: TableFacts, { name, definition }: SnapshotObject): boolean {
  return definition.notNull === undefined && !keys.has(name);
}

/** The first row has values of its own; sequences always give one. */
function isDefaulted(expression: string | undefined, row: number): boolean {
  return expression !== undefined && (row !== 1 || expression.includes('nextval('));
}

function referredValue(
  { columns, target, targetColumns }: ForeignKeyColumns,
  name: string,
  row: number,
): string {
  const column = targetColumns[columns.indexOf(name)];
  return `(SELECT ${column} FROM ${target} ORDER BY ${column} LIMIT 1 OFFSET ${row - 1})`;
}
