/** Follows every object through a history, and records which effects change it. */

import { type AccessLog, createAccessLog } from '../dependencies/access-log.js';
import {
  type Catalogue,
  candidates,
  constraintOf,
  currentKey,
  emptyCatalogue,
  ownerKey,
} from '../dependencies/catalogue.js';
import { collectMigration } from '../dependencies/collect/collect.js';
import { indexNames } from '../dependencies/collect/collector.js';
import { applyEffect } from '../dependencies/fold.js';
import type { InferredMigration } from '../dependencies/infer.js';
import { everything } from '../dependencies/keys.js';
import type { Effect } from '../effects/effect.js';
import { keyOf } from '../effects/object-key.js';
import type { ObjectId, SourcePosition } from '../syntax/object-id.js';
import {
  createTracker,
  type ObjectEvent,
  type ObjectTracker,
  type TrackedObject,
} from './tracked-objects.js';

/** SQL that cannot be read before it runs, so that it may change any object. */
interface UnreadPart {
  /** The index of the migration in the history. */
  migration: number;
  place: SourcePosition;
  /** In a few words: `dynamic SQL`. */
  reason: string;
}

/** The objects of a history. */
export interface FollowedHistory {
  /** In the order of creation. */
  tracked: readonly TrackedObject[];
  unread: readonly UnreadPart[];
}

/** @param history in an order that the graph allows. */
export function followObjects(history: readonly InferredMigration[]): FollowedHistory {
  const follower = startFollower();
  const unread: UnreadPart[] = [];
  const askedNames = indexNames([]);
  history.forEach(({ effects }, migration) => {
    follower.migration = migration;
    const log = logOfUnread((part) => unread.push({ migration, ...part }));
    const onEffect = (effect: Effect) => recordEffect(follower, effect);
    collectMigration(follower.catalogue, effects, { askedNames, log, onEffect });
  });
  return { tracked: follower.tracked.all, unread };
}

interface Follower {
  readonly catalogue: Catalogue;
  readonly tracked: ObjectTracker;
  migration: number;
  /** The latest effect: the catalogue changes by it. */
  current?: ObjectEvent;
}

function startFollower(): Follower {
  const tracked = createTracker();
  const catalogue = emptyCatalogue({
    moved: (key, to) => tracked.rename(key, to, follower.current),
    removed: (key) => tracked.drop(key, follower.current),
  });
  const follower: Follower = { catalogue, tracked, migration: 0 };
  return follower;
}

/** Blocks, calls and triggers that run code which cannot be read. */
function logOfUnread(add: (part: Pick<UnreadPart, 'place' | 'reason'>) => void): AccessLog {
  return {
    ...createAccessLog(emptyCatalogue()),
    add({ text }, mode, { place, verb, what }) {
      if (text === everything.text && mode === 'write' && verb === 'runs') add({ place, reason: what });
    },
  };
}

function recordEffect(follower: Follower, effect: Effect): void {
  const { action, isGuess, when } = effect;
  if (isGuess || when === 'later') return;
  follower.current = { migration: follower.migration, effect };
  if (action === 'create' || action === 'alter' || action === 'drop') recordChange(follower, effect);
  else if (action === 'use') recordPart(follower, effect);
}

function recordChange(follower: Follower, effect: Effect): void {
  if (isTwin(effect) || isNoted(effect)) return;
  const record = trackedOf(follower, effect);
  if (record && follower.current) record.events.push(follower.current);
}

/** Row types of tables, and the indexes of constraints, are the same object to people. */
function isTwin({ object, by, isImplicit, action }: Effect): boolean {
  const isRowType = object.kind === 'type' && isImplicit === true;
  return isRowType || (action === 'create' && object.kind === 'index' && by?.kind === 'constraint');
}

/** A foreign key and an index are changes of their own. */
function isNoted({ change }: Effect): boolean {
  return change?.kind === 'reference' || change?.kind === 'index';
}

function trackedOf(follower: Follower, effect: Effect): TrackedObject | undefined {
  const object = locate(follower.catalogue, effect.object);
  const known = findTracked(follower, object);
  if (known) return known;
  if (effect.action === 'create') return addTracked(follower, object);
  // IF EXISTS of an object that no migration creates does nothing here.
  if (effect.action === 'drop' && effect.isConditional) return undefined;
  assumeObject(follower.catalogue, object, effect);
  return addTracked(follower, object);
}

function locate(catalogue: Catalogue, object: ObjectId): ObjectId {
  const { path: _, ...found } = candidates(catalogue, object).at(-1) ?? object;
  return found;
}

/** Also by a name that a migration of another branch has changed. */
function findTracked({ catalogue, tracked }: Follower, object: ObjectId): TrackedObject | undefined {
  const key = keyOf(object);
  const constraint = constraintOf(catalogue, object);
  const keys = [key, ...(constraint ? [keyOf(constraint)] : []), currentKey(catalogue, key)];
  return keys.map((found) => tracked.find(found)).find((record) => record !== undefined);
}

/** What exists without a migration moves and goes with its table from here on. */
function assumeObject(catalogue: Catalogue, object: ObjectId, { place, statement }: Effect): void {
  applyEffect(catalogue, { action: 'create', object, place, statement, when: 'now' });
}

function addTracked({ catalogue, tracked }: Follower, object: ObjectId): TrackedObject {
  const record = tracked.add(object);
  const owner = ownerKey(object);
  if (owner !== undefined) tracked.find(currentKey(catalogue, owner))?.parts.add(record);
  return record;
}

/** Constraints and indexes belong to the columns and the table that they are on. */
function recordPart(follower: Follower, { by, object }: Effect): void {
  if (by?.kind !== 'constraint' && by?.kind !== 'index') return;
  const target = findTracked(follower, locate(follower.catalogue, object));
  const part = findTracked(follower, by);
  const isOfOther = by.kind === 'constraint' && target?.object.parent !== by.parent;
  if (target && part && target !== part && !isOfOther) target.parts.add(part);
}
