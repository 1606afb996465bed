/** Converts effects into accesses with the catalogue: includes consequences of uses, and objects dropped together. */

import type { Effect, MigrationEffects } from '../../effects/effect.js';
import { keyOf } from '../../effects/object-key.js';
import { isOfTriggerRow } from '../../effects/trigger-row.js';
import type { ObjectId } from '../../syntax/object-id.js';
import { partOf } from '../../syntax/object-names.js';
import type { Access, Cause } from '../access.js';
import type { AccessLog } from '../access-log.js';
import { applyCopies } from '../apply-copies.js';
import { type Catalogue, candidates, currentObject, targetOf } from '../catalogue.js';
import {
  consequencesOf,
  hasTriggers,
  isIdle,
  isKept,
  isLookedUp,
  isMeant,
  isWatched,
  marksOf,
  mayBeReferred,
  rulesOf,
} from '../consequences.js';
import { applyEffect, keepConsequences } from '../fold.js';
import { withFreeName } from '../free-names.js';
import { aspect, everything, objectKey, publications } from '../keys.js';
import { isNotHappening } from '../not-happening.js';
import { lostNotNull } from '../not-null-constraints.js';
import { noteRemade } from '../remade-tables.js';
import { startRemaking } from '../remaking.js';
import { ofTriggerTable } from '../row-types.js';
import { isUnnamed, throughView } from '../through-view.js';
import { collectAlter } from './collect-alterations.js';
import { collectCreate } from './collect-changes.js';
import { collectDrop } from './collect-drops.js';
import { collectDirectives, collectOpaque, collectQuery, touchEverything } from './collect-implicit.js';
import { collectUse } from './collect-uses.js';
import { collectValues, withColumnNames } from './collect-values.js';
import {
  type AskedNames,
  type Collector,
  causeOf,
  indexNames,
  recordAccess,
  recordSurroundings,
  type UnknownReference,
  withAncestors,
  withDescendants,
} from './collector.js';
import { noteIdentified } from './note-published.js';

/** The accesses of one migration, and its needed objects that no earlier migration creates. */
export interface Collected {
  accesses: readonly Access[];
  unknown: readonly UnknownReference[];
}

/** Further data to collect, beyond the strongest access to each key. */
interface Listeners {
  /** The names that catalog queries anywhere in the history ask for. */
  askedNames: AskedNames;
  /** Receives every access. */
  log?: AccessLog;
  /** Receives each effect that happens, just before the catalogue changes by it. */
  onEffect?(effect: Effect): void;
  /** Receives what LIKE creates. */
  onCopy?(effect: Effect): void;
}

/**
 * Reads a migration against the catalogue of those before it, and carries it into the catalogue.
 */
export function collectMigration(
  catalogue: Catalogue,
  migration: MigrationEffects,
  listeners: Listeners,
): Collected {
  const collector = startCollector(catalogue, listeners);
  const start: Cause = {
    place: { start: 0, line: 1, column: 1 },
    verb: 'changes',
    what: 'the database',
    isGuess: true,
  };
  recordAccess(collector, everything, 'add', start);
  keepConsequences(catalogue, migration);
  for (const effect of migration.effects) perform(collector, effect);
  collectOpaque(collector, migration);
  collectDirectives(collector, migration);
  noteRemade(collector);
  return { accesses: [...collector.accesses.values()], unknown: [...collector.unknown.values()] };
}

/** Carries a migration into the catalogue without asking what it accesses. */
export function foldMigration(
  catalogue: Catalogue,
  migration: MigrationEffects,
  listeners: Pick<Listeners, 'onCopy'> = {},
): void {
  const collector = startCollector(catalogue, { askedNames: indexNames([]), ...listeners });
  keepConsequences(catalogue, migration);
  for (const given of migration.effects) {
    // A called function may create objects.
    if (given.action === 'call') perform(collector, given);
    else if (!isNotHappening(collector, given)) {
      const effect = withFreeName(collector, given);
      for (const one of [effect, ...lostNotNull(catalogue, effect)]) applyEffect(catalogue, one);
      applyCopies(collector, given);
    }
  }
}

function startCollector(catalogue: Catalogue, listeners: Listeners): Collector {
  return {
    catalogue,
    accesses: new Map(),
    unknown: new Map(),
    followed: new Set(),
    renamed: new Map(),
    kept: new Set(),
    vague: new Set(),
    remaking: startRemaking(),
    depth: 0,
    ...listeners,
  };
}

