/** Recognizes conditions that are true for every row, in any notation. */

import type { A_Const, A_Expr, BoolExpr, BooleanTest, Node, NullTest } from '@pgsql/types';
import type { Relation } from '../schema/schema.js';
import { joinNames } from '../syntax/identifiers.js';
import { literalOf, nodeOf, nodesOf, withoutCasts } from '../syntax/node-of.js';
import { namePartsOf } from '../syntax/object-names.js';

/** @param table undefined where the history does not tell which of its columns are never null */
export function isAlwaysTrue(condition: Node, table: Relation | undefined): boolean {
  return truthOf(condition, table) === true;
}

/** Undefined where it depends on the row, or is not known. */
function truthOf(condition: Node | undefined, table: Relation | undefined): boolean | undefined {
  const node = withoutCasts(condition);
  if (!node) return undefined;
  if ('A_Const' in node) return truthOfConstant(node.A_Const);
  if ('BoolExpr' in node) return truthOfOperands(node.BoolExpr, table);
  if ('A_Expr' in node) return truthOfComparison(node.A_Expr, table);
  if ('NullTest' in node) return truthOfNullTest(node.NullTest, table);
  return 'BooleanTest' in node ? truthOfTest(node.BooleanTest, table) : undefined;
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

function truthOfOperands({ boolop, args }: BoolExpr, table: Relation | undefined): boolean | undefined {
  const truths = (args ?? []).map((one) => truthOf(one, table));
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
function truthOfComparison(
  { kind, name, lexpr, rexpr }: A_Expr,
  table: Relation | undefined,
): boolean | undefined {
  const operator = nodesOf(name, 'String')[0]?.sval ?? '';
  const compare = comparisons[operator];
  if (kind !== 'AEXPR_OP' || !compare) return undefined;
  const column = columnOf(lexpr);
  if (column && joinNames(...column) === joinNames(...(columnOf(rexpr) ?? [])))
    return isNeverNull(column, table) ? compare(0, 0) : undefined;
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

function truthOfNullTest({ arg, nulltesttype }: NullTest, table: Relation | undefined): boolean | undefined {
  const column = columnOf(arg);
  const isThere = column === undefined ? literalValue(arg) !== undefined : isNeverNull(column, table);
  return isThere ? nulltesttype === 'IS_NOT_NULL' : undefined;
}

/** IS [NOT] TRUE, FALSE and UNKNOWN, of what is known not to be unknown. */
function truthOfTest(
  { arg, booltesttype = 'IS_TRUE' }: BooleanTest,
  table: Relation | undefined,
): boolean | undefined {
  const truth = truthOf(arg, table);
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

function isNeverNull(parts: readonly string[], table: Relation | undefined): boolean {
  const column = parts.at(-1) ?? '';
  return systemColumns.has(column) || table?.columns.get(column)?.isNotNull === true;
}
