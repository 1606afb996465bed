/** Compares what there is before a migration with what there is after its way up and its way down. */

import { type Catalogue, candidates, ownerKey } from '../dependencies/catalogue.js';
import { applyEffect } from '../dependencies/fold.js';
import type { Effect, MigrationEffects } from '../effects/effect.js';
import { keyOf } from '../effects/object-key.js';
import type { ObjectId } from '../syntax/object-id.js';
import { type AlteredProperty, findAlterations, isAnswered, notNullKey } from './alterations.js';
import { happenings, uncertainKeys } from './certain.js';
import { excerptOf } from './excerpt.js';
import { findTaker } from './takers.js';

/** An object, and the effect that is to blame. */
export interface RoundTripTrace {
  object: ObjectId;
  effect: Effect;
}

/** The differences after both ways. Only certain ones: none from branches or from definitions alone. */
export interface RoundTrip {
  /** Made by the way up, and still there. */
  left: RoundTripTrace[];
  /** Renamed or moved by the way up, and not back. */
  renamed: RoundTripTrace[];
  /** Taken away by the way up, and not made again. */
  lost: RoundTripTrace[];
  /** Changed by the way up, and not changed back. */
  altered: AlteredProperty[];
  /** There before, and taken away by the way down alone. */
  taken: RoundTripTrace[];
}

/** When nothing can be said. */
export const noDifference: RoundTrip = { left: [], renamed: [], lost: [], altered: [], taken: [] };

/**
 * @param catalogue what there is before; it is not changed
 * @param up nothing of it may be opaque, and nothing of `down`
 */
export function compareWays(catalogue: Catalogue, up: MigrationEffects, down: MigrationEffects): RoundTrip {
  const comparison = compare(catalogue, happenings(up), happenings(down));
  const { start, ups, downs } = comparison;
  const uncertain = new Set([...uncertainKeys(ups), ...overloads(start, [...ups, ...downs])]);
  const isCertain = ({ object }: RoundTripTrace) => !uncertain.has(keyOf(object));
  const missing = findMissing(comparison).map((object) => ({
    object,
    byUp: findTaker(object, ups, comparison.needs),
    byDown: findTaker(object, downs, comparison.needs),
  }));
  return {
    left: findLeft(comparison).filter(isCertain),
    renamed: findRenamed(comparison).filter(isCertain),
    lost: missing
      .flatMap(({ object, byUp: effect }) => (effect ? [{ object, effect }] : []))
      .filter(isCertain),
    altered: findAltered(comparison).filter(({ effect }) => !effect.isInBranch),
    taken: missing
      .flatMap(({ object, byUp, byDown: effect }) => (effect && !byUp ? [{ object, effect }] : []))
      .filter((trace) => isCertain(trace) && !trace.effect.isInBranch),
  };
}

function compare(catalogue: Catalogue, ups: readonly Effect[], downs: readonly Effect[]): SchemaComparison {
  const world = excerptOf(catalogue, [...ups, ...downs]);
  assumeDropped(world, ups);
  const start = new Map(world.objects);
  for (const effect of [...ups, ...downs]) applyEffect(world, effect);
  return { start, needs: catalogue.needs, end: world, ups, downs };
}

interface SchemaComparison {
  start: ReadonlyMap<string, ObjectId>;
  /** As it was at the start. */
  needs: ReadonlyMap<string, ReadonlySet<string>>;
  end: Catalogue;
  ups: readonly Effect[];
  downs: readonly Effect[];
}

/** An object dropped without IF EXISTS existed before, from any origin. */
function assumeDropped(world: Catalogue, ups: readonly Effect[]): void {
  const seen = new Set<string>();
  for (const effect of ups) {
    const { action, object, isConditional } = effect;
    const key = keyOf(object);
    const isFirst = !seen.has(key) && !world.objects.has(key) && !object.path;
    if (action === 'drop' && !isConditional && isFirst) applyEffect(world, { ...effect, action: 'create' });
    if (action === 'create' || effect.to) seen.add(keyOf(effect.to ?? object));
  }
}

/** Functions of one name share their key, so nothing is certain where there are several of them. */
function overloads(start: ReadonlyMap<string, ObjectId>, effects: readonly Effect[]): string[] {
  const known = new Map<string, string>();
  const several: string[] = [];
  for (const object of [...start.values(), ...effects.map((effect) => effect.object)]) {
    if (object.args === undefined || (object.kind !== 'function' && object.kind !== 'aggregate')) continue;
    const key = keyOf(object);
    if ((known.get(key) ?? object.args) !== object.args) several.push(key);
    known.set(key, object.args);
  }
  return several;
}

