/** Finds the effects of a migration that no other session may meet, whatever that one does. */

import { displayName } from '../dependencies/keys.js';
import type { Effect, MigrationEffects } from '../effects/effect.js';
import type { ObjectId, ObjectKind } from '../syntax/object-id.js';
import type { PlacedWords } from './footprint.js';

/**
 * `drops`: a drop is not locked against sessions that create a user of the object, which leaves the user broken behind it.
 * `changes`: any change concerns all sessions. `none`: PostgreSQL locks the object, or the table that it belongs to.
 */
const dangers: Readonly<Record<ObjectKind, 'changes' | 'drops' | 'none'>> = {
  'access method': 'drops',
  aggregate: 'drops',
  cast: 'drops',
  collation: 'drops',
  column: 'none',
  constraint: 'none',
  conversion: 'drops',
  database: 'changes',
  'default privileges': 'changes',
  domain: 'drops',
  'enum value': 'none',
  'event trigger': 'changes',
  extension: 'changes',
  'foreign data wrapper': 'drops',
  'foreign table': 'none',
  function: 'drops',
  index: 'none',
  language: 'drops',
  'large object': 'none',
  'materialized view': 'none',
  operator: 'drops',
  'operator class': 'drops',
  'operator family': 'drops',
  parameter: 'changes',
  policy: 'none',
  publication: 'drops',
  relation: 'none',
  role: 'changes',
  rule: 'none',
  schema: 'drops',
  sequence: 'none',
  server: 'drops',
  statistics: 'none',
  subscription: 'changes',
  table: 'none',
  tablespace: 'changes',
  'text search configuration': 'drops',
  'text search dictionary': 'drops',
  'text search parser': 'drops',
  'text search template': 'drops',
  transform: 'drops',
  trigger: 'none',
  type: 'drops',
  'user mapping': 'drops',
  view: 'none',
};

/** The first effect for which a migration runs alone; undefined where there is none. */
export function reasonInEffects({
  effects,
  opaque,
  catalogQueries,
}: MigrationEffects): PlacedWords | undefined {
  const unread = opaque.find(({ when }) => when === 'now');
  if (unread) return { words: `runs ${unread.reason}, which cannot be read`, place: unread.place };
  const asks = catalogQueries.find(({ when, names }) => when === 'now' && names === undefined);
  if (asks) return { words: 'reads the system catalogs', place: asks.place };
  const found = effects.find(isDangerous);
  return found && { words: wordsOfEffect(found), place: found.place };
}

/** Whether the effect writes: uses, calls and rows need no look here. */
export function isWritten({ action, when }: Effect): boolean {
  return when !== 'later' && (action === 'create' || action === 'alter' || action === 'drop');
}

function isDangerous(effect: Effect): boolean {
  if (!isWritten(effect) || effect.isImplicit) return false;
  const { action, change, object } = effect;
  if (change?.kind === 'default privileges' || (change?.kind === 'privileges' && change.group)) return true;
  if (action === 'drop' && effect.isCascade) return true;
  const danger = dangers[object.kind];
  return danger === 'changes' || (danger === 'drops' && action === 'drop');
}

const verbs = { create: 'creates', alter: 'changes', drop: 'drops' } as const;

/** Such as `drops type mood`. */
export function wordsOfEffect({ action, object, change, isCascade }: Effect): string {
  if (change?.kind === 'default privileges') return 'changes default privileges';
  const verb = action in verbs ? verbs[action as keyof typeof verbs] : 'uses';
  const aspect = change?.kind === 'privileges' ? ' privileges of' : '';
  return `${verb}${aspect} ${nameOfObject(object)}${isCascade ? ' with CASCADE' : ''}`;
}

function nameOfObject(object: ObjectId): string {
  return `${object.kind} ${displayName(object)}`;
}
