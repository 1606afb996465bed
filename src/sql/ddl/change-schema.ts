/** Writes the SQL that turns one schema into another, difference by difference. */

import type { SchemaDifference } from '../snapshot/difference.js';
import {
  qualifiedName,
  type SchemaSnapshot,
  type SnapshotObject,
  snapshotKey,
} from '../snapshot/snapshot.js';
import { alterObject } from './alter-object.js';
import { belongsTo } from './belongs-to.js';
import { createObject } from './create-object.js';
import { dropObject } from './drop-object.js';
import { findRenames, followsRename } from './find-renames.js';
import { losesValues } from './loses-values.js';
import { orderUnits } from './order-units.js';
import { findOwnChanges, findOwner, type SchemaPair } from './own-changes.js';
import { type CreationUnit, divideSnapshot } from './units.js';
import { ownerName } from './words.js';

/** The SQL for one difference. */
interface DifferenceSql {
  difference: SchemaDifference;
  /** In their order, without semicolons; empty where Kat has none, and where another difference has them. */
  statements: readonly string[];
  /** Whether rows or values can be lost: with a table, a column or a sequence, or by a cast. */
  losesData: boolean;
  /** The object is the same under another name. */
  isRename: boolean;
}

/** The SQL between two schemas. */
export interface SchemaChange {
  /** All of it, in an order that works. */
  statements: readonly string[];
  /** For each difference that is no part of another. */
  differences: readonly DifferenceSql[];
}

/** @param differences those between `before` and `after`, as `compareSnapshots` finds them. */
export function changeSchema(differences: readonly SchemaDifference[], pair: SchemaPair): SchemaChange {
  const places = { before: placesOf(pair.before), after: placesOf(pair.after) };
  const renames = findRenames(differences, pair);
  const renamed = new Map(
    renames.flatMap(({ removed, added, statements }) => [
      [removed, [] as readonly string[]] as const,
      [added, statements] as const,
    ]),
  );
  const written = differences
    .filter(({ within }) => within === undefined)
    .map((difference): WrittenDifference => {
      const statements = renamed.get(difference);
      if (statements) return { ...nothing(difference), drops: statements, isRename: true };
      if (followsRename(difference, renames)) return nothing(difference);
      return writeDifference(difference, pair, places.after.units);
    });
  const drops = inOrder(written, ({ difference }) => -placeIn(places.before, difference.before));
  const creates = inOrder(written, ({ difference }) => placeIn(places.after, difference.after));
  return {
    differences: written.map(({ drops: first, creates: then, ...rest }) => ({
      ...rest,
      statements: [...first, ...then],
    })),
    statements: [...drops.flatMap((one) => one.drops), ...creates.flatMap((one) => one.creates)],
  };
}

type WrittenDifference = Omit<DifferenceSql, 'statements'> & {
  drops: readonly string[];
  creates: readonly string[];
};

interface Places {
  units: readonly CreationUnit[];
  byKey: ReadonlyMap<string, number>;
}

/** Where each object comes in an order that loads. */
function placesOf(snapshot: SchemaSnapshot): Places {
  const units = orderUnits(divideSnapshot(snapshot));
  const byKey = new Map<string, number>();
  units.forEach(({ objects }, index) => {
    for (const object of objects) byKey.set(snapshotKey(object), index);
  });
  return { units, byKey };
}

function placeIn({ byKey, units }: Places, object: SnapshotObject | undefined): number {
  return (object && byKey.get(snapshotKey(object))) ?? units.length;
}

function inOrder<T>(items: readonly T[], placeOf: (item: T) => number): T[] {
  return [...items].sort((a, b) => placeOf(a) - placeOf(b));
}

function nothing(difference: SchemaDifference): WrittenDifference {
  return { difference, drops: [], creates: [], losesData: false, isRename: false };
}

function writeDifference(
  difference: SchemaDifference,
  pair: SchemaPair,
  units: readonly CreationUnit[],
): WrittenDifference {
  const { before: old, after: next } = difference;
  const none = nothing(difference);
  if (old && next) return writeChange(difference, { before: old, after: next, pair, units });
  if (isBrought(old ?? next, pair)) return none;
  if (next) return { ...none, creates: createWhole(next, pair.after, units) };
  // An index stays attached until its table is detached.
  if (old?.definition.attachedTo !== undefined)
    return { ...none, creates: goesWithParent(old, pair) ? [] : dropPart(old, pair) };
  return { ...none, drops: dropPart(old, pair), losesData: holdsData(old, pair) };
}

