/** Finds the foreign keys that a statement gives to tables, in use or not. */

import type { Constraint } from '@pgsql/types';
import { columnConstraints } from '../schema/read-table.js';
import { findRelation, type Relation, resolveRange } from '../schema/schema.js';
import { nodeOf, nodesOf } from '../syntax/node-of.js';
import { namePartsOf } from '../syntax/object-names.js';
import type { LintedStatement } from './rule.js';

export interface ForeignKey {
  constraint: Constraint;
  columns: readonly string[];
  table: Relation;
}

/**
 * The foreign keys of CREATE TABLE and ALTER TABLE. Those of tables that no migration creates are left out, and those whose
 * columns or indexes come from elsewhere; and those that the table, as it is known now, has lost again.
 */
export function foreignKeysOf({ node, schema }: LintedStatement): ForeignKey[] {
  const create = nodeOf(node, 'CreateStmt');
  const alter = nodeOf(node, 'AlterTableStmt');
  const range = create?.relation ?? alter?.relation;
  const table = range && findRelation(schema, resolveRange(schema, range));
  if (!table?.isWhole || (alter && alter.objtype !== 'OBJECT_TABLE')) return [];
  const parts = create?.tableElts ?? nodesOf(alter?.cmds, 'AlterTableCmd').flatMap(({ def }) => def ?? []);
  const alone = nodesOf(parts, 'Constraint').map((constraint) => ({
    constraint,
    columns: namePartsOf(constraint.fk_attrs),
    table,
  }));
  const inline = nodesOf(parts, 'ColumnDef').flatMap((column) =>
    columnConstraints(column).map((constraint) => ({ constraint, columns: [column.colname ?? ''], table })),
  );
  return [...alone, ...inline].filter(
    ({ constraint, columns }) => constraint.contype === 'CONSTR_FOREIGN' && hasForeignKey(table, columns),
  );
}

function hasForeignKey({ constraints }: Relation, columns: readonly string[]): boolean {
  return [...constraints.values()].some(
    ({ kind, columns: own }) => kind === 'foreign key' && own.join() === columns.join(),
  );
}
