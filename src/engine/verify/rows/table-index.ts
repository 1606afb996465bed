/** Arranges the objects of a snapshot by table. */

import { qualifiedName, type SchemaSnapshot, type SnapshotObject } from '../../../sql/snapshot/snapshot.js';
import { splitList } from '../../../sql/snapshot/written-names.js';
import type { KnownTypes } from './sample-values.js';

/** All names are qualified, as SQL. */
export interface TableIndex extends KnownTypes {
  columns: ReadonlyMap<string, readonly SnapshotObject[]>;
  /** Definitions of constraints and indexes. */
  constraints: ReadonlyMap<string, readonly string[]>;
  /** What unique indexes have in their brackets. */
  uniqueKeys: ReadonlyMap<string, readonly string[]>;
}

export function indexTables({ objects, isSqlite }: SchemaSnapshot): TableIndex {
  const ofKind = (wanted: SnapshotObject['kind']) => objects.filter(({ kind }) => kind === wanted);
  const named = (list: readonly SnapshotObject[]) =>
    new Map(list.map((object) => [qualifiedName(object), object]));
  return {
    isSqlite: isSqlite === true,
    columns: byTable(ofKind('column'), (column) => column),
    constraints: byTable(ofKind('constraint'), ({ definition }) => definition.definition ?? ''),
    uniqueKeys: byTable(ofKind('index'), uniqueKeyOf),
    labels: new Map(
      [...named(ofKind('enum type'))].map(([name, { definition }]) => [name, splitList(definition.labels)]),
    ),
    domains: named(ofKind('domain')),
  };
}

/** Empty for an index that is not unique. */
function uniqueKeyOf({ definition: { definition = '', unique, columns } }: SnapshotObject): string {
  if (unique !== undefined) return columns ?? '';
  return /^CREATE UNIQUE .* USING \w+ \((.*)\)/.exec(definition)?.[1] ?? '';
}

function byTable<T>(
  objects: readonly SnapshotObject[],
  read: (object: SnapshotObject) => T,
): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const object of objects) {
    const table = object.schema === undefined ? (object.of ?? '') : `${object.schema}.${object.of}`;
    found.set(table, [...(found.get(table) ?? []), read(object)]);
  }
  return found;
}

/** A foreign key. */
export interface ForeignKeyColumns {
  columns: readonly string[];
  target: string;
  targetColumns: readonly string[];
}

/** As `pg_get_constraintdef` writes them. */
const foreignKey = /^FOREIGN KEY \(([^)]*)\) REFERENCES (.+?)\(([^)]*)\)/;

/** As a snapshot of SQLite writes them; without columns, the primary key is meant. */
const sqliteForeignKey = /^FOREIGN KEY \(([^)]*)\) REFERENCES ("(?:[^"]|"")*"|\w+)(?:\(([^)]*)\))?/;

export function referencesOf(index: TableIndex, table: string): ForeignKeyColumns[] {
  const pattern = index.isSqlite ? sqliteForeignKey : foreignKey;
  return (index.constraints.get(table) ?? []).flatMap((definition) => {
    const [, columns = '', target = '', targetColumns] = pattern.exec(definition) ?? [];
    if (target === '') return [];
    const key = targetColumns === undefined ? primaryKeyOf(index, target) : splitList(targetColumns);
    return [{ columns: splitList(columns), target, targetColumns: key }];
  });
}

function primaryKeyOf({ constraints }: TableIndex, table: string): string[] {
  const keys = (constraints.get(table) ?? []).filter((definition) => definition.startsWith('PRIMARY KEY '));
  return keys.flatMap(keyList);
}

/** The columns of PRIMARY KEY or UNIQUE; SQLite writes an order or a collation behind them. */
function keyList(definition: string): string[] {
  const [, list = ''] = /^(?:PRIMARY KEY|UNIQUE(?: NULLS NOT DISTINCT)?) \(([^)]*)\)/.exec(definition) ?? [];
  return splitList(list).map((part) => /^(?:"(?:[^"]|"")*"|[^\s"]+)/.exec(part)?.[0] ?? part);
}

/** @returns a literal that a CHECK constraint compares the column with, such as `'open'`. */
export function checkedLiteral(
  { constraints }: TableIndex,
  table: string,
  column: string,
): string | undefined {
  const checks = (constraints.get(table) ?? []).filter((definition) => definition.startsWith('CHECK '));
  const found = checks.map((definition) => {
    const start = definition.search(new RegExp(`\\b${column.replace(/[^\w]/g, '\\$&')}\\b`));
    return start < 0 ? undefined : /'(?:[^']|'')*'/.exec(definition.slice(start))?.[0];
  });
  return found.find((literal) => literal !== undefined);
}

/** Columns whose values must differ from row to row. */
export function keyColumns({ constraints, uniqueKeys }: TableIndex, table: string): Set<string> {
  const keys = (constraints.get(table) ?? []).flatMap(keyList);
  const unique = (uniqueKeys.get(table) ?? []).flatMap((list) => list.match(/"(?:[^"]|"")*"|\w+/g) ?? []);
  return new Set([...keys, ...unique]);
}
