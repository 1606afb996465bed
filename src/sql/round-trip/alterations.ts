/** Finds alterations of surviving objects that down.sql does not revert. */

import { ownerKey } from '../dependencies/catalogue.js';
import { areSame, type ChangeKind } from '../effects/change.js';
import type { Effect } from '../effects/effect.js';
import { keyOf } from '../effects/object-key.js';
import { makeObjectName } from '../postgres/generated-names.js';
import type { ObjectId } from '../syntax/object-id.js';

/** One property of an object. */
export interface AlteredProperty {
  object: ObjectId;
  /** In words: `the default`. */
  property: string;
  effect: Effect;
}

/** The property that each kind of alteration changes, which down.sql must change again. */
const properties: Readonly<Record<ChangeKind, string | undefined>> = {
  'access method': undefined,
  'all triggers': undefined,
  attributes: undefined,
  cluster: undefined,
  comment: undefined,
  compression: undefined,
  contents: undefined,
  default: 'the default',
  'default privileges': undefined,
  'domain constraint': undefined,
  expression: 'the expression',
  extension: undefined,
  family: undefined,
  firing: 'the state',
  'forced row security': 'forced row security',
  identity: 'the identity',
  index: undefined,
  logging: 'the persistence',
  members: undefined,
  'not null': 'NOT NULL',
  'of type': undefined,
  options: undefined,
  owned: undefined,
  owner: undefined,
  privileges: undefined,
  properties: 'the definition',
  reference: undefined,
  rename: undefined,
  'replica identity': 'the replica identity',
  'row security': 'row security',
  'security label': undefined,
  'set schema': undefined,
  settings: undefined,
  statistics: undefined,
  'statistics target': undefined,
  storage: undefined,
  'storage options': 'the options',
  tablespace: undefined,
  type: 'the type',
  validation: undefined,
  version: undefined,
};

/** Kinds that OR REPLACE gives another definition. */
const replaced: ReadonlySet<string> = new Set(['function', 'aggregate', 'view', 'trigger', 'rule']);

/** The property that an effect changes of something that may be there already; undefined when none. */
export function propertyOf({ action, object, change, isConditional, to }: Effect): string | undefined {
  if (action === 'create') return isConditional && replaced.has(object.kind) ? 'the definition' : undefined;
  if (action !== 'alter' || to) return undefined;
  if (change) return properties[change.kind];
  return object.kind === 'policy' ? 'the definition' : undefined;
}

/**
 * What the way there changes, and neither changes back itself nor takes away and makes anew.
 * @param stays whether the object is there before, and after both ways
 */
export function findAlterations(ups: readonly Effect[], stays: (key: string) => boolean): AlteredProperty[] {
  const found = new Map<string, AlteredProperty>();
  const settled = new Set<string>();
  const dropped = new Set<string>();
  for (const effect of ups) {
    const key = keyOf(effect.object);
    if (effect.action === 'drop') dropped.add(key);
    const isAnew = effect.action === 'create' && dropped.has(key);
    const property = isAnew ? 'the definition' : propertyOf(effect);
    if (property === undefined || !stays(key)) continue;
    const slot = `${property} of ${key}`;
    const earlier = found.get(slot);
    if (earlier && !areSame(earlier.effect.change, effect.change)) settled.add(slot);
    if (!earlier) found.set(slot, { object: effect.object, property, effect });
  }
  const isTouched = (key: string | undefined) => key !== undefined && dropped.has(key);
  return [...found]
    .filter(([slot]) => !settled.has(slot))
    .map(([, alteration]) => alteration)
    .filter(({ object }) => !isTouched(ownerKey(object)))
    .filter(({ object, property }) => property === 'the definition' || !isTouched(keyOf(object)));
}

/** Whether down.sql reverts it: changes the same property, or drops or renames the object or its owner. */
export function isAnswered({ object, property }: AlteredProperty, downs: readonly Effect[]): boolean {
  const key = keyOf(object);
  const owner = ownerKey(object);
  return downs.some((effect) => {
    const { action, change, to } = effect;
    const own = keyOf(effect.object);
    if (own !== key && own !== owner) return false;
    if (action === 'create' || action === 'drop' || to) return true;
    return (
      own === key &&
      (propertyOf(effect) === property ||
        (property === 'the definition' && change?.kind !== 'comment' && action === 'alter'))
    );
  });
}

/** The name of the constraint that NOT NULL of a column is since PostgreSQL 18, by its key. */
export function notNullKey({ schema, parent = '', name }: ObjectId): string {
  const constraint: ObjectId = { kind: 'constraint', parent, name: makeObjectName(parent, name, 'not_null') };
  return keyOf(schema === undefined ? constraint : { ...constraint, schema });
}
