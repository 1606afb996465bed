/** Arranges the objects of a snapshot by table. */

import type { SchemaSnapshot, SnapshotObject } from '../../../sql/snapshot/snapshot.js';
import { splitList } from '../../../sql/snapshot/written-names.js';
import type { KnownTypes } from './sample-values.js';

/** All names are qualified, as SQL. */
export interface TableIndex extends KnownTypes {
  columns: ReadonlyMap<string, readonly SnapshotObject[]>;
  /** Definitions of constraints and indexes. */
  constraints: ReadonlyMap<string, readonly string[]>;
  indexes: ReadonlyMap<string, readonly string[]>;
}

export function indexTables({ objects }: SchemaSnapshot): TableIndex {
  const ofKind = (wanted: SnapshotObject['kind']) => objects.filter(({ kind }) => kind === wanted);
  const named = (list: readonly SnapshotObject[]) =>
    new Map(list.map((object) => [`${object.schema}.${object.name}`, object]));
  const definitions = (kind: SnapshotObject['kind']) =>
    byTable(ofKind(kind), ({ definition }) => definition.definition ?? '');
  return {
    columns: byTable(ofKind('column'), (column) => column),
    constraints: definitions('constraint'),
    indexes: definitions('index'),
    labels: new Map(
      [...named(ofKind('enum type'))].map(([name, { definition }]) => [name, splitList(definition.labels)]),
    ),
    domains: named(ofKind('domain')),
  };
}

function byTable<T>(
  objects: readonly SnapshotObject[],
  read: (object: SnapshotObject) => T,
): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const object of objects) {
    const table = `${object.schema}.${object.of}`;
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

export function referencesOf({ constraints }: TableIndex, table: string): ForeignKeyColumns[] {
  return (constraints.get(table) ?? []).flatMap((definition) => {
    const [, columns = '', target = '', targetColumns = ''] = foreignKey.exec(definition) ?? [];
    return target === ''
      ? []
      : [{ columns: splitList(columns), target, targetColumns: splitList(targetColumns) }];
  });
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
export function keyColumns({ constraints, indexes }: TableIndex, table: string): Set<string> {
  const keys = (constraints.get(table) ?? []).flatMap((definition) => {
    const [, list = ''] =
      /^(?:PRIMARY KEY|UNIQUE(?: NULLS NOT DISTINCT)?) \(([^)]*)\)/.exec(definition) ?? [];
    return splitList(list);
  });
  const unique = (indexes.get(table) ?? []).flatMap((definition) => {
    const [, list = ''] = /^CREATE UNIQUE .* USING \w+ \((.*)\)/.exec(definition) ?? [];
    return list.match(/"(?:[^"]|"")*"|\w+/g) ?? [];
  });
  return new Set([...keys, ...unique]);
}
