/** Converts drops into accesses: of the object, and of all objects dropped with it. */

import type { Effect } from '../../effects/effect.js';
import { nameSpaceOf } from '../../effects/name-space.js';
import { keyOf } from '../../effects/object-key.js';
import type { ObjectId } from '../../syntax/object-id.js';
import type { Cause } from '../access.js';
import {
  type Catalogue,
  isAttached,
  neededObjects,
  objectsOfSchema,
  ownerKey,
  ownerOf,
  parentsOf,
} from '../catalogue.js';
import { losesColumn } from '../fold.js';
import { foreignKeysOn } from '../foreign-keys.js';
import { aspect, contentsOf, extensions, objectKey } from '../keys.js';
import { recordPart } from '../record-part.js';
import { noteFormer } from '../remade-tables.js';
import { heldByRole } from '../role-holders.js';
import { noteUnknownDrop } from '../unknown-objects.js';
import { collectPart, collectPresence, touchOwnerAspect } from './collect-changes.js';
import { type Collector, causeOf, noteAccess, recordAccess, touchObject } from './collector.js';
import { noteDroppedParts } from './note-partition-parts.js';

/** A removed object, with all objects removed together with it. */
export function collectDrop(collector: Collector, effect: Effect): void {
  const { object, isCascade } = effect;
  const cause = causeOf(effect);
  const key = keyOf(object);
  noteUnknownDrop(collector, effect);
  noteFormer(collector, effect);
  collectPresence(collector, object, cause);
  collectPart(collector, effect);
  if (object.kind === 'extension') recordAccess(collector, extensions, 'write', cause);
  if (object.kind === 'constraint') touchReferred(collector, object, cause);
  if (object.kind === 'column' || object.kind === 'constraint') {
    touchOwnerAspect(collector, object, 'keys', cause);
    touchOwnerAspect(collector, object, 'lost keys', cause);
  }
  if (object.kind === 'schema') recordAccess(collector, contentsOf(object.name), 'write', cause);
  recordTwin(collector, object, cause);
  collectPartition(collector, effect);
  if (object.kind === 'index' || object.kind === 'statistics') touchTable(collector, object, cause);
  if (object.kind === 'index') noteDroppedParts(collector, effect);
  const going: Going = { key, cause, isCascade: isCascade === true, seen: new Set(), holders: new Map() };
  for (const inside of objectsOfSchema(collector.catalogue, object)) collectInside(collector, inside, going);
  collectUsers(collector, going);
  if (object.kind === 'role') collectHeld(collector, object, going);
  const twin = twinOf(object);
  if (twin) collectUsers(collector, { ...going, key: keyOf(twin) });
  const owner = ownerOf(object);
  // A foreign key rests on some key of the table, which may be this one.
  if (isCascade && owner) collectUsers(collector, { ...going, key: aspect('lost keys', owner).text });
  if (!effect.isImplicit) collectHolders(collector, going);
}

/** Without CASCADE a schema must be empty. */
function collectInside(collector: Collector, inside: ObjectId, going: Going): void {
  if (!going.isCascade) {
    going.holders.set(keyOf(inside), inside);
    return;
  }
  touchObject(collector, inside, 'write', going.cause);
  collectUsers(collector, { ...going, key: keyOf(inside) });
}

/** A role stays as long as it owns something, or may use it. */
function collectHeld(collector: Collector, role: ObjectId, { holders, cause }: Going): void {
  for (const object of heldByRole(collector.catalogue, role)) {
    holders.set(keyOf(object), object);
    noteAccess(collector, aspect('privileges', object), 'write', { ...cause, isHolding: true });
  }
}

/** What stays, and needs what goes. What a statement takes along by itself has nothing that could stay. */
function collectHolders(collector: Collector, { cause, seen, holders }: Going): void {
  for (const [key, holder] of holders)
    if (!seen.has(key)) touchObject(collector, holder, 'write', { ...cause, isHolding: true });
}

/** A partition that goes leaves its rows to others. */
function collectPartition(collector: Collector, effect: Effect): void {
  const { catalogue } = collector;
  const key = keyOf(effect.object);
  const bounds = catalogue.partitions.get(key);
  if (!bounds) return;
  for (const parent of parentsOf(catalogue, key)) recordPart(collector, parent, { ...effect, bounds });
}

/** A relation has a type of its name, and a composite type a relation. */
export function recordTwin(collector: Collector, object: ObjectId, cause: Cause): void {
  const twin = twinOf(object);
  if (twin) recordAccess(collector, objectKey(twin), 'write', cause);
}

function twinOf(object: ObjectId): ObjectId | undefined {
  const family = nameSpaceOf(object.kind);
  if (family === 'rel') return { ...object, kind: 'type' };
  return family === 'type' ? { ...object, kind: 'relation' } : undefined;
}

interface Going {
  key: string;
  cause: Cause;
  isCascade: boolean;
  /** The keys of what is dropped, so far. */
  seen: Set<string>;
  /** What needs some of it, and does not go along, by its key. */
  holders: Map<string, ObjectId>;
}

