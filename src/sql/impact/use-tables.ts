/** Locks what a query uses: tables, their partitions, and what lies under views. */

import { descendantsOf } from '../schema/relatives.js';
import { findRelation, keyOfName, type Schema } from '../schema/schema.js';
import { type TableUse, tableUses } from '../schema/table-uses.js';
import { reachableFrom } from '../syntax/reachable.js';
import type { RelationName } from '../syntax/relation-name.js';
import type { LockMode } from './impact.js';
import type { ImpactContext } from './impact-builder.js';

const modes: Readonly<Record<TableUse['how'], LockMode>> = {
  read: 'ACCESS SHARE',
  'lock rows': 'ROW SHARE',
  write: 'ROW EXCLUSIVE',
};

/** A query that runs now: what it reads is locked down to the tables under its views. */
export function runQuery(context: ImpactContext, tree: unknown): void {
  for (const { table, how, isOnly } of tableUses(context.schema, tree)) {
    use(context, table, { mode: modes[how], isOnly, isRun: true });
  }
}

/** A query that is only looked at, for a definition: what lies under a view is left alone. */
export function defineQuery(context: ImpactContext, tree: unknown): void {
  for (const { table, how } of tableUses(context.schema, tree)) context.builder.lock(table, modes[how]);
}

/** Locks one table as a query would. */
export function useTable(context: ImpactContext, table: RelationName, mode: LockMode): void {
  use(context, table, { mode, isOnly: false, isRun: true });
}

interface Use {
  mode: LockMode;
  isOnly: boolean;
  /** Whether rows are read. */
  isRun: boolean;
}

function use(context: ImpactContext, table: RelationName, { mode, isOnly, isRun }: Use): void {
  const { schema, builder } = context;
  const reached = reachableFrom([{ table, mode, isOnly }], {
    keyOf: (one) => `${keyOfName(one.table)} ${one.mode} ${one.isOnly}`,
    next: (one) => usedBelow(schema, one),
  });
  for (const one of reached) {
    builder.lock(one.table, one.mode);
    if (isRun) builder.query(one.table);
  }
}

interface ReachedTable {
  table: RelationName;
  mode: LockMode;
  isOnly: boolean;
}

/** The sources of a view, and the tables that inherit from a table. */
function usedBelow(schema: Schema, { table, mode, isOnly }: ReachedTable): ReachedTable[] {
  const known = findRelation(schema, table);
  if (known?.kind === 'view') return known.reads.map((read, index) => usedByView(read, index, mode));
  const children = isOnly ? [] : descendantsOf(schema, table);
  return children.map((child) => ({ table: child, mode, isOnly: true }));
}

/** A write to a view writes to its first table and reads the others. */
function usedByView(table: RelationName, index: number, mode: LockMode): ReachedTable {
  return { table, isOnly: false, mode: mode === 'ROW EXCLUSIVE' && index > 0 ? 'ACCESS SHARE' : mode };
}
