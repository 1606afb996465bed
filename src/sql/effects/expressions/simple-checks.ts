/** Reads the conditions of a CHECK that compare columns with literals, so that known rows can be tried against them. */

import type { Node } from '@pgsql/types';
import { conjunctsOf, literalOf, nodeOf } from '../../syntax/node-of.js';
import { namePartsOf } from '../../syntax/object-names.js';
import type { SimpleCheck } from '../effect.js';

/** @returns undefined unless each condition that AND joins is understood. */
export function simpleChecks(condition: Node | undefined): SimpleCheck[] | undefined {
  const checks = condition ? conjunctsOf(condition).map(simpleCheck) : [];
  const known = checks.filter((check) => check !== undefined);
  return known.length > 0 && known.length === checks.length ? known : undefined;
}

function simpleCheck(condition: Node): SimpleCheck | undefined {
  const test = nodeOf(condition, 'A_Expr');
  const fields = nodeOf(test?.lexpr, 'ColumnRef')?.fields;
  const column = namePartsOf(fields).at(-1);
  if (!test || column === undefined) return undefined;
  const isList = test.kind === 'AEXPR_IN';
  const items = isList ? (nodeOf(test.rexpr, 'List')?.items ?? []) : [test.rexpr];
  const values = items.map(literalOf).filter((value) => value !== undefined);
  const isPlain = test.kind === 'AEXPR_OP' || isList;
  if (!isPlain || values.length === 0 || values.length < items.length) return undefined;
  return { column, operator: namePartsOf(test.name).at(-1) ?? '', values };
}
