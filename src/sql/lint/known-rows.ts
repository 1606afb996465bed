/** Follows which tables are known to have rows, because a statement of the history wrote them. */

import type { Node } from '@pgsql/types';
import { findRelation, type Relation, resolveRange, type Schema } from '../schema/schema.js';
import { type NodeOf, nodeOf } from '../syntax/node-of.js';
import { nodesIn } from '../syntax/objects-in.js';
import { changesIn } from './changes-in.js';

/** Call after each statement of the history. Statements of blocks may not happen, so that they write no known rows. */
export function followRows(schema: Schema, node: Node): void {
  const insert = nodeOf(node, 'InsertStmt');
  const filled =
    insert && writesRows(insert) ? findRelation(schema, resolveRange(schema, insert.relation)) : undefined;
  if (!isPlain(insert) && mayRemoveRows(schema, node))
    for (const relation of schema.relations.values()) relation.hasRows = false;
  else if (filled && keepsRows(filled)) filled.hasRows = true;
}

/** An INSERT without WITH queries removes nothing, and may be long. */
function isPlain(insert: NodeOf<'InsertStmt'> | undefined): boolean {
  return insert !== undefined && insert.withClause === undefined;
}

/** As many rows as are written down; a query may have none. */
function writesRows({ selectStmt }: NodeOf<'InsertStmt'>): boolean {
  return !selectStmt || nodeOf(selectStmt, 'SelectStmt')?.valuesLists !== undefined;
}

/** Triggers and rules may leave rows out, and views put them elsewhere. */
function keepsRows({ kind, triggers, rules }: Relation): boolean {
  return kind === 'table' && triggers.size + rules.size === 0;
}

/** Foreign keys take rows of other tables along, and functions may do anything. */
function mayRemoveRows(schema: Schema, node: Node): boolean {
  if ('TruncateStmt' in node || 'DoStmt' in node || 'CallStmt' in node) return true;
  if (changesIn(node, schema).some(({ kind }) => kind === 'DELETE' || kind === 'MERGE')) return true;
  return 'SelectStmt' in node && nodesIn(node, 'FuncCall').length > 0;
}
