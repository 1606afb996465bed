/** Reads what a text takes away for good: objects that it drops, columns, tables that it empties, and values that it overwrites. */

import { present } from '../../present.js';
import type { ObjectId } from '../syntax/object-id.js';
import { partOf } from '../syntax/object-names.js';
import type { Parser } from '../syntax/parse.js';
import type { Effect, KnownRow, NewValue } from './effect.js';
import { type LostKind, lostKind } from './lost-kinds.js';
import { createJoins, type Joins } from './lost-members.js';
import { createOrigins, type Origins } from './origins.js';
import { readEffects } from './read-effects.js';

/** One object that is dropped or emptied, a table that loses some rows, or a column that is overwritten. */
export interface LostObject {
  kind: LostKind;
  /** Its possible schemas, in search path order; empty for objects without a schema. */
  schemas: readonly string[];
  /** The name; of a column behind that of its table. */
  names: readonly string[];
  /** Drops what depends on it; empties what refers to it. */
  isCascade: boolean;
  /** `emptied`: it stays, and its rows go. `thinned`: only those go that somebody names. `overwritten`: a column stays, and its values go. */
  how: 'dropped' | 'emptied' | 'thinned' | 'overwritten';
  /** What the rows of an overwritten column get. */
  value?: NewValue;
  /** The rows of a thinned table that may go: those with one of these values; undefined means any. */
  rows?: readonly KnownRow[];
  /** Tables of which the text has taken rows away before that. */
  cleared?: readonly Pick<LostObject, 'schemas' | 'names'>[];
}

/** A table whose rows a text inserts or changes, which may set off a trigger. */
export interface ChangedTable extends Pick<LostObject, 'schemas' | 'names'> {
  event: 'insert' | 'update' | 'delete' | 'truncate';
}

/** The objects that a text drops, as far as Kat can read it. */
export interface Losses {
  changed: readonly ChangedTable[];
  objects: readonly LostObject[];
  /** Names of functions that it calls and does not define. */
  calls: readonly string[];
  /** Code that cannot be read, and has a word in it that takes things away: where and why, for people. */
  unread: readonly string[];
}

const takes = /\b(?:drop|truncate|delete)\b|\bset\b[^;]*=\s*(?:null|default)\b/i;

/** What stands before a text, each in lines of its own. */
export interface TextsBefore {
  /** What runs before it, such as renames; what it takes away itself does not count. */
  earlier?: string;
  /** What makes the names in it known: a search path, and the functions that it calls. */
  known?: string;
}

/** @param text what runs. */
export function readLosses(
  parser: Parser,
  text: string,
  { earlier = '', known = '' }: TextsBefore = {},
): Losses {
  const whole = earlier + known + text;
  const { effects: all, opaque } = readEffects(parser, whole);
  const effects = all.filter(({ when }) => when !== 'later');
  const linesEarlier = countLines(earlier);
  const linesBefore = linesEarlier + countLines(known);
  return {
    changed: effects.flatMap((effect) =>
      effect.when === 'now' && effect.place.line > linesEarlier ? changedBy(effect) : [],
    ),
    objects: readObjects(effects, ({ when, place }) => when === 'now' && place.line > linesEarlier),
    calls: [
      ...new Set(
        effects.flatMap(({ action, object, when }) =>
          when === 'now' && action === 'call' ? [object.name] : [],
        ),
      ),
    ],
    unread: opaque
      .filter(({ when, place }) => when === 'now' && place.line > linesEarlier && takes.test(known + text))
      .map(({ place, reason }) => `line ${Math.max(place.line - linesBefore, 1)}: ${reason}`),
  };
}

function changedBy({ action, object, rowAccess }: Effect): ChangedTable[] {
  if (object.kind === 'sequence' || (action !== 'insert' && action !== 'update' && action !== 'delete'))
    return [];
  return [{ ...located(object), event: rowAccess === 'truncation' ? 'truncate' : action }];
}

/** What an effect meets. */
interface Surroundings {
  origins: Origins;
  joins: Joins;
  /** All that happened before it. */
  earlier: readonly Effect[];
}

