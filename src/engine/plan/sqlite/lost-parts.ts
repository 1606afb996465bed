/** Follows tables through the SQLite texts of a plan, to find what each text drops or empties and no other table holds. */

import { asciiLower } from '../../../connections/sqlite/ascii-lower.js';
import type { SqliteStatement } from '../../../connections/sqlite/split-statements.js';
import { readTokens } from '../../../connections/sqlite/tokens.js';
import { quoteIdentifier } from '../../../quote.js';
import { changedBy } from './column-affinity.js';
import { readCopiedRows } from './copied-rows.js';
import { convertedColumns, mayLeaveOut } from './copy-losses.js';
import { emptiedBy } from './emptied-by.js';
import {
  type Columns,
  copyParts,
  type FollowedTable,
  formerColumn,
  newTable,
  type Tables,
  tableAt,
  union,
} from './followed-tables.js';
import { type NewColumnValue, overwrittenBy } from './overwritten-by.js';
import type { SchemaCopy } from './schema-copy.js';
import { SessionTables } from './session-tables.js';
import { droppedColumn, droppedTable, keepsExisting, renamedColumn, renameOf } from './statement-names.js';

/** A table that is dropped or emptied, or a column that is dropped or overwritten; in lower case, as they are called before the first text. */
export interface LostPart {
  table: string;
  column?: string;
  /** The columns whose values another table holds; undefined where there is none. */
  copied?: ReadonlySet<string>;
  /** The column stays, and its value is lost in rows that meet this condition. */
  condition?: string;
}

/** What the statements are read with. */
interface Followed {
  tables: Tables;
  names: SessionTables;
  schema: SchemaCopy;
}

/** @returns what each text loses; call it once for each, in the plan's order. */
export function followTables(
  schema: SchemaCopy,
): (statements: readonly SqliteStatement[]) => Promise<LostPart[]> {
  const tables: Tables = new Map();
  return async (statements) => {
    const followed: Followed = { tables, schema, names: new SessionTables() };
    const columns: LostPart[] = [];
    const lost: FollowedTable['parts'][] = [];
    for (const statement of statements) {
      makeTables(followed, statement);
      await copyRows(followed, statement);
      columns.push(...dropColumn(followed, statement), ...(await overwriteColumns(followed, statement)));
      lost.push(...emptyTable(followed, statement));
      await schema.follow(statement);
      followed.names.follow(statement);
    }
    await schema.endText();
    for (const name of tables.keys()) if (followed.names.isTemporary(name)) tables.set(name, newTable());
    return [...columns, ...lost.flatMap((parts) => [...parts].flatMap((part) => withoutHeld(tables, part)))];
  };
}

function makeTables({ tables, names }: Followed, { head }: SqliteStatement): void {
  for (const { from, to, ...place } of renameOf(head)) {
    const key = names.keyOf({ name: from, ...place });
    const renamed = tableAt(tables, key);
    tables.set(names.isTemporary(key) ? SessionTables.temporaryKey(to) : to, renamed).set(key, newTable());
  }
  const created = names.createdKey(head);
  if (created !== undefined && !keepsExisting(head)) tables.set(created, newTable());
  const renamed = renamedColumn(head);
  if (renamed) {
    const { formerColumns } = tableAt(tables, names.keyOf(renamed.table));
    formerColumns.set(renamed.to, formerColumn(formerColumns, renamed.from)).set(renamed.from, undefined);
  }
}

/** A table that may leave out rows holds none of them for certain. */
async function copyRows({ tables, names, schema }: Followed, statement: SqliteStatement): Promise<void> {
  const rows = readCopiedRows(statement);
  if (!rows) return;
  const [from, to] = [names.keyOf(rows.source), names.createdKey(statement.head) ?? names.keyOf(rows.target)];
  const [source, target] = [tableAt(tables, from), tableAt(tables, to)];
  if (source.parts.size === 0) return;
  const declared = rows.isNew ? [] : [await schema.findTable(from), await schema.findTable(to)];
  if (!declared[0] || !declared[1]) return copyParts(source, target, rows.columns);
  const copied = { source: declared[0], target: declared[1], isEmpty: target.parts.size === 0 };
  if (!mayLeaveOut(rows, copied)) copyParts(source, target, rows.columns, convertedColumns(rows, copied));
}

function dropColumn({ tables, names }: Followed, { head }: SqliteStatement): LostPart[] {
  const dropped = droppedColumn(head);
  if (!dropped) return [];
  const { table: name, column, ...place } = dropped;
  return columnParts(tables, names.keyOf({ name, ...place }), asciiLower(column));
}

async function overwriteColumns(
  { tables, names, schema }: Followed,
  { text }: SqliteStatement,
): Promise<LostPart[]> {
  const overwritten = overwrittenBy(text, [...readTokens(text)]);
  const found: LostPart[] = [];
  for (const value of overwritten?.values ?? []) {
    const parts = overwritten ? columnParts(tables, names.keyOf(overwritten.table), value.column) : [];
    if (parts.length > 0 && (await schema.isConstant(value.value)))
      found.push(...parts.map((part) => ({ ...part, condition: isOther(part.column, value) })));
  }
  return found;
}

/** Rows that have the value already lose nothing. Which rows it reads is known when its turn comes. */
function isOther(column: string, { value, readsRows }: NewColumnValue): string {
  const name = quoteIdentifier(column);
  return readsRows ? 'TRUE' : `${name} COLLATE BINARY IS NOT +${value}`;
}

/** The column of the tables whose values it holds. */
function columnParts(tables: Tables, key: string, columnName: string): (LostPart & { column: string })[] {
  const { parts, formerColumns } = tableAt(tables, key);
  const column = formerColumn(formerColumns, columnName);
  if (column === undefined) return [];
  return [...parts].flatMap(([table, { held }]) =>
    held === 'whole' || held.has(column) ? [{ table, column }] : [],
  );
}

/** @returns what the table held that the statement drops or empties. */
function emptyTable({ tables, names }: Followed, statement: SqliteStatement): FollowedTable['parts'][] {
  const dropped = droppedTable(statement.head);
  const emptied = dropped ?? emptiedBy([...readTokens(statement.text)]);
  if (!emptied) return [];
  const key = names.keyOf(emptied);
  const { parts } = tableAt(tables, key);
  tables.set(key, newTable());
  return [parts];
}

/** The columns of a part that no table holds in the end, and those that are held behind a conversion alone. */
function withoutHeld(tables: Tables, [table, { held: lost }]: [string, { held: Columns }]): LostPart[] {
  const holders = [...tables.values()].flatMap(({ parts }) => parts.get(table) ?? []);
  const copied = holders.map(({ held }) => held).reduce<Columns | undefined>(union, undefined);
  const converted = new Map(holders.flatMap((part) => [...part.converted]));
  const changed = [...converted]
    .filter(([column]) => holders.every((part) => part.converted.has(column) || !holds(part.held, column)))
    .filter(([column]) => holds(lost, column))
    .map(([column, affinity]) => ({
      table,
      column,
      condition: changedBy(affinity, quoteIdentifier(column)),
    }));
  if (copied === 'whole') return changed;
  if (lost === 'whole') return [...changed, { table, ...(copied?.size ? { copied } : {}) }];
  return [
    ...changed,
    ...[...lost].filter((column) => !copied?.has(column)).map((column) => ({ table, column })),
  ];
}

function holds(columns: Columns, column: string): boolean {
  return columns === 'whole' || columns.has(column);
}
