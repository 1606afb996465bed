/** Keeps which values the tables of a SQLite plan hold, by the tables they come from. */

import type { Affinity } from './column-affinity.js';
import type { CopiedRows } from './copied-rows.js';

export type Columns = CopiedRows['columns'];

/** What a table holds of another one. */
interface HeldPart {
  /** By their former names. */
  held: Columns;
  /** Those whose values were converted, with the affinity of the column that they came into. */
  converted: ReadonlyMap<string, Affinity>;
}

export interface FollowedTable {
  /** The values it holds, by the former name of the table they come from. */
  parts: Map<string, HeldPart>;
  /** The former name of each renamed column; undefined where no column has the name any more. */
  formerColumns: Map<string, string | undefined>;
}

/** By the keys of `SessionTables`. */
export type Tables = Map<string, FollowedTable>;

export function newTable(): FollowedTable {
  return { parts: new Map(), formerColumns: new Map() };
}

/** A table that no text has touched yet holds itself. */
export function tableAt(tables: Tables, key: string): FollowedTable {
  const known = tables.get(key);
  if (known) return known;
  const table = { ...newTable(), parts: new Map([[key, { held: 'whole' as const, converted: new Map() }]]) };
  tables.set(key, table);
  return table;
}

export function formerColumn(
  formerColumns: FollowedTable['formerColumns'],
  name: string,
): string | undefined {
  return formerColumns.has(name) ? formerColumns.get(name) : name;
}

/** @param converted by the names that the columns have in the source. */
export function copyParts(
  source: FollowedTable,
  target: FollowedTable,
  copied: Columns,
  converted: ReadonlyMap<string, Affinity> = new Map(),
): void {
  const former = copied === 'whole' ? 'whole' : formerNames(source, copied);
  const changes = [...converted].flatMap(([name, affinity]): [string, Affinity][] => {
    const column = formerColumn(source.formerColumns, name);
    return column === undefined ? [] : [[column, affinity]];
  });
  for (const [table, part] of source.parts)
    target.parts.set(table, {
      held: union(target.parts.get(table)?.held, intersect(part.held, former)),
      converted: new Map([...(target.parts.get(table)?.converted ?? []), ...part.converted, ...changes]),
    });
  if (copied === 'whole')
    for (const [name, column] of source.formerColumns) target.formerColumns.set(name, column);
}

function formerNames({ formerColumns }: FollowedTable, names: ReadonlySet<string>): Set<string> {
  return new Set([...names].flatMap((name) => formerColumn(formerColumns, name) ?? []));
}

function intersect(one: Columns, other: Columns): Columns {
  if (one === 'whole') return other;
  return other === 'whole' ? one : new Set([...one].filter((column) => other.has(column)));
}

export function union(one: Columns | undefined, other: Columns): Columns {
  return one === 'whole' || other === 'whole' ? 'whole' : new Set([...(one ?? []), ...other]);
}
