/** Classifies in one word the effect of an access on its object. */

import type { KeyAccess, Verb } from '../dependencies/access.js';
import { ownerKey } from '../dependencies/catalogue.js';
import { isIn, isObjectKey, type StateKey } from '../dependencies/keys.js';
import type { Effect } from '../effects/effect.js';
import { keyOf } from '../effects/object-key.js';
import type { ObjectId } from '../syntax/object-id.js';

/**
 * `value`: adds or renames a value of an enum. `rename`: takes the name away. `replace`: drops and creates again. `borrow`:
 * creates and drops again.
 */
export type Role = 'create' | 'drop' | 'replace' | 'borrow' | 'rename' | 'alter' | 'value' | 'use';

const roles: Readonly<Record<Verb, Exclude<Role, 'use' | 'value'>>> = {
  alters: 'alter',
  'asks for': 'alter',
  calls: 'alter',
  changes: 'alter',
  creates: 'create',
  'creates and drops again': 'borrow',
  'deletes rows of': 'alter',
  drops: 'drop',
  'drops and creates again': 'replace',
  'gives values to': 'alter',
  'inserts rows into': 'alter',
  'leaves out': 'alter',
  moves: 'rename',
  provides: 'create',
  publishes: 'alter',
  reads: 'alter',
  'reads rows of': 'alter',
  references: 'alter',
  'refers to': 'alter',
  renames: 'rename',
  requires: 'alter',
  runs: 'alter',
  'updates rows of': 'alter',
  uses: 'alter',
};

/** Whatever leaves the object as it is uses it. */
export function roleOf({ key, mode, verb, effect }: KeyAccess): Role {
  if (mode !== 'write') return 'use';
  if (effect?.object.kind === 'enum value' && isObjectKey(key, 'type')) return 'value';
  const role = roles[verb];
  return role === 'rename' && isNewName({ key, effect }) ? 'create' : role;
}

/** Whether the access takes away what none of its ancestors has made: without IF EXISTS it fails before somebody makes it. */
export function isPresumed(touch: KeyAccess): boolean {
  const role = roleOf(touch);
  const takesAway = role === 'drop' || role === 'rename' || role === 'replace';
  return takesAway && !touch.existed && touch.effect?.isConditional !== true && isDirect(touch);
}

/** A constraint knows its column, a column its type, and a view its table, whatever that is called; they go with it. */
export function isBound(touch: KeyAccess): boolean {
  const { key, effect, isDependency } = touch;
  if (roleOf(touch) !== 'use') return false;
  return (
    isDependency === true || effect?.isImplicit === true || (isObjectKey(key, 'type') && !isDirect(touch))
  );
}

/** Whether the object itself is meant, and not something that it goes along with. */
export function isDirect({ key, effect }: KeyAccess): boolean {
  if (effect === undefined) return true;
  return namesOf(effect.object).includes(key.text);
}

/** Whether the access gives an object the name of the key. */
export function isNewName({
  key,
  effect,
}: Pick<KeyAccess, 'key'> & { effect?: Effect | undefined }): boolean {
  return effect?.to !== undefined && namesOf(effect.to).includes(key.text);
}

/** A relation and its row type are one thing. */
function namesOf(object: ObjectId): string[] {
  return [object, { ...object, kind: 'type' as const }, { ...object, kind: 'relation' as const }].map(keyOf);
}

/** Functions and operators share a key when they share a name. */
export function areOverloads(one: KeyAccess, other: KeyAccess): boolean {
  const [args, second] = [one.effect?.object.args, other.effect?.object.args];
  return mayBeOverloaded(one.key) && args !== undefined && second !== undefined && args !== second;
}

/** Whether the key stands for all functions or operators of a name. */
export function mayBeOverloaded(key: StateKey): boolean {
  return isIn(key, 'fn') || key.object?.kind === 'operator';
}

/** PostgreSQL numbers the names that it makes for these; of columns and types it makes none. */
export function isNumbered({ kind }: ObjectId): boolean {
  return kind === 'constraint' || kind === 'index' || kind === 'sequence' || kind === 'statistics';
}

/** Whether all are constraints NOT NULL. */
export function areNotNull(...accesses: readonly KeyAccess[]): boolean {
  return accesses.every(({ effect }) => effect?.constraint === 'not null');
}

/** Whether what is created fails where its name is taken. Equal checks of a parent and its child can become one, in the right order. */
export function needsFreeName({
  isConditional,
  isReplacement,
  isGenerated,
  isImplicit,
  sets,
}: Effect): boolean {
  return !isConditional && !isReplacement && !isGenerated && !isImplicit && sets?.check === undefined;
}

/** Whether the drop of something else leads to the object, and does not name it as the table or schema of what is dropped. */
export function isReachedByDrop(access: KeyAccess): boolean {
  const { key, verb, effect } = access;
  if (verb !== 'drops' || !effect || roleOf(access) !== 'use') return false;
  const isSchema = key.object?.kind === 'schema' && key.object.name === effect.object.schema;
  return !isSchema && !isDirect(access) && ownerKey(effect.object) !== key.text;
}
