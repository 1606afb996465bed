/** Compares the order of columns, which most programs do not rely on. */

import type { SchemaSnapshot, SnapshotObject } from './snapshot.js';

/** A table whose columns stand in another order. */
export interface ColumnOrderChange {
  table: SnapshotObject;
  /** The columns that both have, in order, with commas. */
  before: string;
  after: string;
}

/** Columns that only one of them has change nothing about the order of the others. */
export function compareColumnOrder(before: SchemaSnapshot, after: SchemaSnapshot): ColumnOrderChange[] {
  const [first, second] = [columnsByTable(before), columnsByTable(after)];
  return before.objects
    .filter(({ kind }) => kind === 'table' || kind === 'foreign table')
    .flatMap((table) => {
      const key = tableKey(table.schema, table.name);
      const [own, other] = [first.get(key) ?? [], second.get(key) ?? []];
      const [ownOrder, otherOrder] = [shared(own, other), shared(other, own)];
      return ownOrder === otherOrder ? [] : [{ table, before: ownOrder, after: otherOrder }];
    });
}

const tableKey = (schema: string | undefined, table: string | undefined) => JSON.stringify([schema, table]);

/** The names of each table's columns, in order. */
function columnsByTable({ objects }: SchemaSnapshot): Map<string, string[]> {
  const tables = new Map<string, SnapshotObject[]>();
  for (const column of objects.filter(({ kind }) => kind === 'column')) {
    const key = tableKey(column.schema, column.of);
    tables.set(key, [...(tables.get(key) ?? []), column]);
  }
  const position = ({ definition }: SnapshotObject) => Number(definition.position);
  return new Map(
    [...tables].map(([key, columns]) => [
      key,
      columns.sort((a, b) => position(a) - position(b)).map(({ name }) => name),
    ]),
  );
}

function shared(names: readonly string[], others: readonly string[]): string {
  const known = new Set(others);
  return names.filter((name) => known.has(name)).join(', ');
}
