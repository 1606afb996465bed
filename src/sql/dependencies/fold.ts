/** Applies effects to the catalogue: creations, definitions, drops, renames and moves. */

import type { FamilyLink } from '../effects/change.js';
import type { CatalogQuery, Effect, MigrationEffects, Opaque } from '../effects/effect.js';
import type { PartitionBounds } from '../effects/effect-details.js';
import { keyOf } from '../effects/object-key.js';
import type { ObjectId, ObjectKind } from '../syntax/object-id.js';
import {
  addTo,
  attachedTo,
  type Catalogue,
  type Consequences,
  constraintOf,
  isAttached,
  isGenerated,
  know,
  located,
  objectsOfSchema,
  ownerKey,
  targetOf,
} from './catalogue.js';
import { aspect, objectKey } from './keys.js';
import { addNeed, forgetDefinition, forgetFormer, forgetParent, useFor } from './needs.js';
import { renamedCasts } from './renamed-casts.js';
import { noteHeld, renameHolder } from './role-holders.js';
import { neededAspects } from './usages.js';

/** Applies one effect to the catalogue. Effects must be in execution order. */
export function applyEffect(catalogue: Catalogue, effect: Effect): void {
  const { action, when, by } = effect;
  if (when !== 'now' && by) addConsequence(catalogue, by, (found) => found.effects.push(effect));
  if (when === 'later') return;
  if (action === 'create') create(catalogue, effect);
  else if (action === 'drop') remove(catalogue, keyOf(located(catalogue, effect.object)), effect);
  else if (action === 'alter') alter(catalogue, effect);
  else if (action === 'use' && by) useFor(catalogue, by, effect);
}

/** Later effects are stored with the object whose definition contains them. */
export function keepConsequences(catalogue: Catalogue, { opaque, catalogQueries }: MigrationEffects): void {
  for (const part of opaque) keep(catalogue, part, (found) => found.opaque.push(part));
  for (const query of catalogQueries) keep(catalogue, query, (found) => found.queries.push(query));
}

function keep(
  catalogue: Catalogue,
  { when, by }: Opaque | CatalogQuery,
  add: (found: Consequences) => void,
): void {
  if (when === 'later' && by) addConsequence(catalogue, by, add);
}

function addConsequence(catalogue: Catalogue, by: ObjectId, add: (found: Consequences) => void): void {
  const part = keyOf(by);
  const owner = ownerKey(by) ?? part;
  const all = catalogue.consequences.get(owner) ?? new Map<string, Consequences>();
  const found = all.get(part) ?? { by, effects: [], opaque: [], queries: [] };
  add(found);
  all.set(part, found);
  catalogue.consequences.set(owner, all);
}

function create(catalogue: Catalogue, { object, by, sets, parts }: Effect): void {
  const key = keyOf(object);
  if (sets) catalogue.properties.set(key, sets);
  if (parts) catalogue.definitions.set(key, parts);
  // A new definition replaces the old one, and what it needed.
  if (replaceable.has(object.kind)) forgetDefinition(catalogue, key);
  catalogue.objects.set(key, object);
  catalogue.moved.delete(key);
  const owner = ownerKey(object);
  if (owner !== undefined) addTo(catalogue.parts, domainOf(catalogue, object) ?? owner, key);
  if (by) addNeed(catalogue, object, objectKey(by));
}

const replaceable: ReadonlySet<ObjectKind> = new Set(['function', 'rule', 'trigger', 'view']);

/** The domain that a constraint is about, by its key: a type that is no relation. */
function domainOf({ objects }: Catalogue, { kind, schema, parent = '' }: ObjectId): string | undefined {
  if (kind !== 'constraint') return undefined;
  const owner: ObjectId = { kind: 'domain', ...(schema === undefined ? {} : { schema }), name: parent };
  const isDomain = objects.has(keyOf(owner)) && !objects.has(keyOf({ ...owner, kind: 'relation' }));
  return isDomain ? keyOf(owner) : undefined;
}

function note({ properties }: Catalogue, key: string, sets: Readonly<Record<string, string>>): void {
  properties.set(key, { ...properties.get(key), ...sets });
}

function alter(catalogue: Catalogue, effect: Effect): void {
  const { object, change, to: given, sets, bounds } = effect;
  const id = located(catalogue, object);
  if (sets) note(catalogue, keyOf(id), sets);
  noteHeld(catalogue, id, effect);
  forgetFormer(catalogue, id, effect);
  if (change?.kind === 'of type' && !change.isOn)
    for (const parent of catalogue.parents.get(keyOf(id)) ?? []) unlink(catalogue, [parent, keyOf(id)]);
  if (!given) return;
  const to = targetOf(id, given);
  if (change?.kind !== 'family') move(catalogue, id, to);
  else if (change.end === 'child') return;
  else if (change.isAdded) link(catalogue, [id, to], change.link, bounds);
  else unlink(catalogue, [keyOf(id), keyOf(to)]);
}

