/** Finds the keys of a CREATE TABLE: several with the same columns are made once (transformIndexConstraints). */

import type { Constraint, Node } from '@pgsql/types';
import type { TableKey } from './columns.js';
import { nodeOf, nodesOf } from './node-of.js';
import { namePartsOf } from './object-names.js';

/** The keys among the parts of a CREATE TABLE, by their columns joined with commas; the primary key wins. */
export function findKeys(elements: readonly Node[]): ReadonlyMap<string, TableKey> {
  const keys = new Map<string, TableKey>();
  for (const { columns, constraint } of elements.flatMap(keysOfElement)) {
    const known = keys.get(columns);
    const isBetter = !known || (constraint.contype === 'CONSTR_PRIMARY' && known.constraint !== constraint);
    keys.set(columns, {
      constraint: isBetter ? constraint : known.constraint,
      name: known?.name ?? constraint.conname,
    });
  }
  return keys;
}

function keysOfElement(element: Node): { columns: string; constraint: Constraint }[] {
  const definition = nodeOf(element, 'ColumnDef');
  const own = nodesOf(definition?.constraints, 'Constraint').filter(isKey);
  const constraint = nodeOf(element, 'Constraint');
  const listed = constraint && isKey(constraint) ? [constraint] : [];
  return [
    ...own.map((found) => ({ columns: definition?.colname ?? '', constraint: found })),
    ...listed.map((found) => ({ columns: namePartsOf(found.keys).join(), constraint: found })),
  ];
}

function isKey({ contype }: Constraint): boolean {
  return contype === 'CONSTR_PRIMARY' || contype === 'CONSTR_UNIQUE';
}
