/** The database state after a history so far: its objects, their parts and their dependencies. */

import type { CatalogQuery, DefinitionParts, Effect, Opaque } from '../effects/effect.js';
import type { PartitionBounds } from '../effects/effect-details.js';
import { nameSpaceOf } from '../effects/name-space.js';
import { keyOf } from '../effects/object-key.js';
import { joinNames } from '../syntax/identifiers.js';
import type { ObjectId, ObjectKind, TypeRef } from '../syntax/object-id.js';
import type { StateKey } from './keys.js';

/** The effects of a use: of a call of a function, a read of a view, or a change of a table's rows. */
export interface Consequences {
  /** The object whose definition says so. */
  by: ObjectId;
  effects: Effect[];
  opaque: Opaque[];
  queries: CatalogQuery[];
}

/** The state after some migrations. All keys are those of `keyOf`. */
export interface Catalogue {
  /** Every object that exists, as far as the texts tell. */
  readonly objects: Map<string, ObjectId>;
  /** The meaning of each key below. */
  readonly known: Map<string, StateKey>;
  /** Columns, constraints, triggers and so on of a relation. */
  readonly parts: Map<string, Set<string>>;
  /** The objects that an object's definition needs, and the reverse. */
  readonly needs: Map<string, Set<string>>;
  readonly neededBy: Map<string, Set<string>>;
  /** By the relation or function that is used, then by the part that says so. */
  readonly consequences: Map<string, Map<string, Consequences>>;
  /** Partitions and children by inheritance, and the other way round. */
  readonly children: Map<string, Set<string>>;
  readonly parents: Map<string, Set<string>>;
  /** Those children that are partitions, which go with their parent, and for which rows they are, as far as it is known. */
  readonly partitions: Map<string, PartitionBounds | undefined>;
  /** Old keys of what was renamed or moved. */
  readonly moved: Map<string, string>;
  /** The known properties of an object, by its key. */
  readonly properties: Map<string, Readonly<Record<string, string>>>;
  /** The known parts of its definition, by its key. */
  readonly definitions: Map<string, DefinitionParts>;
  /** The privileges that roles were granted of an object, by its key, then by role. */
  readonly granted: Map<string, Map<string, Set<string>>>;
  /** Keys of what was dropped under a condition, so that it may still be there. */
  readonly perhapsThere: Set<string>;
  /** Whether opaque SQL ran, so that unknown objects may exist. */
  isIncomplete: boolean;
  readonly watcher?: CatalogueWatcher;
}

/** Receives what happens to objects that a statement does not name: the parts of a dropped table, the contents of a renamed schema. */
export interface CatalogueWatcher {
  /** @param key the former key */
  moved(key: string, to: ObjectId): void;
  /** Also receives keys of no object. */
  removed(key: string): void;
}

/** An empty database. */
export function emptyCatalogue(watcher?: CatalogueWatcher): Catalogue {
  return {
    ...(watcher ? { watcher } : {}),
    objects: new Map(),
    known: new Map(),
    parts: new Map(),
    needs: new Map(),
    neededBy: new Map(),
    consequences: new Map(),
    children: new Map(),
    parents: new Map(),
    partitions: new Map(),
    moved: new Map(),
    properties: new Map(),
    definitions: new Map(),
    granted: new Map(),
    perhapsThere: new Set(),
    isIncomplete: false,
  };
}

/** The key of the relation or type that a part belongs to; undefined for whole objects. */
export function ownerKey(object: ObjectId): string | undefined {
  const owner = ownerOf(object);
  return owner && keyOf(owner);
}

/** The relation or type that a part belongs to; undefined for whole objects. */
export function ownerOf({ kind, schema, parent }: ObjectId): ObjectId | undefined {
  if (parent === undefined) return undefined;
  const ownerKind = kind === 'enum value' ? 'type' : 'relation';
  return { kind: ownerKind, ...(schema === undefined ? {} : { schema }), name: parent };
}

/** Stores the meaning of a key. @returns its text */
export function know({ known }: Catalogue, key: StateKey): string {
  known.set(key.text, key);
  return key.text;
}

/** The objects that the definition of another needs, by its key; whether anybody creates them is another matter. */
export function neededObjects({ needs, known }: Catalogue, user: string): ObjectId[] {
  return [...(needs.get(user) ?? [])].flatMap((text) => {
    const key = known.get(text);
    return key?.kind === 'object' && key.object ? [key.object] : [];
  });
}

/** The types that the definition of an object needs, by its key. */
export function neededTypes(catalogue: Catalogue, user: string): ObjectId[] {
  return neededObjects(catalogue, user).filter(({ kind }) => nameSpaceOf(kind) === 'type');
}

/** The sources of a relation's columns, by its key: its parents, and the type that it is OF. */
export function parentsOf({ parents, known }: Catalogue, relation: string): ObjectId[] {
  return [...(parents.get(relation) ?? [])].flatMap((key) => known.get(key)?.object ?? []);
}

/** The parts of a relation or type, by its key. */
export function partKeysOf({ objects, parts }: Catalogue, owner: string): ObjectId[] {
  return [...(parts.get(owner) ?? [])].flatMap((part) => objects.get(part) ?? []);
}

