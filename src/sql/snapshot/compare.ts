/** Compares two snapshots of one schema, object by object and property by property. */

import { KatError } from '../../errors.js';
import { present } from '../../present.js';
import { compareColumnOrder } from './column-order.js';
import type { PropertyChange, SchemaDifference } from './difference.js';
import { neutralObject } from './neutral-roles.js';
import { findWholes } from './parts.js';
import { describeChange } from './sentence.js';
import { type SchemaSnapshot, type SnapshotObject, snapshotKey } from './snapshot.js';

export interface CompareOptions {
  /** Whether the order of the columns that a table has in both is compared. */
  strictColumnOrder?: boolean;
}

/**
 * @param before the snapshot that the sentences start from
 * @returns the differences in the order of the document
 * @throws KatError USAGE when the majors differ: their catalogs describe the same schema in different words.
 */
export function compareSnapshots(
  before: SchemaSnapshot,
  after: SchemaSnapshot,
  { strictColumnOrder = false }: CompareOptions = {},
): SchemaDifference[] {
  if (before.major !== after.major) throw differentMajors(before.major, after.major);
  const differences = pairObjects(before, after).flatMap(([first, second]) => compareObjects(first, second));
  const orders = strictColumnOrder ? compareColumnOrder(before, after).map(orderDifference) : [];
  return findWholes([...differences, ...orders]);
}

function differentMajors(first: number, second: number): KatError {
  return new KatError('USAGE', `a schema of PostgreSQL ${first} cannot be compared with one of ${second}`, {
    help: 'Compare schemas of servers with the same major version.',
  });
}

type Pair = readonly [SnapshotObject | undefined, SnapshotObject | undefined];

/** The objects of both, in the order of the document, then those that only `after` has. */
function pairObjects(before: SchemaSnapshot, after: SchemaSnapshot): Pair[] {
  const isSameRole = before.role === after.role;
  const index = ({ objects, role }: SchemaSnapshot) => {
    const comparable = isSameRole ? objects : objects.map((object) => neutralObject(object, role));
    return new Map(comparable.map((object) => [snapshotKey(object), object]));
  };
  const [first, second] = [index(before), index(after)];
  const keys = [...new Set([...first.keys(), ...second.keys()])];
  return keys.map((key) => [first.get(key), second.get(key)]);
}

function compareObjects(
  before: SnapshotObject | undefined,
  after: SnapshotObject | undefined,
): SchemaDifference[] {
  if (!before) return after ? [difference('added', [], { after })] : [];
  if (!after) return [difference('removed', [], { before })];
  const properties = compareDefinitions(before, after);
  return properties.length > 0 ? [difference('changed', properties, { before, after })] : [];
}

/** The place of a column, and the text of which a definition says what matters. */
const uncompared: ReadonlySet<string> = new Set(['position', 'written']);

function compareDefinitions(before: SnapshotObject, after: SnapshotObject): PropertyChange[] {
  const isChanged = (name: string) =>
    !uncompared.has(name) && !areEqual(before.definition[name], after.definition[name]);
  return Object.keys({ ...before.definition, ...after.definition })
    .filter(isChanged)
    .sort()
    .map((name) => propertyChange(name, before.definition[name], after.definition[name]));
}

/** Bodies, comments and literals have the line ends of the checkout that was applied, which are no edit of a migration. */
function areEqual(before: string | undefined, after: string | undefined): boolean {
  if (before === after) return true;
  return before?.replaceAll('\r\n', '\n') === after?.replaceAll('\r\n', '\n');
}

function propertyChange(
  property: string,
  before: string | undefined,
  after: string | undefined,
): PropertyChange {
  return {
    property,
    ...present({ before, after }),
  };
}

function difference(
  change: SchemaDifference['change'],
  properties: readonly PropertyChange[],
  sides: { before?: SnapshotObject; after?: SnapshotObject },
): SchemaDifference {
  const object = (sides.before ?? sides.after) as SnapshotObject;
  return { change, kind: object.kind, ...describeChange(object, change, properties), properties, ...sides };
}

function orderDifference({
  table,
  before,
  after,
}: ReturnType<typeof compareColumnOrder>[number]): SchemaDifference {
  return difference('changed', [{ property: 'columnOrder', before, after }], {
    before: table,
    after: table,
  });
}
