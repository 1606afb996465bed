/** Follows tables through the SQLite texts of a plan, to find what each text drops or empties and no other table holds. */

import { asciiLower } from '../../../connections/sqlite/ascii-lower.js';
import type { SqliteStatement } from '../../../connections/sqlite/split-statements.js';
import { readTokens } from '../../../connections/sqlite/tokens.js';
import { type CopiedRows, readCopiedRows } from './copied-rows.js';
import { emptiedBy } from './emptied-by.js';
import { overwrittenBy } from './overwritten-by.js';
import {
  createdTable,
  createsTemporary,
  droppedColumn,
  droppedTable,
  keepsExisting,
  renamedColumn,
  renameOf,
} from './statement-names.js';

/** A table that is dropped or emptied, or a column that is dropped or overwritten; in lower case, as they are called before the first text. */
export interface LostPart {
  table: string;
  column?: string;
  /** The columns whose values another table holds; undefined where there is none. */
  copied?: ReadonlySet<string>;
  /** The column stays, and gets this value in every row, as SQL. */
  value?: string;
}

type Columns = CopiedRows['columns'];

interface FollowedTable {
  /** The values it holds, by the former name of the table they come from. */
  parts: Map<string, Columns>;
  /** The former name of each renamed column; undefined where no column has the name any more. */
  formerColumns: Map<string, string | undefined>;
  isTemporary: boolean;
}

/** @returns what each text loses; call it once for each, in the plan's order. */
export function followTables(): (statements: readonly SqliteStatement[]) => LostPart[] {
  const tables = new Map<string, FollowedTable>();
  return (statements) => {
    const columns: LostPart[] = [];
    const lost: FollowedTable['parts'][] = [];
    for (const statement of statements) {
      makeTables(tables, statement);
      columns.push(...dropColumn(tables, statement), ...overwriteColumns(tables, statement));
      lost.push(...emptyTable(tables, statement));
    }
    for (const [name, { isTemporary }] of tables) if (isTemporary) tables.set(name, newTable());
    return [...columns, ...lost.flatMap((parts) => [...parts].flatMap((part) => withoutHeld(tables, part)))];
  };
}

type Tables = Map<string, FollowedTable>;

function newTable(isTemporary = false): FollowedTable {
  return { parts: new Map(), formerColumns: new Map(), isTemporary };
}

/** A table that no text has touched yet holds itself. */
function tableAt(tables: Tables, name: string): FollowedTable {
  const known = tables.get(name);
  if (known) return known;
  const table: FollowedTable = { ...newTable(), parts: new Map([[name, 'whole']]) };
  tables.set(name, table);
  return table;
}

function makeTables(tables: Tables, statement: SqliteStatement): void {
  const { head } = statement;
  for (const { from, to } of renameOf(head)) tables.set(to, tableAt(tables, from)).set(from, newTable());
  const created = createdTable(head);
  if (created && !keepsExisting(head)) tables.set(asciiLower(created.name), newTable(createsTemporary(head)));
  const renamed = renamedColumn(head);
  if (renamed) {
    const { formerColumns } = tableAt(tables, renamed.table);
    formerColumns.set(renamed.to, formerColumn(formerColumns, renamed.from)).set(renamed.from, undefined);
  }
  const copied = readCopiedRows(statement);
  if (copied) copyRows(tableAt(tables, copied.source), tableAt(tables, copied.target), copied.columns);
}

function formerColumn(formerColumns: FollowedTable['formerColumns'], name: string): string | undefined {
  return formerColumns.has(name) ? formerColumns.get(name) : name;
}

function copyRows(source: FollowedTable, target: FollowedTable, copied: Columns): void {
  for (const [table, held] of source.parts) {
    const former = copied === 'whole' ? 'whole' : formerNames(source, copied);
    target.parts.set(table, union(target.parts.get(table), intersect(held, former)));
  }
  if (copied === 'whole')
    for (const [name, former] of source.formerColumns) target.formerColumns.set(name, former);
}

function formerNames({ formerColumns }: FollowedTable, names: ReadonlySet<string>): Set<string> {
  return new Set([...names].flatMap((name) => formerColumn(formerColumns, name) ?? []));
}

function intersect(one: Columns, other: Columns): Columns {
  if (one === 'whole') return other;
  return other === 'whole' ? one : new Set([...one].filter((column) => other.has(column)));
}

function union(one: Columns | undefined, other: Columns): Columns {
  return one === 'whole' || other === 'whole' ? 'whole' : new Set([...(one ?? []), ...other]);
}

function dropColumn(tables: Tables, { head }: SqliteStatement): LostPart[] {
  const dropped = droppedColumn(head);
  return dropped ? columnParts(tables, asciiLower(dropped.table), asciiLower(dropped.column)) : [];
}

function overwriteColumns(tables: Tables, { text }: SqliteStatement): LostPart[] {
  const { table, values } = overwrittenBy([...readTokens(text)]) ?? { table: '', values: [] };
  return [...values].flatMap(([column, value]) =>
    columnParts(tables, table, column).map((part) => ({ ...part, value })),
  );
}

/** The column of the tables whose values it holds. */
function columnParts(tables: Tables, name: string, columnName: string): LostPart[] {
  const { parts, formerColumns } = tableAt(tables, name);
  const column = formerColumn(formerColumns, columnName);
  if (column === undefined) return [];
  return [...parts].flatMap(([table, held]) =>
    held === 'whole' || held.has(column) ? [{ table, column }] : [],
  );
}

/** @returns what the table held that the statement drops or empties. */
function emptyTable(tables: Tables, statement: SqliteStatement): FollowedTable['parts'][] {
  const dropped = droppedTable(statement.head);
  const emptied = dropped ?? emptiedBy([...readTokens(statement.text)]);
  if (!emptied) return [];
  const name = asciiLower(emptied.name);
  const { parts } = tableAt(tables, name);
  tables.set(name, newTable());
  return [parts];
}

/** The columns of a part that no table holds in the end. */
function withoutHeld(tables: Tables, [table, lost]: [string, Columns]): LostPart[] {
  const held = [...tables.values()].flatMap(({ parts }) => parts.get(table) ?? []);
  const copied = held.reduce<Columns | undefined>(union, undefined);
  if (copied === 'whole') return [];
  if (lost === 'whole') return [{ table, ...(copied?.size ? { copied } : {}) }];
  return [...lost].filter((column) => !copied?.has(column)).map((column) => ({ table, column }));
}
