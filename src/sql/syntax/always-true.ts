/** Recognizes conditions that are true for every row, in any notation. */

import type { A_Const, A_Expr, BoolExpr, BooleanTest, Node, NullTest } from '@pgsql/types';
import { joinNames } from './identifiers.js';
import { literalOf, nodeOf, nodesOf, withoutCasts } from './node-of.js';
import { namePartsOf } from './object-names.js';

/** Whether a column of the table is never null. */
type IsNotNull = (column: string) => boolean;

/** @param isNotNull left out where nobody knows. */
export function isAlwaysTrue(condition: Node, isNotNull: IsNotNull = () => false): boolean {
  return truthOf(condition, isNotNull) === true;
}

/** Undefined where it depends on the row, or is not known. */
function truthOf(condition: Node | undefined, isNotNull: IsNotNull): boolean | undefined {
  const node = withoutCasts(condition);
  if (!node) return undefined;
  if ('A_Const' in node) return truthOfConstant(node.A_Const);
  if ('BoolExpr' in node) return truthOfOperands(node.BoolExpr, isNotNull);
  if ('A_Expr' in node) return truthOfComparison(node.A_Expr, isNotNull);
  if ('NullTest' in node) return truthOfNullTest(node.NullTest, isNotNull);
  return 'BooleanTest' in node ? truthOfTest(node.BooleanTest, isNotNull) : undefined;
}

/** A string counts as what a boolean reads it as (parse_bool_with_len, utils/adt/bool.c). */
function truthOfConstant({ boolval, sval }: A_Const): boolean | undefined {
  if (boolval) return boolval.boolval === true;
  const word = sval?.sval?.trim().toLowerCase();
  if (!word) return undefined;
  if ('true'.startsWith(word) || 'yes'.startsWith(word) || word === 'on' || word === '1') return true;
  return 'false'.startsWith(word) || 'no'.startsWith(word) || word === 'off' || word === '0'
    ? false
    : undefined;
}

function truthOfOperands({ boolop, args }: BoolExpr, isNotNull: IsNotNull): boolean | undefined {
  const truths = (args ?? []).map((one) => truthOf(one, isNotNull));
  if (boolop === 'NOT_EXPR') return truths[0] === undefined ? undefined : !truths[0];
  const decisive = boolop === 'OR_EXPR';
  if (truths.includes(decisive)) return decisive;
  return truths.includes(undefined) ? undefined : !decisive;
}

const comparisons: Readonly<Record<string, (one: number | string, other: number | string) => boolean>> = {
  '=': (one, other) => one === other,
  '<>': (one, other) => one !== other,
  '<': (one, other) => one < other,
  '>': (one, other) => one > other,
  '<=': (one, other) => one <= other,
  '>=': (one, other) => one >= other,
};

/** Of two literals, or of a column that is never null with itself. */
function truthOfComparison({ kind, name, lexpr, rexpr }: A_Expr, isNotNull: IsNotNull): boolean | undefined {
  const operator = nodesOf(name, 'String')[0]?.sval ?? '';
  const compare = comparisons[operator];
  if (kind !== 'AEXPR_OP' || !compare) return undefined;
  const column = columnOf(lexpr);
  if (column && joinNames(...column) === joinNames(...(columnOf(rexpr) ?? [])))
    return isNeverNull(column, isNotNull) ? compare(0, 0) : undefined;
  const [one, two] = [literalValue(lexpr), literalValue(rexpr)];
  if (one === undefined || two === undefined || typeof one !== typeof two) return undefined;
  // How texts are sorted depends on the collation.
  return typeof one === 'string' && one !== two && /^[<>]=?$/.test(operator) ? undefined : compare(one, two);
}

function literalValue(node: Node | undefined): number | string | undefined {
  const constant = nodeOf(withoutCasts(node), 'A_Const');
  const text = literalOf(node);
  if (!constant || text === undefined) return undefined;
  return constant.sval ? text : Number(text);
}

function truthOfNullTest({ arg, nulltesttype }: NullTest, isNotNull: IsNotNull): boolean | undefined {
  const column = columnOf(arg);
  const isThere = column === undefined ? literalValue(arg) !== undefined : isNeverNull(column, isNotNull);
  return isThere ? nulltesttype === 'IS_NOT_NULL' : undefined;
}

/** IS [NOT] TRUE, FALSE and UNKNOWN, of what is known not to be unknown. */
function truthOfTest(
  { arg, booltesttype = 'IS_TRUE' }: BooleanTest,
  isNotNull: IsNotNull,
): boolean | undefined {
  const truth = truthOf(arg, isNotNull);
  if (truth === undefined) return undefined;
  const isMet = booltesttype.endsWith(truth ? 'TRUE' : 'FALSE');
  return booltesttype.startsWith('IS_NOT_') ? !isMet : isMet;
}

/** The parts of the name as it is written; undefined for anything else. */
function columnOf(node: Node | undefined): readonly string[] | undefined {
  const column = nodeOf(node, 'ColumnRef');
  return column && namePartsOf(column.fields);
}

const systemColumns: ReadonlySet<string> = new Set(['ctid', 'tableoid', 'xmin', 'xmax', 'cmin', 'cmax']);

function isNeverNull(parts: readonly string[], isNotNull: IsNotNull): boolean {
  const column = parts.at(-1) ?? '';
  return systemColumns.has(column) || isNotNull(column);
}
