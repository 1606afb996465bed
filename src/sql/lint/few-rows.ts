/** Distinguishes an UPDATE or DELETE of single rows from one that may scan a whole table. */

import type { A_Expr, Node } from '@pgsql/types';
import type { Relation } from '../schema/schema.js';
import { conjunctsOf, literalOf, nodeOf } from '../syntax/node-of.js';
import { namePartsOf } from '../syntax/object-names.js';

/** Whether the condition gives the values of a unique key, so that it finds one row for each of them. */
export function findsFewRows(where: Node | undefined, table: Relation | undefined): boolean {
  if (!table || !where) return false;
  const given = new Set(conjunctsOf(where).flatMap(givenColumn));
  return [...table.indexes.values()].some(
    ({ isUnique, columns }) =>
      isUnique && columns.every((column) => column !== undefined && given.has(column)),
  );
}

/** The column of `column = literal` or `column IN (literals)`. */
function givenColumn(condition: Node): string[] {
  const expression = nodeOf(condition, 'A_Expr');
  if (!expression || !isEquality(expression)) return [];
  const column = namePartsOf(nodeOf(expression.lexpr, 'ColumnRef')?.fields).at(-1);
  const values = nodeOf(expression.rexpr, 'List')?.items ?? [expression.rexpr];
  const areLiteral = values.every((value) => literalOf(value) !== undefined);
  return column !== undefined && areLiteral ? [column] : [];
}

function isEquality({ kind, name }: A_Expr): boolean {
  return (kind === 'AEXPR_OP' || kind === 'AEXPR_IN') && namePartsOf(name)[0] === '=';
}
