/** Finds the foreign keys that rest on a key, which PostgreSQL keeps as long as they are there. */

import { nameSpaceOf } from '../effects/name-space.js';
import { keyOf } from '../effects/object-key.js';
import type { ObjectId } from '../syntax/object-id.js';
import { type Catalogue, neededObjects, ownerKey, ownerOf } from './catalogue.js';
import { aspect } from './keys.js';

/**
 * @param key of a unique constraint or index; others have none
 * @returns the keys of the constraints, in any table; none if another key has the same columns, as either may be meant
 */
export function foreignKeysOn(catalogue: Catalogue, key: string): string[] {
  const { objects, neededBy } = catalogue;
  const object = objects.get(key);
  if (!object || !isWholeKey(catalogue, key)) return [];
  const table = ownerOf(object) ?? neededObjects(catalogue, key).find(isTable);
  if (!table || hasTwin(catalogue, table, key)) return [];
  const resting = neededBy.get(aspect('lost keys', table).text) ?? [];
  return [...resting].filter((user) => restsOn(catalogue, user, { key, table }));
}

/** No foreign key rests on a partial index (transformFkeyCheckAttrs, tablecmds.c). */
function isWholeKey({ properties }: Catalogue, key: string): boolean {
  const type = properties.get(key)?.key;
  return type === 'primary' || type === 'unique';
}

function isTable({ kind }: ObjectId): boolean {
  return nameSpaceOf(kind) === 'rel' && kind !== 'index';
}

/** Whether another key of the table has the same columns. The index of a constraint is none. */
function hasTwin(catalogue: Catalogue, table: ObjectId, key: string): boolean {
  const columns = columnsIn(catalogue, table, key);
  const users = [...(catalogue.neededBy.get(columns[0] ?? '') ?? [])];
  return users.some(
    (user) =>
      user !== key &&
      isWholeKey(catalogue, user) &&
      columnsIn(catalogue, table, user).join() === columns.join(),
  );
}

function restsOn(
  catalogue: Catalogue,
  user: string,
  { key, table }: { key: string; table: ObjectId },
): boolean {
  const { objects, properties } = catalogue;
  const foreignKey = objects.get(user);
  const refers = properties.get(user)?.refers;
  if (foreignKey?.kind !== 'constraint' || refers === undefined) return false;
  if (refers === 'primary key') return properties.get(key)?.key === 'primary';
  const [own, referred] = [columnsIn(catalogue, table, key), columnsIn(catalogue, table, user)];
  // A table that refers to itself has both ends of the foreign key.
  const isSame = ownerKey(foreignKey) === keyOf(table) || own.length === referred.length;
  return own.length > 0 && isSame && own.every((column) => referred.includes(column));
}

/** The keys of those columns of the table that the definition of a key or foreign key names. */
function columnsIn(catalogue: Catalogue, table: ObjectId, user: string): string[] {
  const columns = neededObjects(catalogue, user).filter(({ kind }) => kind === 'column');
  return columns
    .filter((column) => ownerKey(column) === keyOf(table))
    .map((column) => keyOf(column))
    .sort();
}