function readObjects(effects: readonly Effect[], counts: (effect: Effect) => boolean): LostObject[] {
  const origins = createOrigins();
  const joins = createJoins(origins);
  // A definition moves no values; it only makes names known.
  const earlier: Effect[] = [];
  return effects.flatMap((effect) => {
    const lost = counts(effect) ? lostBy(effect, { origins, joins, earlier }) : [];
    if (effect.when === 'now') earlier.push(effect);
    joins.follow(effect);
    origins.follow(effect);
    return lost;
  });
}

function countLines(text: string): number {
  return text.split('\n').length - 1;
}

function lostBy(effect: Effect, surroundings: Surroundings): LostObject[] {
  if (effect.isImplicit) return [];
  const { object, overwritten = {} } = effect;
  if (effect.action === 'update' || effect.action === 'alter')
    return Object.entries(overwritten).flatMap(([name, value]) =>
      lostObject(
        { ...effect, object: object.kind === 'column' ? object : partOf(object, 'column', name) },
        { how: 'overwritten', value },
        surroundings,
      ),
    );
  if (effect.action === 'drop') return lostObject(effect, { how: 'dropped' }, surroundings);
  if (effect.action !== 'delete') return [];
  const isEmptied = effect.rowAccess === 'truncation' || effect.rowAccess === 'all rows';
  const words = isEmptied ? ({ how: 'emptied' } as const) : thinning(effect, surroundings.earlier);
  return lostObject(effect, words, surroundings);
}

function thinning({ rows }: Effect, earlier: readonly Effect[]): LossWords {
  const cleared = earlier
    .filter(({ action, object }) => action === 'delete' && lostKind(object.kind) === 'table')
    .map(({ object }) => located(object));
  return { how: 'thinned', cleared, ...(rows ? { rows } : {}) };
}

type LossWords = Pick<LostObject, 'how' | 'value' | 'rows' | 'cleared'>;

function lostObject(
  effect: Effect,
  words: LossWords,
  { origins, joins, earlier }: Surroundings,
): LostObject[] {
  const isCascade = effect.isCascade === true;
  if (!lostKind(effect.object.kind, effect) || (words.how === 'overwritten' && isKept(effect, earlier)))
    return [];
  const { object } = origins.of(effect.object);
  const members = joins.membersOf({ effect, how: words.how });
  const { value } = words;
  return [
    ...(object ? [{ object, ...words }] : []),
    ...members.map((member) => ({ ...member, ...present({ value }) })),
  ].flatMap(({ object: lost, ...how }) => {
    const kind = lostKind(lost.kind, effect);
    if (!kind) return [];
    return placesOf(lost, earlier).map((place) => ({ ...place, kind, isCascade, ...how }));
  });
}

/** By a search path: where an earlier statement takes away what is found first, the same name means the next one. */
function placesOf(object: ObjectId, earlier: readonly Effect[]): Pick<LostObject, 'schemas' | 'names'>[] {
  const { schemas, names } = located(object);
  const isFreed = schemas.length > 1 && earlier.some((effect) => frees(effect, names[0] ?? '', schemas));
  return isFreed ? schemas.map((schema) => ({ schemas: [schema], names })) : [{ schemas, names }];
}

/** Whether it takes away, renames or moves something of that name, or one of the schemas. */
function frees({ action, object, to, change }: Effect, name: string, schemas: readonly string[]): boolean {
  const isGone = action === 'drop' || (to !== undefined && change?.kind !== 'family');
  return isGone && (object.kind === 'schema' ? schemas.includes(object.name) : object.name === name);
}

/** An earlier statement wrote what it read of the column, so its values are somewhere else. */
function isKept({ object }: Effect, earlier: readonly Effect[]): boolean {
  return earlier.some(
    (read) =>
      read.action === 'use' &&
      isSameName(read.object, object) &&
      earlier.some(
        ({ statement, action, object: written }) =>
          statement === read.statement &&
          (action === 'insert' || action === 'update' || action === 'create') &&
          !isSameName(written, object),
      ),
  );
}

function located({ schema, path, parent, name }: ObjectId): Pick<LostObject, 'schemas' | 'names'> {
  return {
    schemas: path ?? (schema === undefined ? [] : [schema]),
    names: parent === undefined ? [name] : [parent, name],
  };
}

function isSameName(one: ObjectId, other: ObjectId): boolean {
  return one.name === other.name && one.parent === other.parent && one.schema === other.schema;
}