function link(
  catalogue: Catalogue,
  ends: [parent: ObjectId, child: ObjectId],
  kind: FamilyLink,
  bounds: PartitionBounds | undefined,
): void {
  const [parent, child] = ends.map((end) => know(catalogue, objectKey(end))) as [string, string];
  addTo(catalogue.children, parent, child);
  addTo(catalogue.parents, child, parent);
  if (kind === 'partition') catalogue.partitions.set(child, bounds);
}

function unlink(catalogue: Catalogue, [parent, child]: [string, string]): void {
  const { children, parents, partitions } = catalogue;
  forgetParent(catalogue, child, parent);
  children.get(parent)?.delete(child);
  parents.get(child)?.delete(parent);
  partitions.delete(child);
}

function move(catalogue: Catalogue, object: ObjectId, to: ObjectId): void {
  const key = keyOf(object);
  const target = keyOf(to);
  if (key === target) return;
  const constraint = constraintOf(catalogue, object);
  if (object.kind === 'role') renameHolder(catalogue, object.name, to.name);
  for (const [cast, renamed] of renamedCasts(catalogue, object, to)) move(catalogue, cast, renamed);
  for (const inside of objectsOfSchema(catalogue, object))
    move(catalogue, inside, { ...inside, schema: to.name });
  const parts = [...(catalogue.parts.get(key) ?? [])];
  for (const part of parts) {
    const id = catalogue.objects.get(part);
    if (id)
      move(catalogue, id, {
        ...id,
        ...(to.schema === undefined ? {} : { schema: to.schema }),
        parent: to.name,
      });
  }
  rekey(catalogue, object, to);
  catalogue.objects.set(target, to);
  catalogue.watcher?.moved(key, to);
  moveInOwner(catalogue, [ownerKey(object), ownerKey(to)], [key, target]);
  if (object.kind !== 'column') moveFollowers(catalogue, object, to);
  if (constraint && to.name !== object.name) move(catalogue, constraint, { ...constraint, name: to.name });
}

/** Columns keep their order under another name. */
function moveInOwner(
  { parts }: Catalogue,
  [owner, newOwner]: [string | undefined, string | undefined],
  [key, target]: [string, string],
): void {
  const inside = owner === undefined ? undefined : parts.get(owner);
  if (owner === newOwner && owner !== undefined && inside) {
    parts.set(owner, new Set([...inside].map((part) => (part === key ? target : part))));
    return;
  }
  inside?.delete(key);
  if (newOwner !== undefined) addTo(parts, newOwner, target);
}

/** The row type and the indexes and sequences of a table follow it to another name or schema; a composite type is a relation, too. */
function moveFollowers(catalogue: Catalogue, object: ObjectId, to: ObjectId): void {
  const relation = catalogue.objects.get(keyOf({ ...object, kind: 'relation' }));
  if (relation && object.kind === 'type') move(catalogue, relation, { ...to, kind: 'relation' });
  const type = catalogue.objects.get(keyOf({ ...object, kind: 'type' }));
  if (type && object.kind !== 'type' && object.kind !== 'domain')
    move(catalogue, type, { ...to, kind: 'type' });
  if (object.schema === to.schema || to.schema === undefined) return;
  for (const attached of attachedTo(catalogue, keyOf(to)))
    move(catalogue, attached, { ...attached, schema: to.schema });
}

function moveEntry<T>(map: Map<string, T>, key: string, target: string): void {
  const known = map.get(key) as T;
  if (map.delete(key)) map.set(target, known);
}