function perform(collector: Collector, given: Effect): void {
  if (isNotHappening(collector, given)) return;
  const named = withFreeName(collector, given);
  for (const effect of [named, ...lostNotNull(collector.catalogue, named)]) {
    if (effect.when !== 'later') collect(collector, effect);
    collector.onEffect?.(effect);
    applyEffect(collector.catalogue, effect);
    applyCopies(collector, effect);
  }
}

function collect(collector: Collector, effect: Effect): void {
  const all = candidates(collector.catalogue, effect.object);
  const chosen = all.at(-1) ?? effect.object;
  for (const other of all.slice(0, -1)) touchGuess(collector, other, effect);
  const { path: _, ...object } = chosen;
  const { to } = effect;
  const located = withColumnNames(collector.catalogue, {
    ...effect,
    object,
    ...(to ? { to: targetOf(object, to) } : {}),
  });
  if (effect.action === 'create') collectCreate(collector, located);
  else if (effect.action === 'alter') collectAlter(collector, located);
  else if (effect.action === 'drop') collectDrop(collector, located);
  else if (effect.action === 'use') collectUse(collector, located);
  else if (effect.action === 'call') collectCall(collector, located);
  else collectRows(collector, located);
}

/** A name that is looked for there first must not appear there. */
function touchGuess(collector: Collector, object: ObjectId, effect: Effect): void {
  recordAccess(collector, objectKey(object), 'read', { ...causeOf({ ...effect, object }), isGuess: true });
}

function collectCall(collector: Collector, effect: Effect): void {
  recordAccess(collector, objectKey(effect.object), 'read', causeOf(effect));
  follow(collector, keyOf(effect.object), effect);
}

/** The maximum depth of functions, views and triggers that call each other. */
const maxDepth = 200;

/** Effects of a use get the place of the use. */
function follow(collector: Collector, owner: string, cause: Effect): void {
  const { catalogue, followed } = collector;
  if (collector.depth >= maxDepth) {
    touchEverything(collector, cause, `a chain of more than ${maxDepth} calls, views or triggers`);
    return;
  }
  collector.depth += 1;
  for (const [part, { by, effects, opaque, queries }] of consequencesOf(catalogue, owner, cause)) {
    const row = cause.row ? ` for ${keyOf(cause.row)}` : '';
    const seen = `${cause.action} ${part}${row}`;
    if (followed.has(seen) || isIdle(by, cause)) continue;
    followed.add(seen);
    for (const effect of effects.filter((one) => isMeant(catalogue, one, cause))) {
      happen(collector, effect, cause);
      changeBase(collector, effect, cause);
    }
    for (const { reason } of opaque) touchEverything(collector, cause, reason);
    for (const { names } of queries) collectQuery(collector, names, cause);
  }
  collector.depth -= 1;
}

/** Rows of simple views are rows of the tables behind them (CREATE VIEW, "Updatable Views"); a trigger may do something else. */
function changeBase(collector: Collector, { by, action, object }: Effect, cause: Effect): void {
  if (by?.kind !== 'view' || action !== 'read' || cause.action === 'read') return;
  const { catalogue } = collector;
  const view = keyOf(cause.object);
  const isReplaced = hasTriggers(catalogue, view);
  const shown = isReplaced ? undefined : catalogue.definitions.get(view)?.shown;
  const columnOf = (name: string) => {
    const column = shown?.columns[name] ?? (shown?.isWhole ? name : undefined);
    return column === undefined ? undefined : currentObject(catalogue, partOf(object, 'column', column)).name;
  };
  const base = currentObject(catalogue, object);
  const isAll = shown?.isWhole === true && Object.keys(shown.columns).length === 0;
  const change =
    isAll && isUnnamed(cause)
      ? withColumnNames(catalogue, { ...cause, object: base })
      : { ...throughView(cause, columnOf), object: base };
  collectRows(collector, isReplaced ? { ...change, isGuess: true } : change);
}