interface ObjectPair {
  before: SnapshotObject;
  after: SnapshotObject;
  pair: SchemaPair;
  units: readonly CreationUnit[];
}

function writeChange(
  difference: SchemaDifference,
  { before, after, pair, units }: ObjectPair,
): WrittenDifference {
  const none = nothing(difference);
  const isInherited = isBrought(before, pair);
  const names = findOwnChanges(difference, { ...pair, isInherited });
  if (isInherited && names.length === 0) return none;
  const change = { before, after, changed: new Set(names) };
  const statements = alterObject(change);
  if (statements)
    return { ...none, creates: statements, losesData: mayHoldData(before, pair) && losesValues(change) };
  if (hasRows(before) || (!isReplaceable(before) && isUsed(before, pair.before))) return none;
  const losesData = holdsData(before, pair) && before.definition.generated === undefined;
  return { ...none, drops: dropObject(before), creates: createWhole(after, pair.after, units), losesData };
}

function hasRows({ kind }: SnapshotObject): boolean {
  return kind === 'table' || kind === 'foreign table';
}

/** Others rest on types and servers, which cannot be dropped then. */
function isReplaceable({ kind }: SnapshotObject): boolean {
  return !kind.endsWith(' type') && kind !== 'domain' && kind !== 'server' && kind !== 'foreign-data wrapper';
}

function isUsed(object: SnapshotObject, { objects }: SchemaSnapshot): boolean {
  const name = qualifiedName(object);
  return objects.some(
    (other) =>
      other !== object &&
      (other.of === object.name || Object.values(other.definition).some((text) => text.includes(name))),
  );
}

/** Columns that a parent table or a type brings come and go with those of the parent. */
function isBrought(object: SnapshotObject | undefined, { before, after }: SchemaPair): boolean {
  if (!object || (object.kind !== 'column' && object.kind !== 'constraint')) return false;
  const table = [after, before]
    .map((snapshot) => findOwner(object, snapshot))
    .find((found) => found !== undefined);
  return object.definition.inherited === 'yes' || table?.definition.ofType !== undefined;
}

/** An attached index goes with the one it is attached to. Otherwise its table is detached first. */
function goesWithParent({ definition: { attachedTo } }: SnapshotObject, { after }: SchemaPair): boolean {
  return !after.objects.some(
    ({ kind, schema, name }) =>
      (kind === 'index' || kind === 'constraint') && `${schema}.${name}` === attachedTo,
  );
}

/** A column of a view is in a snapshot only for its default. */
function dropPart(object: SnapshotObject | undefined, { before }: SchemaPair): string[] {
  if (!object) return [];
  if (object.kind === 'column' && findOwner(object, before)?.kind === 'view')
    return [`ALTER VIEW ${ownerName(object)} ALTER COLUMN ${object.name} DROP DEFAULT`];
  return dropObject(object);
}

function holdsData(object: SnapshotObject | undefined, { before }: SchemaPair): boolean {
  if (object?.kind === 'column') return findOwner(object, before)?.kind === 'table';
  return object?.kind === 'table' || object?.kind === 'sequence';
}

/** Which columns have a composite type does not matter: a row type, an array or a domain may contain it. */
function mayHoldData(object: SnapshotObject, pair: SchemaPair): boolean {
  return object.kind === 'composite type' || holdsData(object, pair);
}

/** The object with all that belongs to it, which a drop takes along. */
function createWhole(
  object: SnapshotObject,
  { objects }: SchemaSnapshot,
  units: readonly CreationUnit[],
): string[] {
  const keys = new Set([object, ...objects.filter((part) => belongsTo(part, object))].map(snapshotKey));
  const main = snapshotKey(object);
  const isMain = units.some((unit) => snapshotKey(unit.object) === main);
  const created = units.filter((unit) => keys.has(snapshotKey(unit.object)));
  return [...(isMain ? [] : createObject(object)), ...created.flatMap(({ statements }) => statements)];
}