function rekey(catalogue: Catalogue, object: ObjectId, to: ObjectId): void {
  const [key, target] = [keyOf(object), know(catalogue, objectKey(to))];
  const { objects, parts, needs, neededBy, children, parents, moved } = catalogue;
  objects.delete(key);
  moveEntry(catalogue.properties, key, target);
  moveEntry(catalogue.definitions, key, target);
  moveEntry(catalogue.granted, key, target);
  moveEntry(catalogue.partitions, key, target);
  moveEntry(catalogue.consequences, key, target);
  moved.set(key, target);
  moved.delete(target);
  for (const needed of needs.get(key) ?? []) replaceIn(neededBy, needed, { key, target });
  for (const user of neededBy.get(key) ?? []) replaceIn(needs, user, { key, target });
  for (const child of children.get(key) ?? []) replaceIn(parents, child, { key, target });
  for (const parent of parents.get(key) ?? []) replaceIn(children, parent, { key, target });
  for (const map of [parts, needs, neededBy, children, parents]) unite(map, key, target);
  for (const name of neededAspects) {
    const [old, next] = [aspect(name, object).text, know(catalogue, aspect(name, to))];
    for (const user of neededBy.get(old) ?? []) replaceIn(needs, user, { key: old, target: next });
    unite(neededBy, old, next);
  }
}

function replaceIn(
  map: Map<string, Set<string>>,
  at: string,
  { key, target }: { key: string; target: string },
): void {
  const found = map.get(at);
  if (found?.delete(key)) found.add(target);
}

/** Members of the target stay, such as table parts that moved before. */
function unite(map: Map<string, Set<string>>, key: string, target: string): void {
  const found = map.get(key) ?? [];
  map.delete(key);
  for (const value of found) addTo(map, target, value);
}

/** Takes an object away, with its parts and, for what is bound to it, with them too. */
function remove(
  catalogue: Catalogue,
  key: string,
  effect: Pick<Effect, 'isCascade' | 'isInBranch'>,
  depth = 0,
): void {
  const { objects, parts, neededBy, children, parents, partitions } = catalogue;
  const object = objects.get(key);
  objects.delete(key);
  if (effect.isInBranch) catalogue.perhapsThere.add(key);
  catalogue.watcher?.removed(key);
  catalogue.properties.delete(key);
  catalogue.definitions.delete(key);
  catalogue.granted.delete(key);
  const insides = insideOf(catalogue, key, { object, effect });
  // Texts may make tables inherit in a circle.
  children.delete(key);
  for (const inside of insides) remove(catalogue, inside, effect, depth + 1);
  parts.delete(key);
  partitions.delete(key);
  for (const user of [...(neededBy.get(key) ?? [])]) {
    if (depth < 50 && goesAlong(catalogue, [user, key], effect)) remove(catalogue, user, effect, depth + 1);
  }
  forgetDefinition(catalogue, key);
  neededBy.delete(key);
  for (const parent of parents.get(key) ?? []) children.get(parent)?.delete(key);
  parents.delete(key);
  const owner = object && ownerKey(object);
  if (owner !== undefined) {
    parts.get(owner)?.delete(key);
    catalogue.consequences.get(owner)?.delete(key);
  }
}

/** The objects of a schema, the parts of a table, and its partitions; with CASCADE also inheriting tables. */
function insideOf(
  catalogue: Catalogue,
  key: string,
  { object, effect }: { object: ObjectId | undefined; effect: Pick<Effect, 'isCascade'> },
): string[] {
  const { parts, children, partitions } = catalogue;
  const inside = object ? objectsOfSchema(catalogue, object).map(keyOf) : [];
  const heirs = [...(children.get(key) ?? [])].filter((child) => effect.isCascade || partitions.has(child));
  return [...inside, ...(parts.get(key) ?? []), ...heirs];
}

/** A column is dropped with its type or collation, and a generated column with its sources; of a function or sequence it loses the default. */
export function losesColumn(catalogue: Catalogue, user: string, key: string): boolean {
  if (isGenerated(catalogue, user)) return true;
  const { known } = catalogue;
  const [object, needed] = [known.get(user), known.get(key)].map((found) => found?.object?.kind);
  return object === 'column' && needed !== undefined && losesColumnWith.has(needed);
}

const losesColumnWith: ReadonlySet<ObjectKind> = new Set(['collation', 'column', 'domain', 'type']);

/**
 * Without CASCADE, PostgreSQL drops only what is attached to an object (deptype `a` and `i` of pg_depend), and refuses if
 * anything else needs it: whatever else is known to need a dropped object has lost that need before.
 */
function goesAlong(
  catalogue: Catalogue,
  [user, key]: [user: string, key: string],
  { isCascade }: Pick<Effect, 'isCascade'>,
): boolean {
  const object = catalogue.objects.get(user);
  if (!object) return false;
  if (!isCascade) return isAttached(object);
  return !staysInPart.has(object.kind) || losesColumn(catalogue, user, key);
}

/** With CASCADE these lose a column, a constraint, a default or a member, and functions nothing that is stored. */
const staysInPart: ReadonlySet<ObjectKind> = new Set(['function', 'column', 'table', 'publication']);
