/** Names the parts of an object's state that change independently of each other. */

import type { PrivilegeGroup } from '../effects/change.js';
import { type NameSpace, nameSpaceOf } from '../effects/name-space.js';
import { keyOf } from '../effects/object-key.js';
import { joinNames } from '../syntax/identifiers.js';
import type { ObjectId } from '../syntax/object-id.js';

/**
 * `shape`: which columns a relation has; `filling`: what new rows get in those that are not named. `rules`: what rows must fulfil.
 * `triggers`: what changes of rows set off, policies and rules included. `keys`: what makes rows unique; `lost keys`: which of these
 * were dropped, for what rests on one that stays. `primary key`: the only one of its table.
 * `rows`: the rows. `parts`: its partitions. `references`: foreign keys to it. `privileges` and `options`: who may use it,
 * and how it is stored. `comment`: what is said about it. `persistence`: whether it outlives a crash. `bounds`: the rows of its partitions. `details`:
 * whatever else LIKE copies. `attributes`: the columns of a row type, for what rests on how rows of it look.
 * `published`: whether a publication has it.
 */
export type Aspect =
  | 'shape'
  | 'filling'
  | 'rules'
  | 'triggers'
  | 'keys'
  | 'lost keys'
  | 'primary key'
  | 'rows'
  | 'parts'
  | 'references'
  | 'privileges'
  | 'options'
  | 'comment'
  | 'persistence'
  | 'bounds'
  | 'details'
  | 'attributes'
  | 'published';

/**
 * The kind of a key. `object`: an object itself. `contents`, `group` and `privileges in schema`: all objects of a schema, those of
 * one group, and who may use them. `name`: what a catalog query by that name finds. `constraint name`: a name that PostgreSQL numbers
 * if any constraint of the schema has it. `equal parts`: indexes and foreign keys of a partition and of its tables that differ in their names alone. `everything`: the unknown changes of an opaque migration. `extensions`: all that
 * these bring. `publications`: which tables are published, as those must have a replica identity before rows are changed.
 */
export type KeyKind =
  | Aspect
  | 'object'
  | 'contents'
  | 'group'
  | 'privileges in schema'
  | 'name'
  | 'constraint name'
  | 'equal parts'
  | 'everything'
  | 'extensions'
  | 'publications';

/** A part of the database's state that migrations access. */
export interface StateKey {
  kind: KeyKind;
  /** Equal for the same part. Only compared, never parsed. */
  text: string;
  /** The object, or that of which it is an aspect. */
  object?: ObjectId;
}

/** The key of an object itself. */
export function objectKey(object: ObjectId): StateKey {
  return { kind: 'object', text: keyOf(object), object };
}

/** The default operator class of a method for a type, as `btree:public.point`, which many use without naming it. */
export function defaultClassKey(name: string): StateKey {
  return { kind: 'object', text: `default operator class of ${name}` };
}

/** The key of an aspect of an object. */
export function aspect(name: Aspect, object: ObjectId): StateKey {
  return { kind: name, text: `${name} of ${keyOf(object)}`, object };
}

/** The key that every migration adds to, and that an opaque migration writes. */
export const everything: StateKey = { kind: 'everything', text: '*' };

/** The key of all that extensions bring. */
export const extensions: StateKey = { kind: 'extensions', text: 'extensions' };

/** The key of which tables are published. */
export const publications: StateKey = { kind: 'publications', text: 'publications' };

/** Whether the key is that of an object of the name space, or of an aspect of one. */
export function isIn({ object }: StateKey, nameSpace: NameSpace): boolean {
  return object !== undefined && nameSpaceOf(object.kind) === nameSpace;
}

/** Whether the key is that of an object itself of the name space. */
export function isObjectKey(key: StateKey, nameSpace: NameSpace): boolean {
  return key.kind === 'object' && isIn(key, nameSpace);
}

/** All objects of a schema, whichever there are. */
export function contentsOf(schema: string): StateKey {
  return ofSchema('contents', 'contents of', schema);
}

function ofSchema(kind: KeyKind, words: string, name: string): StateKey {
  const object: ObjectId = { kind: 'schema', name };
  return { kind, text: `${words} ${keyOf(object)}`, object };
}

/** The kinds that GRANT ON ALL … IN SCHEMA distinguishes; other kinds have no such privileges. */
const groups: Partial<Record<ObjectId['kind'], PrivilegeGroup>> = {
  sequence: 'sequences',
  function: 'functions',
  aggregate: 'functions',
  relation: 'tables',
  table: 'tables',
  view: 'tables',
  'materialized view': 'tables',
  'foreign table': 'tables',
};

/** All tables, sequences or functions of a schema; undefined for an object that is none of these. */
export function groupOf({ kind, schema, parent }: ObjectId): StateKey | undefined {
  const group = groups[kind];
  return schema === undefined || parent !== undefined || !group ? undefined : groupKey(schema, group);
}

/** All procedures and routines are among all functions. */
export function groupKey(schema: string, group: PrivilegeGroup): StateKey {
  const known = group === 'procedures' || group === 'routines' ? 'functions' : group;
  return ofSchema('group', `${known} of`, schema);
}

/** Privileges of all objects of a schema. */
export function allPrivilegesOf(schema: string): StateKey {
  return ofSchema('privileges in schema', 'privileges in', schema);
}

/** The name of a constraint, whichever table of the schema it is on. */
export function constraintNameKey({ schema, name }: ObjectId): StateKey {
  return { kind: 'constraint name', text: `constraint name ${joinNames(schema, name)}` };
}

/** The index or foreign key of a table that `definition` describes, whatever it is called and whichever table it is made for. */
export function equalPartsKey(table: ObjectId, definition: string): StateKey {
  return { kind: 'equal parts', text: `part of ${keyOf(table)}: ${definition}`, object: table };
}

/** The objects that a catalog query by that name, as `joinNames` writes it, can find. */
export function nameKey(name: string): StateKey {
  return { kind: 'name', text: `name ${name}` };
}

/** All names under which catalog queries find an object, as `joinNames` writes them. */
export function namesOf({ parent, name }: ObjectId): string[] {
  return parent === undefined
    ? [joinNames(name)]
    : [joinNames(name), joinNames(parent), joinNames(parent, name)];
}

/** An object in words: `column users.email`. The schema is left out where it is `public`. */
export function describeObject(object: ObjectId): string {
  return `${object.kind} ${displayName(object)}${object.args ?? ''}`;
}

/** The name of an object as SQL has it, such as `app.users`; without `public`. */
export function displayName({ schema, parent, name }: ObjectId): string {
  const isAlone = schema === undefined && parent === undefined;
  return isAlone ? name : joinNames(schema === 'public' ? undefined : schema, parent, name);
}
