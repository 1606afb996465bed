/** Converts effects that create, alter or drop objects into accesses. */

import { isKey } from '../../effects/change.js';
import { defaultClass, type Effect } from '../../effects/effect.js';
import { nameSpaceOf } from '../../effects/name-space.js';
import { keyOf } from '../../effects/object-key.js';
import type { ObjectId, ObjectKind } from '../../syntax/object-id.js';
import { partOf } from '../../syntax/object-names.js';
import type { Cause } from '../access.js';
import { type Catalogue, ownerKey, ownerOf, parentsOf } from '../catalogue.js';
import {
  type Aspect,
  aspect,
  constraintNameKey,
  contentsOf,
  defaultClassKey,
  extensions,
  groupOf,
  objectKey,
  publications,
} from '../keys.js';
import { recordAttribute } from '../row-types.js';
import { noteUnknownSchema } from '../unknown-objects.js';
import {
  type Collector,
  causeOf,
  noteAccess,
  recordAccess,
  recordSurroundings,
  touchNames,
  touchObject,
  withDescendants,
} from './collector.js';
import { noteEqualParts } from './note-partition-parts.js';

/** Which aspects of its table a part changes when it comes, changes or goes. */
const aspectsOfParts: Partial<Record<ObjectKind, readonly Aspect[]>> = {
  column: ['shape', 'filling'],
  constraint: ['rules'],
  trigger: ['triggers'],
  policy: ['triggers'],
  rule: ['triggers'],
};

/** Something new. */
export function collectCreate(collector: Collector, effect: Effect): void {
  const { object, constraint, filling } = effect;
  const cause = causeOf(effect);
  if (object.kind === 'enum value') {
    collectEnumValue(collector, effect);
    return;
  }
  if (isKept(collector, effect)) touchObject(collector, object, 'read', { ...cause, isAlternative: true });
  else
    collectPresence(
      collector,
      object,
      isOfVagueView(collector, effect) ? { ...cause, isGuess: true } : cause,
    );
  noteUnknownSchema(collector, effect);
  collectPart(collector, effect);
  if (!isKept(collector, effect)) noteEqualParts(collector, effect);
  if (object.kind === 'constraint') collectConstraintName(collector, effect);
  if (object.kind === 'constraint' && isKey(constraint)) touchOwnerAspect(collector, object, 'keys', cause);
  if (constraint === 'primary key') touchPrimaryKey(collector, object, cause);
  if (filling === 'required') collectRowsRead(collector, object, cause);
  if (object.kind === 'extension')
    recordAccess(collector, extensions, effect.isCascade ? 'write' : 'add', cause);
  collectDefaultPrivileges(collector, object, cause);
}

/** Values have an order, which is that of their creation. Whoever adds one that is there rests on it. */
function collectEnumValue(collector: Collector, effect: Effect): void {
  const { object } = effect;
  const use = causeOf({ ...effect, action: 'use', usage: 'enum value' });
  if (isKept(collector, effect)) touchOwner(collector, object, 'read', { ...use, isAlternative: true });
  else touchOwner(collector, object, 'write', causeOf(effect));
  touchNames(collector, object, causeOf(effect));
}

/** IF NOT EXISTS leaves alone what the history has already. */
function isKept({ catalogue }: Collector, { object, isConditional, isReplacement }: Effect): boolean {
  return isConditional === true && !isReplacement && catalogue.objects.has(keyOf(object));
}

/** OR REPLACE VIEW keeps columns, which are not known one by one where the view showed `*`. */
function isOfVagueView({ catalogue, vague }: Collector, { object, isReplacement }: Effect): boolean {
  if (!isReplacement) return false;
  const key = keyOf(object);
  if (catalogue.definitions.get(key)?.shown?.isWhole) vague.add(key);
  const owner = ownerKey(object);
  return owner !== undefined && vague.has(owner);
}

/** The name is taken from now on, or free again. */
export function collectPresence(collector: Collector, object: ObjectId, cause: Cause): void {
  if (object.kind === 'publication') recordAccess(collector, publications, 'add', cause);
  if (object.kind === 'constraint') noteAccess(collector, constraintNameKey(object), 'add', cause);
  const made =
    collector.catalogue.properties.get(keyOf(object))?.[defaultClass] ?? cause.effect?.sets?.[defaultClass];
  if (object.kind === 'operator class' && made !== undefined)
    recordAccess(collector, defaultClassKey(made), 'write', cause);
  touchObject(collector, object, 'write', cause);
  touchNames(collector, object, cause);
  if (object.schema !== undefined && object.parent === undefined) {
    recordAccess(collector, contentsOf(object.schema), 'add', cause);
  }
  const group = groupOf(object);
  if (group !== undefined) recordAccess(collector, group, 'add', cause);
}

