/** Whether the checks of a table prove that all of its rows belong into a partition, so that ATTACH need not read them. */

import type { Node, PartitionBoundSpec } from '@pgsql/types';
import type { Relation } from '../schema/schema.js';
import { literalOf, nodeOf } from '../syntax/node-of.js';
import { namePartsOf } from '../syntax/object-names.js';
import { columnOf, provesNotNull, validChecks } from './proofs.js';

/** Only texts that can be compared: one column as the key, and literal bounds. */
export function provesBound(
  parent: Relation,
  child: Relation,
  bound: PartitionBoundSpec | undefined,
): boolean {
  const key = parent.partitionKey;
  const column = key?.columns[0];
  if (!bound || bound.is_default || key?.columns.length !== 1 || column === undefined) return false;
  if (!provesNotNull(child, column)) return false;
  const checks = validChecks([...child.constraints.values()]);
  if (key.strategy === 'list') return provesList(checks, column, bound);
  return key.strategy === 'range' && provesRange(checks, column, bound);
}

function provesList(checks: readonly Node[], column: string, { listdatums }: PartitionBoundSpec): boolean {
  const allowed = new Set((listdatums ?? []).map((value) => literalOf(value)));
  return checks.some((check) => {
    const values = valuesAllowed(check, column);
    return values?.every((value) => value !== undefined && allowed.has(value)) === true;
  });
}

/** Of `column = 'a'` and `column IN ('a', 'b')`. */
function valuesAllowed(check: Node, column: string): (string | undefined)[] | undefined {
  const test = nodeOf(check, 'A_Expr');
  if (columnOf(test?.lexpr) !== column || namePartsOf(test?.name)[0] !== '=') return undefined;
  if (test?.kind === 'AEXPR_OP') return [literalOf(test.rexpr)];
  if (test?.kind !== 'AEXPR_IN') return undefined;
  return (nodeOf(test.rexpr, 'List')?.items ?? []).map((value) => literalOf(value));
}

function provesRange(
  checks: readonly Node[],
  column: string,
  { lowerdatums, upperdatums }: PartitionBoundSpec,
): boolean {
  const [from, to] = [lowerdatums?.[0], upperdatums?.[0]];
  const isLow = isEndless(from, 'minvalue') || isLimited(checks, column, { from });
  return isLow && (isEndless(to, 'maxvalue') || isLimited(checks, column, { to }));
}

/** The grammar reads MINVALUE and MAXVALUE as columns (parse_utilcmd.c, transformPartitionRangeBounds). */
function isEndless(limit: Node | undefined, word: string): boolean {
  return columnOf(limit) === word;
}

/** Whether a check keeps the column on the right side of a limit: at least `from`, or less than `to`. */
function isLimited(
  checks: readonly Node[],
  column: string,
  { from, to }: { from?: Node | undefined; to?: Node | undefined },
): boolean {
  const limit = literalOf(from ?? to);
  return checks.some((check) => {
    const test = nodeOf(check, 'A_Expr');
    const value = literalOf(test?.rexpr);
    if (test?.kind !== 'AEXPR_OP' || columnOf(test.lexpr) !== column) return false;
    const order = value === undefined || limit === undefined ? undefined : compare(value, limit);
    const operator = namePartsOf(test.name)[0] ?? '';
    return order !== undefined && (from ? isAbove(operator, order) : isBelow(operator, order));
  });
}

function isAbove(operator: string, order: number): boolean {
  return ['>=', '>', '='].includes(operator) && order >= 0;
}

function isBelow(operator: string, order: number): boolean {
  return operator === '<' ? order <= 0 : ['<=', '='].includes(operator) && order < 0;
}

const isoDate = /^\d{4}-\d\d-\d\d(?: \d\d:\d\d(?::\d\d)?)?$/;

/** Numbers by their value, dates in the order of their texts; undefined where that would be a guess. */
function compare(one: string, other: string): number | undefined {
  if (one === other) return 0;
  const numbers = [one, other].map(Number) as [number, number];
  if (numbers.every(Number.isFinite)) return numbers[0] - numbers[1];
  return isoDate.test(one) && isoDate.test(other) ? (one < other ? -1 : 1) : undefined;
}
