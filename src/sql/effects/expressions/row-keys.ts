/** Reads from literals which rows a statement affects, to compare the rows of two migrations. */

import type { Node, SelectStmt } from '@pgsql/types';
import { needsRows } from '../../postgres/row-functions.js';
import type { NodeOf } from '../../syntax/node-of.js';
import { conjunctsOf, literalOf, nodeOf, nodesOf, withoutCasts } from '../../syntax/node-of.js';
import { namePartsOf } from '../../syntax/object-names.js';
import { nodesIn } from '../../syntax/objects-in.js';
import type { KnownRow } from '../effect.js';

/** More rows than these are data, not decisions. */
const maxRows = 50;

/** The rows of VALUES, as far as their values are literals; undefined for other queries. */
export function literalRows({ cols, selectStmt }: NodeOf<'InsertStmt'>): KnownRow[] | undefined {
  const select = nodeOf(selectStmt, 'SelectStmt');
  const rows = valuesOf(select);
  if (rows.length === 0 || rows.length > maxRows) return undefined;
  const columns = nodesOf(cols, 'ResTarget').map(({ name }) => name ?? '');
  return rows.map(({ items = [] }) => literalRow(columns, items));
}

/** The columns to which some row of VALUES gives NULL; undefined for other queries. */
export function nullColumns({ cols, selectStmt }: NodeOf<'InsertStmt'>): string[] | undefined {
  const rows = valuesOf(nodeOf(selectStmt, 'SelectStmt'));
  if (rows.length === 0) return selectStmt ? undefined : [];
  const columns = nodesOf(cols, 'ResTarget').map(({ name }) => name ?? '');
  return rows.flatMap(({ items = [] }) =>
    items.flatMap((item, index) =>
      nodeOf(withoutCasts(item), 'A_Const')?.isnull ? [columns[index] ?? String(index + 1)] : [],
    ),
  );
}

/** The values that are literals, by their columns, or by their number where none are named. */
export function literalRow(columns: readonly string[], values: readonly Node[]): KnownRow {
  return Object.fromEntries(
    values.flatMap((value, index) => {
      const literal = literalOf(value) ?? booleanOf(value);
      return literal === undefined ? [] : [[columns[index] ?? String(index + 1), literal]];
    }),
  );
}

function booleanOf(value: Node): string | undefined {
  const { boolval } = nodeOf(withoutCasts(value), 'A_Const') ?? {};
  return boolval && (boolval.boolval ? 'true' : 'false');
}

/** The rows of VALUES, or the one of a SELECT without FROM. */
export function valuesOf(select: SelectStmt | undefined): { items?: Node[] }[] {
  const rows = nodesOf(select?.valuesLists, 'List');
  if (rows.length > 0 || !select?.targetList || select.fromClause || select.whereClause) return rows;
  const items = nodesOf(select.targetList, 'ResTarget').flatMap(({ val }) => val ?? []);
  return items.some(mayBeSeveral) ? [] : [{ items }];
}

/** A function that returns a set makes several rows of one. */
function mayBeSeveral(value: Node): boolean {
  return nodesIn(value, 'FuncCall').some(({ funcname }) => needsRows(namePartsOf(funcname).at(-1) ?? ''));
}

/** The columns that an INSERT names and never leaves to their DEFAULT. */
export function givenColumns({ cols, selectStmt, override }: NodeOf<'InsertStmt'>): string[] {
  // OVERRIDING USER VALUE ignores what is given for an identity.
  if (override === 'OVERRIDING_USER_VALUE') return [];
  const rows = nodesOf(nodeOf(selectStmt, 'SelectStmt')?.valuesLists, 'List');
  const isLeft = (index: number) => rows.some(({ items = [] }) => 'SetToDefault' in (items[index] ?? {}));
  return nodesOf(cols, 'ResTarget')
    .map(({ name }) => name ?? '')
    .filter((_, index) => !isLeft(index));
}

/** The rows that `a = 'x' AND b IN ('y', 'z')` selects, one for each combination; undefined for any rows. */
export function wantedRows(where: Node | undefined): KnownRow[] | undefined {
  const rows = rowsOf(where);
  return rows.length > maxRows || rows.some((row) => Object.keys(row).length === 0) ? undefined : rows;
}

function rowsOf(where: Node | undefined): KnownRow[] {
  return conjunctsOf(where).map(rowsOfCondition).reduce(combine, [{}]);
}

/** A condition that is not understood asks nothing. */
function rowsOfCondition(condition: Node): KnownRow[] {
  const test = nodeOf(condition, 'A_Expr');
  const [operator] = nodesOf(test?.name, 'String');
  const column = namePartsOf(nodeOf(test?.lexpr, 'ColumnRef')?.fields).at(-1);
  if (!test || column === undefined || operator?.sval !== '=') return [{}];
  const list = nodeOf(test.rexpr, 'List')?.items;
  const values = (test.kind === 'AEXPR_IN' ? (list ?? []) : [test.rexpr]).map(literalOf);
  const isKnown = (test.kind === 'AEXPR_IN' || test.kind === 'AEXPR_OP') && !values.includes(undefined);
  return isKnown ? values.map((value) => ({ [column]: value as string })) : [{}];
}

function combine(one: KnownRow[], other: KnownRow[]): KnownRow[] {
  if (one.length * other.length > maxRows) return one;
  return one.flatMap((first) => other.map((second) => ({ ...second, ...first })));
}
