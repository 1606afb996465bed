/** Computes the facts that valid constraints prove, so that PostgreSQL need not scan the rows. */

import type { Node } from '@pgsql/types';
import { type Constraint, findRelation, type Relation, type Schema } from '../schema/schema.js';
import { constraintsOfUnseen } from '../schema/unseen-tables.js';
import { conjunctsOf, nodeOf } from '../syntax/node-of.js';
import { namePartsOf } from '../syntax/object-names.js';
import type { RelationName } from '../syntax/relation-name.js';

/**
 * Whether a column is NOT NULL already, or a check says so (tablecmds.c, NotNullImpliedByRelConstraints; since 12). A NOT NULL
 * that is not valid yet is made so by reading, whatever other checks say.
 */
export function provesNotNull(
  { columns, constraints }: Pick<Relation, 'columns' | 'constraints'>,
  name: string,
): boolean {
  if (columns.get(name)?.isNotNull) return true;
  const all = [...constraints.values()];
  if (all.some(({ kind, columns: own }) => kind === 'not null' && own.includes(name))) return false;
  return validChecks(all).some((condition) => isNotNullTest(condition, name));
}

/** The same of any table, whether a migration creates it or not. */
export function isProvenNotNull(schema: Schema, table: RelationName, name: string): boolean {
  const known = findRelation(schema, table);
  if (known) return provesNotNull(known, name);
  const constraints = new Map(constraintsOfUnseen(schema, table));
  const isSet = [...constraints.values()].some(
    ({ kind, isValidated, columns }) => kind === 'not null' && isValidated && columns.includes(name),
  );
  return isSet || provesNotNull({ columns: new Map(), constraints }, name);
}

/** The conditions of all valid checks, taken apart at their ANDs. */
export function validChecks(constraints: readonly Constraint[]): Node[] {
  return constraints
    .filter(({ kind, isValidated, isEnforced }) => kind === 'check' && isValidated && isEnforced)
    .flatMap(({ expression }) => conjunctsOf(expression));
}

function isNotNullTest(condition: Node, name: string): boolean {
  const test = nodeOf(condition, 'NullTest');
  return test?.nulltesttype === 'IS_NOT_NULL' && columnOf(test.arg) === name;
}

/** The column that an expression is; undefined for every other expression. */
export function columnOf(node: Node | undefined): string | undefined {
  return namePartsOf(nodeOf(node, 'ColumnRef')?.fields).at(-1);
}
