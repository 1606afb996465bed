/** Tells which changes of an object need a statement of their own, and which come along with its table or the parents of that. */

import type { SchemaDifference } from '../snapshot/difference.js';
import { qualifiedName, type SchemaSnapshot, type SnapshotObject } from '../snapshot/snapshot.js';
import { splitList } from '../snapshot/written-names.js';
import { ownerName } from './words.js';

/** Two schemas. */
export interface SchemaPair {
  before: SchemaSnapshot;
  after: SchemaSnapshot;
}

/**
 * The names of the properties, without the owner. That a part is inherited, or an index attached, follows from its table.
 * `isInherited`: a parent table brings the part.
 */
export function findOwnChanges(
  { properties, before, after }: SchemaDifference,
  { isInherited, ...pair }: SchemaPair & { isInherited: boolean },
): string[] {
  const names = properties.map(({ property }) => property);
  const object = after ?? before;
  if (!object) return names;
  const own = names.filter((name) => name !== 'owner' && name !== 'inherited');
  const parted = own.includes('attachedTo') && isMoved(object, pair) ? without(own, 'attachedTo') : own;
  if (!isInherited) return parted;
  if (object.kind !== 'column') return [];
  return parted.filter((name) => localProperties.has(name) && !comesFromParent(object, name, pair));
}

/** What a column may have of its own although it is inherited. */
const localProperties: ReadonlySet<string> = new Set([
  ...['default', 'notNull', 'storage', 'statistics', 'compression', 'options'],
]);

function without(names: readonly string[], name: string): string[] {
  return names.filter((one) => one !== name);
}

/** Whether the table of this part gets other parents, or another place among the partitions. */
function isMoved(part: SnapshotObject, { before, after }: SchemaPair): boolean {
  const [old, next] = [before, after].map((snapshot) => familyOf(findOwner(part, snapshot)));
  return old !== next;
}

function familyOf(table: SnapshotObject | undefined): string {
  const { partitionOf, partitionBound, inherits } = table?.definition ?? {};
  return JSON.stringify([partitionOf, partitionBound, inherits]);
}

/** A statement about a parent changes its children as well. */
function comesFromParent(column: SnapshotObject, property: string, pair: SchemaPair): boolean {
  const { partitionOf, inherits } = findOwner(column, pair.after)?.definition ?? {};
  const [, next] = statesOf(column, ownerName(column), { property, pair });
  return splitList(partitionOf ?? inherits).some((parent) => {
    const [before, after] = statesOf(column, parent, { property, pair });
    return before !== after && after === next;
  });
}

/** What the column of this name has in the table before and after. The name of an inherited NOT NULL may be one of the child's own. */
function statesOf(
  { name }: SnapshotObject,
  table: string,
  { property, pair: { before, after } }: { property: string; pair: SchemaPair },
): (string | undefined)[] {
  return [before, after].map(({ objects }) => {
    const column = objects.find(
      (object) => object.kind === 'column' && object.name === name && ownerName(object) === table,
    );
    const value = column?.definition[property];
    return property === 'notNull' && value !== undefined ? 'NOT NULL' : value;
  });
}

/** The table or other object that a part belongs to. */
export function findOwner(part: SnapshotObject, { objects }: SchemaSnapshot): SnapshotObject | undefined {
  const name = ownerName(part);
  return objects.find((object) => object.of === undefined && qualifiedName(object) === name);
}
