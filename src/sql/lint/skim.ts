/** Passes over migrations that do nothing but make things, so that an `up` with thousands of them need not ask all rules. */

import type { CreateStmt, Node } from '@pgsql/types';
import { createdName, newRelation } from '../schema/read-table.js';
import { keyOfName, type Schema } from '../schema/schema.js';
import { nodeOf, nodesOf } from '../syntax/node-of.js';
import type { Statement } from '../syntax/parse.js';
import { isKindOf } from '../syntax/statement-kinds.js';

/**
 * Remembers of the tables only that they are new.
 * @returns false, with nothing done, when a statement may concern something that others use.
 */
export function skim(
  schema: Schema,
  statements: readonly Pick<Statement, 'node' | 'kind'>[],
  creator: string,
): boolean {
  if (!statements.every(isPlain)) return false;
  for (const { node } of statements) {
    const create = nodeOf(node, 'CreateStmt');
    const name = create && createdName(schema, create.relation);
    if (!name || name.schema === 'pg_temp' || schema.relations.has(keyOfName(name))) continue;
    schema.relations.set(keyOfName(name), { ...newRelation(name, 'table', creator), isWhole: false });
  }
  return true;
}

function isPlain({ node, kind }: Pick<Statement, 'node' | 'kind'>): boolean {
  const create = nodeOf(node, 'CreateStmt');
  return create ? isAlone(create) : isKindOf(kind, 'plain');
}

/** Partitions, heirs, copies and foreign keys lock other tables. */
function isAlone({ partbound, partspec, inhRelations, tableElts = [] }: CreateStmt): boolean {
  return !partbound && !partspec && !inhRelations && tableElts.every(concernsNobody);
}

function concernsNobody(element: Node): boolean {
  const column = nodeOf(element, 'ColumnDef');
  const constraints = column ? nodesOf(column.constraints, 'Constraint') : nodesOf([element], 'Constraint');
  const isKnown = column !== undefined || constraints.length === 1;
  return isKnown && constraints.every(({ contype }) => contype !== 'CONSTR_FOREIGN');
}