/** A part changes its table, and the tables that inherit from it. */
export function collectPart(collector: Collector, { object, ...effect }: Effect): void {
  const owner = ownerOf(object);
  recordAttribute(collector, { ...effect, object });
  const aspects = aspectsOfParts[object.kind];
  if (!owner || !aspects || isPartOfColumn({ ...effect, object })) return;
  const cause = causeOf({ ...effect, object });
  if (object.kind === 'constraint' && effect.action === 'drop' && effect.isOnly)
    noteKept(collector, { object, owner, cause });
  for (const table of tablesWith(collector.catalogue, { ...effect, object }, owner)) {
    if (table !== owner) collectInherited(collector, { object, table, cause });
    for (const name of aspects) {
      // An optional column only affects statements that name it.
      const isGuess = cause.isGuess || (name === 'filling' && isOptional({ ...effect, object }));
      const isNext = name === 'shape' && effect.action === 'create' && countsColumns(collector, table);
      recordAccess(collector, aspect(name, table), isNext ? 'write' : 'add', { ...cause, isGuess });
    }
  }
}

/** With ONLY, children keep the constraint as one of their own. */
function noteKept(
  collector: Collector,
  { object, owner, cause }: { object: ObjectId; owner: ObjectId; cause: Cause },
): void {
  for (const child of withDescendants(collector.catalogue, owner))
    if (child !== owner)
      noteAccess(collector, objectKey(partOf(child, 'constraint', object.name)), 'write', cause);
}

/** The table of the part, and those that get it along. */
function tablesWith(catalogue: Catalogue, effect: Effect, owner: ObjectId): ObjectId[] {
  return isAlone(effect) ? [owner] : withDescendants(catalogue, owner);
}

/** Whether children keep what they have: with ONLY, and for settings that never reach them (ATPrepCmd in tablecmds.c). */
function isAlone({ object, action, change, isOnly }: Effect): boolean {
  if (object.kind === 'constraint') return isOnly === true;
  if (object.kind !== 'column' || action !== 'alter') return false;
  return isOnly === true || change?.kind === 'options';
}

/** Whether it matters which of two new columns is the first. */
function countsColumns({ catalogue, askedNames }: Collector, table: ObjectId): boolean {
  return askedNames.ordered.columns.has(catalogue.objects.get(keyOf(table))?.name ?? '');
}

/** NOT NULL of a column that is new, and filled in rows that exist, is nothing beside the column. */
function isPartOfColumn({ constraint, isImplicit }: Effect): boolean {
  return constraint === 'not null' && isImplicit === true;
}

function isOptional({ object, action, filling }: Effect): boolean {
  return object.kind === 'column' && (action === 'drop' || (action === 'create' && filling !== 'required'));
}

function collectInherited(
  collector: Collector,
  { object, table, cause }: { object: ObjectId; table: ObjectId; cause: Cause },
): void {
  // Children are found by their parent, not by their names.
  recordAccess(collector, objectKey(table), 'read', { ...cause, isDependency: true });
  const { objects, partitions } = collector.catalogue;
  const child = objects.get(keyOf(table));
  if (!child) return;
  const { effect } = cause;
  const isInherited = effect !== undefined && !partitions.has(keyOf(table));
  const passed = isInherited ? { ...cause, effect: { ...effect, isInherited } } : cause;
  recordAccess(collector, objectKey(partOf(child, object.kind, object.name)), 'write', passed);
}

/** A made name gets a number if any constraint of the schema has it. */
function collectConstraintName(collector: Collector, effect: Effect): void {
  const { object, isGenerated } = effect;
  recordAccess(collector, constraintNameKey(object), isGenerated ? 'write' : 'add', causeOf(effect));
}

function collectRowsRead(collector: Collector, object: ObjectId, cause: Cause): void {
  const owner = ownerOf(object);
  if (owner) recordAccess(collector, aspect('rows', owner), 'read', cause);
}

function collectDefaultPrivileges(collector: Collector, object: ObjectId, cause: Cause): void {
  const hasPrivileges = nameSpaceOf(object.kind) !== 'other' || object.kind === 'schema';
  if (!hasPrivileges || object.kind === 'index') return;
  for (const name of ['*', ...(object.schema === undefined ? [] : [object.schema])]) {
    recordAccess(collector, objectKey({ kind: 'default privileges', name }), 'read', cause);
  }
}

/** The table or type of a part, in that mode. */
export function touchOwner(
  collector: Collector,
  object: ObjectId,
  mode: 'read' | 'write',
  cause: Cause,
): void {
  recordSurroundings(collector, object, cause);
  const owner = ownerOf(object);
  if (owner) recordAccess(collector, objectKey(owner), mode, cause);
}

/** An aspect of the table of a part, and of those that inherit from it. */
export function touchOwnerAspect(collector: Collector, object: ObjectId, name: Aspect, cause: Cause): void {
  const owner = ownerOf(object);
  if (!owner) return;
  for (const table of withDescendants(collector.catalogue, owner))
    recordAccess(collector, aspect(name, table), 'add', cause);
}

/** Partitions get the primary key of their table, and children of another kind do not. */
function touchPrimaryKey(collector: Collector, object: ObjectId, cause: Cause): void {
  const owner = ownerOf(object);
  if (!owner) return;
  const { catalogue } = collector;
  for (const table of withDescendants(catalogue, owner)) {
    const hasKey = table === owner || catalogue.partitions.has(keyOf(table));
    if (hasKey) recordAccess(collector, aspect('primary key', table), 'write', cause);
  }
  if (!catalogue.partitions.has(keyOf(owner))) return;
  // Its table must not get another one later.
  for (const parent of parentsOf(catalogue, keyOf(owner)))
    recordAccess(collector, aspect('primary key', parent), 'add', cause);
}
