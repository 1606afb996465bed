/** Reads what becomes of the earlier values of a column that gets the same value in every row, or another type. */

import type { Node, TypeName } from '@pgsql/types';
import { isAlwaysTrue } from '../../syntax/always-true.js';
import { literalOf, nodeOf, nodesOf } from '../../syntax/node-of.js';
import { isNull } from '../../syntax/null-values.js';
import { namePartsOf } from '../../syntax/object-names.js';
import { nodesIn } from '../../syntax/objects-in.js';
import type { ReaderContext } from '../context.js';
import type { NewValue } from '../effect.js';
import { pureSqlOf, sqlOfType } from './pure-sql.js';

/**
 * @param from the FROM of the UPDATE: the columns of one row of VALUES are constants.
 * @returns the value that is the same in every row, of each column that SET gives one, also of a field or an element of it; columns
 *   whose values SET moves elsewhere are left out.
 */
export function constantValues(
  context: ReaderContext,
  targets: readonly Node[] | undefined,
  from?: readonly Node[],
): ReadonlyMap<string, NewValue> {
  const known = onlyRow(from);
  const assignments = nodesOf(targets, 'ResTarget').map(({ val, ...target }) => ({
    ...target,
    val: (val && known.get(namePartsOf(nodeOf(val, 'ColumnRef')?.fields).join('.'))) ?? val,
  }));
  const read = new Set(columnsIn(context, assignments));
  return new Map(
    assignments.flatMap(({ name, val, indirection }): [string, NewValue][] =>
      name === undefined || read.has(name) || columnsIn(context, [val, indirection]).length > 0
        ? []
        : [[name, indirection ? { kind: 'constant' } : constantValue(val)]],
    ),
  );
}

/** The values of `FROM (VALUES (…)) u (v)`, by `v` and `u.v`; none for several rows, or for any other FROM. */
function onlyRow(from: readonly Node[] = []): ReadonlyMap<string, Node> {
  const { subquery, alias } = (from.length === 1 && nodeOf(from[0], 'RangeSubselect')) || {};
  const [row, ...others] = nodeOf(subquery, 'SelectStmt')?.valuesLists ?? [];
  const items = others.length > 0 ? [] : (nodeOf(row, 'List')?.items ?? []);
  const names = nodesOf(alias?.colnames, 'String').map(({ sval = '' }) => sval);
  return new Map(
    items.flatMap((item, index) => {
      const name = names[index] ?? `column${index + 1}`;
      return [name, `${alias?.aliasname}.${name}`].map((key): [string, Node] => [key, item]);
    }),
  );
}

/** Variables of a body are no columns. */
function columnsIn({ variables }: ReaderContext, tree: unknown): string[] {
  return nodesIn(tree, 'ColumnRef')
    .map(({ fields }) => namePartsOf(fields))
    .filter((parts) => !(parts.length === 1 && variables.has(parts[0] ?? '')))
    .map((parts) => parts.at(-1) ?? '*');
}

function constantValue(value: Node | undefined): NewValue {
  if (isNull(value)) return { kind: 'null' };
  const { boolval } = nodeOf(value, 'A_Const') ?? {};
  const literal = boolval ? String(boolval.boolval === true) : literalOf(value);
  return literal === undefined ? { kind: 'constant' } : { kind: 'literal', literal };
}

/**
 * @returns the columns that UPDATE overwrites in every row. A condition that only leaves out rows in which the column has the new
 *   value already, or none, leaves out nothing that could be lost.
 */
export function overwrittenColumns(
  values: ReadonlyMap<string, NewValue>,
  condition: Node | undefined,
): Readonly<Record<string, NewValue>> {
  const isEveryRow = !condition || isAlwaysTrue(condition);
  return Object.fromEntries(
    [...values].filter(([column, value]) => isEveryRow || leavesOutNothing(condition, column, value)),
  );
}

/** `x IS NOT NULL`, `x <> 'new'` and `x IS DISTINCT FROM 'new'`. */
function leavesOutNothing(condition: Node, column: string, value: NewValue): boolean {
  const test = nodeOf(condition, 'NullTest');
  if (test) return test.nulltesttype === 'IS_NOT_NULL' && isColumn(test.arg, column);
  const { kind, name, lexpr, rexpr } = nodeOf(condition, 'A_Expr') ?? {};
  const isUnequal =
    kind === 'AEXPR_DISTINCT' || (kind === 'AEXPR_OP' && namePartsOf(name).join('.') === '<>');
  return isUnequal && isColumn(lexpr, column) && isSameValue(constantValue(rexpr), value);
}

function isColumn(node: Node | undefined, column: string): boolean {
  return namePartsOf(nodeOf(node, 'ColumnRef')?.fields).at(-1) === column;
}

function isSameValue(one: NewValue, other: NewValue): boolean {
  return one.kind !== 'constant' && JSON.stringify(one) === JSON.stringify(other);
}

/**
 * What ALTER COLUMN … TYPE makes of the values.
 * @param using the expression; undefined where PostgreSQL converts by itself.
 * @returns undefined for an expression of which nobody knows what it keeps.
 */
export function convertedValue(
  column: string,
  type: TypeName | undefined,
  using: Node | undefined,
): NewValue | undefined {
  if (using && nodesIn(using, 'ColumnRef').length === 0) return constantValue(using);
  // Without USING, PostgreSQL refuses values that are too long instead of cutting them.
  if (!using && refusing.has(namePartsOf(type?.names).at(-1) ?? '')) return undefined;
  const casts = castsOf(using, column);
  if (!casts) return computedValue(column, using);
  const types = [...casts, type].map(sqlOfType);
  const known = types.filter((one) => one !== undefined);
  return known.length === types.length ? { kind: 'casts', types: known } : undefined;
}

function computedValue(column: string, using: Node | undefined): NewValue | undefined {
  const sql = pureSqlOf(using, column);
  return sql === undefined ? undefined : { kind: 'computed', sql };
}

const refusing: ReadonlySet<string> = new Set(['varchar', 'bpchar', 'bit', 'varbit']);

/** The types that the column is cast to, in their order; undefined for any other expression. */
function castsOf(using: Node | undefined, column: string): TypeName[] | undefined {
  const types: (TypeName | undefined)[] = [];
  let node = using;
  while (node && 'TypeCast' in node) {
    types.unshift(node.TypeCast.typeName);
    node = node.TypeCast.arg;
  }
  if (node && !isColumn(node, column)) return undefined;
  return types.filter((type) => type !== undefined);
}
