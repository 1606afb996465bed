/** Records each way in which a migration accesses a key, where the strongest alone is not enough. */

import type { Effect } from '../effects/effect.js';
import { keyOf } from '../effects/object-key.js';
import type { ObjectId } from '../syntax/object-id.js';
import type { AccessMode, Cause, KeyAccess } from './access.js';
import type { Catalogue } from './catalogue.js';
import type { StateKey } from './keys.js';
import type { RemadeTable } from './remaking.js';

/** Gathers the accesses of one migration. */
export interface AccessLog {
  add(key: StateKey, mode: AccessMode, cause: Cause): void;
  /** Forgets all accesses to the key but this one. */
  replace(access: KeyAccess): void;
  /** The tables that the migration replaces, by their keys. */
  readonly remade: Map<string, RemadeTable>;
  /** By the text of the key; equal ones once, at their first place; those that set something in the order of their last. */
  readonly byKey: ReadonlyMap<string, readonly KeyAccess[]>;
}

/** More ways to touch one key than these are data. */
const maxAccesses = 60;

/** @param catalogue what the migrations before have made */
export function createAccessLog(catalogue: Catalogue): AccessLog {
  const byKey = new Map<string, KeyAccess[]>();
  return {
    byKey,
    remade: new Map(),
    replace: (access) => byKey.set(access.key.text, [access]),
    add(key, mode, cause) {
      const known = byKey.get(key.text);
      const same = known?.findIndex((touch) => touch.mode === mode && isSame(touch, cause)) ?? -1;
      if (known && same >= 0) {
        // What is set last holds.
        if (cause.effect?.sets) known.push(...known.splice(same, 1));
        return;
      }
      const touch = { ...cause, key, mode, existed: exists(catalogue, key, cause) };
      if (!known) byKey.set(key.text, [touch]);
      else if (known.length < maxAccesses) known.push(touch);
      else known[maxAccesses - 1] = anyRow(touch);
    },
  };
}

/** Sides of an object that have keys of their own are there when it is, and the name of a type that goes is taken for relations, too. */
function exists({ objects }: Catalogue, { kind, text, object }: StateKey, { effect, verb }: Cause): boolean {
  if (objects.has(text)) return true;
  const isSide = kind !== 'object' || object?.kind === 'default privileges';
  const isGoing = verb === 'drops' || verb === 'renames' || verb === 'moves';
  const isTwin = isGoing && effect?.object.name === object?.name && object?.parent === undefined;
  return effect !== undefined && (isSide || isTwin) && objects.has(keyOf(effect.object));
}

/** Stands for those that are not kept, too. */
function anyRow({ effect, ...touch }: KeyAccess): KeyAccess {
  if (!effect) return touch;
  const { rows: _, columns: __, ...rest } = effect;
  return { ...touch, effect: rest };
}

/** Details are written down only where the words are the same, as most accesses of a key differ in these. */
function isSame(one: Cause, other: Cause): boolean {
  if (one.verb !== other.verb || one.what !== other.what || one.isGuess !== other.isGuess) return false;
  if (one.of?.kind !== other.of?.kind) return false;
  return one.effect === other.effect || knownDetails(one) === knownDetails(other);
}

/** Every access of a key is compared with those before it. */
const details = new WeakMap<Effect, string>();

function knownDetails({ effect }: Cause): string {
  const known = effect && details.get(effect);
  if (known !== undefined) return known;
  const found = detailsOf(effect);
  if (effect) details.set(effect, found);
  return found;
}

function detailsOf(effect: Effect | undefined): string {
  const { change, usage, rowAccess, constraint, filling, events } = effect ?? {};
  const { rows, columns, isConditional, isImplicit, sets, grants, bounds, call } = effect ?? {};
  const { by, to, defaultOf, beside, given } = effect ?? {};
  const names = [by, to, defaultOf, beside, ...(given?.stars ?? [])].map(
    (object?: ObjectId) => object && keyOf(object),
  );
  const words = [change, usage, rowAccess, constraint, filling, events, rows, columns];
  return JSON.stringify([isConditional, isImplicit, names, words, sets, grants, bounds, call]);
}
