/** Names the parts of an object's state that change independently of each other. */

import type { ObjectId } from '../effects/effect.js';

/**
 * `shape`: which columns a relation has. `rules`: what its rows must fulfil and set off. `keys`: what makes them unique; `lost keys`:
 * which of these were dropped, for what rests on one that stays.
 * `rows`: the rows. `parts`: its partitions. `references`: foreign keys to it. `privileges` and `options`: who may use it,
 * and how it is stored. `triggers`: which there are. `comment`: what is said about it. `details`: whatever else LIKE copies.
 */
export type Aspect =
  | 'shape'
  | 'rules'
  | 'keys'
  | 'lost keys'
  | 'rows'
  | 'parts'
  | 'references'
  | 'privileges'
  | 'options'
  | 'comment'
  | 'details'
  | 'triggers';

/** The key of an aspect of the object with `key`. */
export function aspect(name: Aspect, key: string): string {
  return `${name} of ${key}`;
}

/** All objects of a schema, whichever there are. */
export function contentsOf(schema: string): string {
  return `contents of schema:${schema}`;
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
