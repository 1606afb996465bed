/** Finds what a CREATE TABLE says several times and PostgreSQL makes once: keys (transformIndexConstraints) and NOT NULL. */

import type { Constraint, Node } from '@pgsql/types';
import { nodeOf, nodesOf } from './node-of.js';
import { namePartsOf } from './object-names.js';

/** The constraint that PostgreSQL makes of all keys with the same columns. */
interface TableKey {
  constraint: Constraint;
  /** The first name that one of them has. */
  name: string | undefined;
}

/** By their `textOfKey`. */
export type KeysOfStatement = ReadonlyMap<string, TableKey>;

/** The keys among the parts of a CREATE TABLE, or of one column that is added; the primary key wins. */
export function findKeys(elements: readonly Node[]): KeysOfStatement {
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
function textOfKey(key: Constraint, columns: readonly string[]): string {
  const { including, nulls_not_distinct, deferrable, initdeferred } = key;
  return JSON.stringify([columns, namePartsOf(including), nulls_not_distinct, deferrable, initdeferred]);
}

/**
 * @param columns of the constraint, also where it stands with its column.
 * @returns the name that it gets if it says none itself; `isMade` is false where another key of the statement is made instead.
 */
export function findMadeKey(
  keys: KeysOfStatement,
  constraint: Constraint,
  columns: readonly string[],
): { isMade: boolean; name?: string | undefined } {
  const made = isKey(constraint) ? keys.get(textOfKey(constraint, columns)) : undefined;
  if (!made) return { isMade: true };
  return { isMade: made.constraint.location === constraint.location, name: made.name };
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
