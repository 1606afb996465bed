/** Locks what a query uses: tables, their partitions, and what lies under views. */

import { descendantsOf } from '../schema/relatives.js';
import { findRelation, type Relation } from '../schema/schema.js';
import { type TableUse, tableUses } from '../schema/table-uses.js';
import type { RelationName } from '../syntax/relation-name.js';
import type { LockMode } from './impact.js';
import type { Scene } from './tally.js';

const modes: Readonly<Record<TableUse['how'], LockMode>> = {
  read: 'ACCESS SHARE',
  'lock rows': 'ROW SHARE',
  write: 'ROW EXCLUSIVE',
};

/** A query that runs now: what it reads is locked down to the tables under its views. */
export function runQuery(scene: Scene, tree: unknown): void {
  for (const { table, how, isOnly } of tableUses(scene.schema, tree)) {
    use(scene, table, { mode: modes[how], isOnly, isRun: true });
  }
}

/** A query that is only looked at, for a definition: what lies under a view is left alone. */
export function defineQuery(scene: Scene, tree: unknown): void {
  for (const { table, how } of tableUses(scene.schema, tree)) scene.tally.lock(table, modes[how]);
}

/** Locks one table as a query would. */
export function useTable(scene: Scene, table: RelationName, mode: LockMode): void {
  use(scene, table, { mode, isOnly: false, isRun: true });
}

interface Use {
  mode: LockMode;
  isOnly: boolean;
  /** Whether rows are read. */
  isRun: boolean;
}

function use(scene: Scene, table: RelationName, { mode, isOnly, isRun }: Use): void {
  const { schema, tally } = scene;
  tally.lock(table, mode);
  if (isRun) tally.query(table);
  const known = findRelation(schema, table);
  if (known?.kind === 'view') useView(scene, known, mode);
  if (isOnly || known?.kind === 'view') return;
  for (const child of descendantsOf(schema, table)) {
    tally.lock(child, mode);
    if (isRun) tally.query(child);
  }
}

/** Where a view is written to, its first table is; the others are only read. */
function useView(scene: Scene, view: Relation, mode: LockMode): void {
  view.reads.forEach((read, index) => {
    const own = mode === 'ROW EXCLUSIVE' && index > 0 ? 'ACCESS SHARE' : mode;
    use(scene, read, { mode: own, isOnly: false, isRun: true });
  });
}