function happen(collector: Collector, effect: Effect, cause: Effect): void {
  const { by, ...words } = ofTriggerTable(collector.catalogue, effect, cause);
  if (isOfTriggerRow(words.object)) return;
  const isChange = effect.action === 'create' || effect.action === 'alter' || effect.action === 'drop';
  if ((isChange && effect.when === 'both') || isKept(collector.catalogue, effect, cause)) return;
  const { place, statement } = cause;
  // The text of a function is read anew; everything else is bound to its objects, whatever they are called now.
  const isBound = by !== undefined && by.kind !== 'function';
  const object = isBound ? currentObject(collector.catalogue, words.object) : words.object;
  const isTypeOfColumn = by?.kind === 'column' && object.kind === 'type';
  const marks = isTypeOfColumn ? { ...marksOf(by), isGuess: true, isImplicit: true } : marksOf(by);
  const isGuess = cause.isGuess ? { isGuess: true } : {};
  const happening: Effect = { ...words, place, statement, object, when: 'now', ...marks, ...isGuess };
  perform(collector, happening);
  // A row that refers to another looks whether that one is there.
  if (by?.kind === 'constraint' && effect.usage === 'keys' && isLookedUp(collector.catalogue, by, cause)) {
    touchRows(collector, object, { ...happening, action: 'read' });
  }
}

function collectRows(collector: Collector, given: Effect): void {
  const { object, action } = given;
  const { catalogue } = collector;
  const key = keyOf(object);
  const effect = isWatched(catalogue, key, given) ? { ...given, isWatched: true } : given;
  const cause = causeOf(effect);
  recordSurroundings(collector, object, cause);
  recordAccess(collector, objectKey(object), 'read', cause);
  touchRows(collector, object, effect);
  collectValues(collector, effect);
  if (action === 'read') {
    if (catalogue.objects.get(key)?.kind !== 'table') follow(collector, key, effect);
    return;
  }
  collectRules(collector, effect);
  recordAccess(collector, aspect('parts', object), 'read', cause);
  follow(collector, key, effect);
  if (action === 'insert') return;
  recordAccess(collector, publications, 'read', { ...cause, isGuess: true });
  noteIdentified(collector, effect);
  if (mayBeReferred(catalogue, key, effect)) collectReferences(collector, key, effect);
}

/** The checks and triggers of row changes. */
function collectRules(collector: Collector, effect: Effect): void {
  const { catalogue } = collector;
  const cause = causeOf(effect);
  const descendants = withDescendants(catalogue, effect.object);
  const family = [...withAncestors(catalogue, effect.object), ...descendants];
  for (const [key, one] of new Map(family.map((object) => [keyOf(object), object]))) {
    for (const name of rulesOf(effect)) recordAccess(collector, aspect(name, one), 'read', cause);
    // A trigger may look at the whole row.
    if (hasTriggers(catalogue, key))
      recordAccess(collector, aspect('filling', one), 'read', { ...cause, isGuess: true });
  }
  // The replica identity of published tables is among the options.
  for (const one of descendants)
    recordAccess(collector, aspect('options', one), 'read', { ...cause, isGuess: true });
}

function touchRows(collector: Collector, relation: ObjectId, effect: Effect): void {
  const mode = effect.action === 'read' ? 'read' : 'write';
  const isInsert = effect.action === 'insert' && effect.rowAccess !== 'on conflict';
  const { catalogue, askedNames } = collector;
  // The rows of a partition are rows of its parent.
  for (const one of withAncestors(catalogue, relation)) {
    const { name } = catalogue.objects.get(keyOf(one)) ?? { name: '' };
    const isNewRows = isInsert && !askedNames.ordered.rows.has(name);
    recordAccess(collector, aspect('rows', one), mode, { ...causeOf(effect), isNewRows });
  }
}

/** Rows that are changed or deleted may be referred to, and take others along. */
function collectReferences(collector: Collector, key: string, effect: Effect): void {
  const { catalogue, followed } = collector;
  recordAccess(collector, aspect('references', effect.object), 'read', causeOf(effect));
  for (const user of catalogue.neededBy.get(key) ?? []) {
    const constraint = catalogue.objects.get(user);
    if (constraint?.kind !== 'constraint' || followed.has(`rows ${user}`)) continue;
    followed.add(`rows ${user}`);
    const { schema, parent = '' } = constraint;
    const object: ObjectId = { kind: 'table', ...(schema === undefined ? {} : { schema }), name: parent };
    if (keyOf(object) === key) continue;
    const { rows: _, ...words } = effect;
    collectRows(collector, { ...words, rowAccess: 'referring rows', by: effect.object, object });
  }
}
