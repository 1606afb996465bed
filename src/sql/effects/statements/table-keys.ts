/** Finds what a CREATE TABLE says several times and PostgreSQL makes once: keys (transformIndexConstraints) and NOT NULL. */

import type { Constraint, Node } from '@pgsql/types';
import { nodeOf, nodesOf } from '../../syntax/node-of.js';
import { namePartsOf } from '../../syntax/object-names.js';
import type { TableKey } from './column-owner.js';

/** The keys among the parts of a CREATE TABLE, by their `textOfKey`; the primary key wins. */
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

/** The same for keys that are made once: those with the same columns that also agree in everything else. */
export function textOfKey(key: Constraint, columns: readonly string[]): string {
  const { including, nulls_not_distinct, deferrable, initdeferred } = key;
  return JSON.stringify([columns, namePartsOf(including), nulls_not_distinct, deferrable, initdeferred]);
}

/** The names that NOT NULL gets in a CREATE TABLE, by column: serial, identity and keys also say it, without a name. */
export function findNotNullNames(elements: readonly Node[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const element of elements) {
    const definition = nodeOf(element, 'ColumnDef');
    const listed = nodeOf(element, 'Constraint');
    const all = [...nodesOf(definition?.constraints, 'Constraint'), ...(listed ? [listed] : [])];
    for (const { contype, conname, keys } of all) {
      const column = definition?.colname ?? namePartsOf(keys)[0];
      if (contype === 'CONSTR_NOTNULL' && conname !== undefined && column !== undefined)
        names.set(column, conname);
    }
  }
  return names;
}

function keysOfElement(element: Node): { columns: string; constraint: Constraint }[] {
  const definition = nodeOf(element, 'ColumnDef');
  const own = nodesOf(definition?.constraints, 'Constraint').filter(isKey);
  const constraint = nodeOf(element, 'Constraint');
  const listed = constraint && isKey(constraint) ? [constraint] : [];
  return [
    ...own.map((found) => ({ columns: textOfKey(found, [definition?.colname ?? '']), constraint: found })),
    ...listed.map((found) => ({ columns: textOfKey(found, namePartsOf(found.keys)), constraint: found })),
  ];
}

function isKey({ contype }: Constraint): boolean {
  return contype === 'CONSTR_PRIMARY' || contype === 'CONSTR_UNIQUE';
}
