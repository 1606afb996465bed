/** Names the parts of an object's state that change independently of each other. */

import type { PrivilegeGroup } from '../effects/change.js';
import type { ObjectId } from '../syntax/object-id.js';

/**
 * `shape`: which columns a relation has; `filling`: what new rows get in those that are not named. `rules`: what rows must fulfil.
 * `triggers`: what changes of rows set off, policies and rules included. `keys`: what makes rows unique; `lost keys`: which of these
 * were dropped, for what rests on one that stays.
 * `rows`: the rows. `parts`: its partitions. `references`: foreign keys to it. `privileges` and `options`: who may use it,
 * and how it is stored. `comment`: what is said about it. `persistence`: whether it outlives a crash. `bounds`: the rows of its partitions. `details`:
 * whatever else LIKE copies.
 */
export type Aspect =
  | 'shape'
  | 'filling'
  | 'rules'
  | 'triggers'
  | 'keys'
  | 'lost keys'
  | 'rows'
  | 'parts'
  | 'references'
  | 'privileges'
  | 'options'
  | 'comment'
  | 'persistence'
  | 'bounds'
  | 'details';

/** The key of an aspect of the object with `key`. */
export function aspect(name: Aspect, key: string): string {
  return `${name} of ${key}`;
}

/** All objects of a schema, whichever there are. */
export function contentsOf(schema: string): string {
  return `contents of schema:${schema}`;
}

/** What GRANT ON ALL … IN SCHEMA tells apart, by kind; other kinds have no such privileges. */
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
export function groupOf({ kind, schema, parent }: ObjectId): string | undefined {
  const group = groups[kind];
  return schema === undefined || parent !== undefined || !group ? undefined : groupKey(schema, group);
}

/** All procedures and routines are among all functions. */
export function groupKey(schema: string, group: PrivilegeGroup): string {
  const known = group === 'procedures' || group === 'routines' ? 'functions' : group;
  return `${known} of schema:${schema}`;
}

/** Privileges of all objects of a schema. */
export function allPrivilegesOf(schema: string): string {
  return `privileges in schema:${schema}`;
}

/** What a catalog query by that name can find. */
export function nameKey(name: string): string {
  return `name ${name}`;
}

/** All names under which catalog queries find an object. */
export function namesOf({ parent, name }: ObjectId): string[] {
  return parent === undefined ? [name] : [name, parent, `${parent}.${name}`];
}

/** An object in words: `column users.email`. The schema is left out where it is `public`. */
export function describeObject({ kind, schema, parent, name, args }: ObjectId): string {
  const path = [schema === 'public' ? undefined : schema, parent, name]
    .filter((part) => part !== undefined)
    .join('.');
  return `${kind} ${path}${args ?? ''}`;
}