/** The columns of a relation's primary key; none if it has none. */
export function primaryKeyColumns(catalogue: Catalogue, relation: ObjectId): ObjectId[] {
  const owner = keyOf(relation);
  const isPrimary = (part: ObjectId) => catalogue.properties.get(keyOf(part))?.key === 'primary';
  const key = partKeysOf(catalogue, owner).find(isPrimary);
  const needed = key ? neededObjects(catalogue, keyOf(key)) : [];
  return needed.filter((one) => one.kind === 'column' && ownerKey(one) === owner);
}

/** Adds to a set in a map of sets. */
export function addTo(map: Map<string, Set<string>>, key: string, value: string): void {
  const found = map.get(key);
  if (found) found.add(value);
  else map.set(key, new Set([value]));
}

/** The columns of a relation by their keys, in their order as far as it is known. */
export function columnsOf(catalogue: Catalogue, relation: string): ObjectId[] {
  return partKeysOf(catalogue, relation).filter(({ kind }) => kind === 'column');
}

/** Whether a column is computed from others, by its key. */
export function isGenerated({ properties }: Catalogue, column: string): boolean {
  return (properties.get(column)?.expression ?? 'none') !== 'none';
}

/** The enum behind the type of a column or a domain, or of the elements of its arrays, by the key of the enum. */
export function enumOf(catalogue: Catalogue, key: string): string | undefined {
  const pending = new Set([key]);
  for (const one of pending) {
    for (const type of neededTypes(catalogue, one)) {
      if (partKeysOf(catalogue, keyOf(type)).some(({ kind }) => kind === 'enum value')) return keyOf(type);
      if (isDomain(catalogue, type)) pending.add(keyOf(type));
    }
  }
  return undefined;
}

/** A domain has the type that it is of. */
export function isDomain({ properties }: Catalogue, type: ObjectId): boolean {
  return properties.get(keyOf(type))?.['type name'] !== undefined;
}

/** Follows renames and moves: an object that was bound before is the same under its new name. */
export function currentKey({ objects, moved }: Catalogue, key: string): string {
  let current = key;
  for (let steps = 0; steps < 100 && !objects.has(current); steps += 1) {
    const next = moved.get(current);
    if (next === undefined) break;
    current = next;
  }
  return current;
}

/** A binding under an old name is found under the new name. */
export function currentObject(catalogue: Catalogue, object: ObjectId): ObjectId {
  const key = keyOf(object);
  const found = currentKey(catalogue, key);
  return found === key ? object : (catalogue.objects.get(found) ?? object);
}

/** The indexes and sequences that go wherever a table goes. */
export function attachedTo({ objects, parts, neededBy }: Catalogue, table: string): ObjectId[] {
  const users = [table, ...(parts.get(table) ?? [])].flatMap((key) => [...(neededBy.get(key) ?? [])]);
  return [...new Set(users)]
    .flatMap((key) => objects.get(key) ?? [])
    .filter(({ kind }) => kind === 'index' || kind === 'sequence');
}

const attachedKinds: ReadonlySet<ObjectKind> = new Set(['index', 'sequence', 'constraint', 'statistics']);

/** Whether an object is always dropped with the columns that it is about. */
export function isAttached({ kind }: ObjectId): boolean {
  return attachedKinds.has(kind);
}

/** The objects of a schema, without the parts of tables and types. */
export function objectsOfSchema({ objects }: Catalogue, schema: ObjectId): ObjectId[] {
  if (schema.kind !== 'schema') return [];
  return [...objects.values()].filter((id) => id.schema === schema.name && id.parent === undefined);
}

/** The constraint of an index, which has the same name; undefined for other objects. */
export function constraintOf({ objects, needs }: Catalogue, index: ObjectId): ObjectId | undefined {
  if (index.kind !== 'index') return undefined;
  return [...(needs.get(keyOf(index)) ?? [])]
    .map((key) => objects.get(key))
    .find((needed) => needed?.kind === 'constraint' && needed.name === index.name);
}

/** The last of the schemas in which an object may lie. */
export function located(catalogue: Catalogue, object: ObjectId): ObjectId {
  return candidates(catalogue, object).at(-1) ?? object;
}

/** A type with the schema in which it is found. */
export function foundTypeName(catalogue: Catalogue, type: TypeRef): string {
  if (typeof type === 'string') return type;
  const { schema, name } = located(catalogue, type);
  return joinNames(schema, name);
}

/** The schemas of the search path in which an object may lie: the first that is known to have it, or all. */
export function candidates({ objects }: Catalogue, object: ObjectId): ObjectId[] {
  if (!object.path) return [object];
  const all = object.path.map((schema): ObjectId => ({ ...object, schema }));
  const known = all.findIndex((id) => wholesOf(id).some((key) => objects.has(key)));
  return known < 0 ? all : all.slice(0, known + 1);
}

/** The object that determines the schema: itself, or its owner. Constraints belong to tables, and to domains. */
function wholesOf(id: ObjectId): string[] {
  const owner = ownerKey(id);
  if (owner === undefined || id.parent === undefined) return [keyOf(id)];
  const { parent: name, schema } = id;
  return [owner, keyOf({ kind: 'type', name, ...(schema === undefined ? {} : { schema }) })];
}

/** The target of a rename: in the schema in which the object was found. */
export function targetOf(found: ObjectId, to: ObjectId): ObjectId {
  if (!to.path) return to;
  const { path: _, ...target } = to;
  return { ...target, ...(found.schema === undefined ? {} : { schema: found.schema }) };
}
