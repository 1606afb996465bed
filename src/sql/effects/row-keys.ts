/** The rows that an INSERT writes out, so that two migrations with the same row can be told from two with different ones. */

import type { NodeOf } from './node-of.js';
import { literalOf, nodeOf, nodesOf } from './node-of.js';

/** More rows than these are data, not decisions. */
const maxRows = 50;

/** `id=1,name=x` for each row of VALUES, as far as its values are literals; undefined for other queries. */
export function literalRows({ cols, selectStmt }: NodeOf<'InsertStmt'>): string[] | undefined {
  if (!selectStmt || !('SelectStmt' in selectStmt)) return undefined;
  const rows = nodesOf(selectStmt.SelectStmt.valuesLists, 'List');
  if (rows.length === 0 || rows.length > maxRows) return undefined;
  const columns = nodesOf(cols, 'ResTarget').map(({ name }) => name ?? '');
  return rows.map(({ items = [] }) =>
    items
      .flatMap((item, index) => {
        const literal = literalOf(item);
        return literal === undefined ? [] : [`${columns[index] ?? index + 1}=${literal}`];
      })
      .join(','),
  );
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