function findLeft({ start, end, ups }: SchemaComparison): RoundTripTrace[] {
  const isNew = (object: ObjectId | undefined) =>
    object !== undefined && end.objects.has(keyOf(object)) && !start.has(keyOf(object));
  const wholeOf = (key: string) => (end.partitions.has(key) ? (end.parents.get(key) ?? []) : []);
  const rests = (object: ObjectId) =>
    [ownerKey(object), ...wholeOf(keyOf(object)), ...(end.needs.get(keyOf(object)) ?? [])].map((key) =>
      end.objects.get(key ?? ''),
    );
  return [...makersOf(ups)].flatMap(([key, effect]) => {
    const object = end.objects.get(key);
    if (!object || !isNew(object) || !isWorthWhile(effect)) return [];
    return rests(object).some((other) => isNew(other) && restsOn(object, other)) ? [] : [{ object, effect }];
  });
}

/** By the key that each object has in the end: what makes it. */
function makersOf(ups: readonly Effect[]): Map<string, Effect> {
  const makers = new Map<string, Effect>();
  for (const effect of ups) {
    const key = keyOf(effect.object);
    if (effect.action === 'create') makers.set(key, effect);
    const maker = makers.get(key);
    if (!effect.to || !maker || effect.change?.kind !== 'rename') continue;
    makers.delete(key);
    makers.set(keyOf(effect.to), maker);
  }
  return makers;
}

/** A column and its sequence need each other; the column is the one to name. A table needs its key columns, which are parts of it. */
function restsOn(object: ObjectId, other: ObjectId | undefined): boolean {
  if (other === undefined || other.kind === 'sequence') return false;
  return keyOf(other) !== keyOf(object) && ownerKey(other) !== keyOf(object);
}

/** Enum values cannot be dropped, and what a whole server or several schemas share is not dropped lightly. */
function isWorthWhile({ object: { kind }, isImplicit, isConditional, constraint }: Effect): boolean {
  if (isImplicit || kind === 'enum value' || constraint === 'not null') return false;
  return !(isConditional && (kind === 'extension' || kind === 'role' || kind === 'schema'));
}

function findRenamed({ start, end, ups }: SchemaComparison): RoundTripTrace[] {
  const before = { ...end, objects: new Map(start) };
  return ups.flatMap((effect) => {
    const { action, object, to, change, isImplicit } = effect;
    if (!to || isImplicit || change?.kind === 'family' || action !== 'alter') return [];
    const found = candidates(before, object).at(-1) ?? object;
    const isBack = end.objects.has(keyOf(found)) || !end.objects.has(keyOf(to));
    return start.has(keyOf(found)) && !isBack ? [{ object: found, effect }] : [];
  });
}

function findAltered({ start, end, ups, downs }: SchemaComparison): AlteredProperty[] {
  const renamed = new Set(ups.flatMap(({ object, to }) => (to ? [keyOf(object), keyOf(to)] : [])));
  const stays = (key: string) => start.has(key) && end.objects.has(key);
  return findAlterations(ups, stays).filter((alteration) => {
    const { object, property, effect } = alteration;
    if (renamed.has(keyOf(object)) || renamed.has(ownerKey(object) ?? '')) return false;
    const isSaid =
      property === 'NOT NULL' &&
      effect.change?.kind === 'not null' &&
      effect.change.isOn &&
      start.has(notNullKey(object));
    return !isSaid && !isAnswered(alteration, downs);
  });
}

/** Objects that existed before and are missing afterwards, except those dropped with another missing object. */
function findMissing({ start, end, needs }: SchemaComparison): ObjectId[] {
  const isGone = (object: ObjectId | undefined) => object !== undefined && !end.objects.has(keyOf(object));
  return [...start].flatMap(([key, object]) => {
    if (!isGone(object) || isNotNull(object)) return [];
    const rests = [ownerKey(object), ...(needs.get(key) ?? [])].map((other) => start.get(other ?? ''));
    return rests.some((other) => isGone(other) && restsOn(object, other)) ? [] : [object];
  });
}

/** A constraint of its own since PostgreSQL 18; the column tells the same. */
function isNotNull({ kind, name }: ObjectId): boolean {
  return kind === 'constraint' && /_not_null\d*$/.test(name);
}