/** Objects that depend on a dropped object are dropped with it, or altered, or must be gone before. */
function collectUsers(collector: Collector, going: Going): void {
  const { key, seen } = going;
  const { catalogue } = collector;
  const { parts, neededBy, children, objects } = catalogue;
  if (seen.has(key)) return;
  seen.add(key);
  const users = [parts, neededBy, children].flatMap((map) => [...(map.get(key) ?? [])]);
  for (const user of [...users, ...foreignKeysOn(catalogue, key)]) {
    const object = objects.get(user);
    if (object) collectUser(collector, object, going);
  }
}

function collectUser(collector: Collector, object: ObjectId, going: Going): void {
  const { cause } = going;
  const key = keyOf(object);
  if (object.kind === 'publication') {
    if (!going.isCascade && cause.effect?.object.kind === 'column') going.holders.set(key, object);
    // It stays, without the table that is dropped.
    else recordAccess(collector, objectKey(object), 'add', { ...cause, isDependency: true });
    return;
  }
  if (going.isCascade && staysWithoutDefault(collector.catalogue, object, going)) {
    recordLostDefault(collector, object, cause);
    return;
  }
  if (!goesAlong(collector.catalogue, object, going)) {
    going.holders.set(key, object);
    return;
  }
  touchObject(collector, object, 'write', cause);
  if (object.kind === 'constraint' || object.kind === 'index') touchTable(collector, object, cause);
  if (object.kind === 'constraint') touchReferred(collector, object, cause);
  if (object.kind !== 'table') collectGone(collector, object, cause);
  collectUsers(collector, { ...going, key });
}

/** Whether it is a column of another table, with a default that used what is dropped. */
function staysWithoutDefault(catalogue: Catalogue, object: ObjectId, { key }: Going): boolean {
  const column = keyOf(object);
  if (object.kind !== 'column' || catalogue.parts.get(key)?.has(column)) return false;
  return !losesColumn(catalogue, column, key);
}

/** A column stays without the default that used a function or sequence. */
function recordLostDefault(collector: Collector, object: ObjectId, cause: Cause): void {
  const { place, isGuess } = cause;
  const effect: Effect = {
    ...{ action: 'alter', object, change: { kind: 'default', isOn: false }, sets: { default: '' } },
    ...{ place, statement: statementOf(cause), when: 'now', isImplicit: true, isGuess },
  };
  recordAccess(collector, objectKey(object), 'write', { ...causeOf(effect), isDependency: true });
  collectPart(collector, effect);
}

function statementOf({ effect }: Cause): number {
  return effect?.statement ?? 0;
}

function goesAlong(catalogue: Catalogue, object: ObjectId, { key, isCascade }: Going): boolean {
  if (isCascade || catalogue.parts.get(key)?.has(keyOf(object))) return true;
  if (catalogue.partitions.has(keyOf(object)))
    return catalogue.children.get(key)?.has(keyOf(object)) === true;
  const needed = catalogue.known.get(key)?.object;
  return needed !== undefined && isBuiltOn(object, needed);
}

/** Whether it is an index, sequence or constraint of a table and goes with it, or with its column (deptype `a` and `i` of pg_depend). */
function isBuiltOn(object: ObjectId, needed: ObjectId): boolean {
  if (!isAttached(object)) return false;
  const isColumn = needed.kind === 'column';
  if (object.kind !== 'constraint') return isColumn || needed.kind === 'constraint' || isRelation(needed);
  return isColumn ? ownerKey(needed) === ownerKey(object) : keyOf(needed) === ownerKey(object);
}

function isRelation({ kind }: ObjectId): boolean {
  return nameSpaceOf(kind) === 'rel';
}

/** A part that goes along leaves its table, and its name to others. */
function collectGone(collector: Collector, object: ObjectId, cause: Cause): void {
  // It is found through what it depends on, whatever its table is called by now.
  collectPresence(collector, object, { ...cause, isDependency: true });
  const { place, isGuess } = cause;
  const words = { place, statement: statementOf(cause), when: 'now', isImplicit: true } as const;
  const end = { action: 'drop', object, ...words } as const;
  collectPart(collector, { ...end, ...(isGuess ? { isGuess } : {}) });
}

/** The other table of a foreign key is free of it, which may matter if rows of it go. */
function touchReferred(collector: Collector, constraint: ObjectId, cause: Cause): void {
  for (const relation of neededRelations(collector.catalogue, constraint)) {
    recordAccess(collector, aspect('references', relation), 'add', { ...cause, isGuess: true });
    noteAccess(collector, aspect('references', relation), 'add', cause);
  }
}

/** The table of an index or constraint loses a rule or a key. */
function touchTable(collector: Collector, user: ObjectId, cause: Cause): void {
  const owner = ownerOf(user);
  const tables = owner ? [owner] : neededRelations(collector.catalogue, user);
  for (const table of tables) {
    for (const name of ['rules', 'keys', 'lost keys', 'details'] as const)
      recordAccess(collector, aspect(name, table), 'add', cause);
  }
}

function neededRelations(catalogue: Catalogue, user: ObjectId): ObjectId[] {
  return neededObjects(catalogue, keyOf(user)).filter(isRelation);
}
