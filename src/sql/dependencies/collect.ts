/** Turns effects into accesses, with what the catalogue knows: what follows from using an object, and what goes with it. */

import type { Effect, MigrationEffects, ObjectId } from '../effects/effect.js';
import { keyOf } from '../effects/object-key.js';
import { type Access, everything, publications } from './access.js';
import {
  attachedTo,
  type Catalogue,
  type Consequences,
  candidates,
  currentKey,
  targetOf,
} from './catalogue.js';
import { collectAlter } from './collect-alterations.js';
import { collectCreate } from './collect-changes.js';
import { collectDrop } from './collect-drops.js';
import { collectDirectives, collectOpaque, collectQuery, touchEverything } from './collect-unseen.js';
import { collectUse } from './collect-uses.js';
import {
  type AskedNames,
  type Collector,
  causeOf,
  touch,
  touchAround,
  type UnknownReference,
  withAncestors,
  withDescendants,
} from './collector.js';
import { applyEffect, keepConsequences } from './fold.js';
import { withFreeName } from './free-names.js';
import { type Aspect, aspect } from './keys.js';

/** The accesses of one migration, and what it needs that nobody created. */
export interface Collected {
  accesses: readonly Access[];
  unknown: readonly UnknownReference[];
}

/**
 * Reads a migration against the catalogue of those before it, and carries it into the catalogue.
 * @param askedNames the names that catalog queries anywhere in the history ask for
 */
export function collectMigration(
  catalogue: Catalogue,
  migration: MigrationEffects,
  askedNames: AskedNames,
): Collected {
  const collector: Collector = {
    catalogue,
    accesses: new Map(),
    unknown: new Map(),
    followed: new Set(),
    renamed: new Map(),
    isFollowing: false,
    askedNames,
  };
  const start = {
    place: { start: 0, line: 1, column: 1 },
    verb: 'changes',
    what: 'the database',
    isGuess: true,
  };
  touch(collector, everything, 'add', start);
  keepConsequences(catalogue, migration);
  for (const effect of migration.effects) perform(collector, effect);
  collectOpaque(collector, migration);
  collectDirectives(collector, migration);
  return { accesses: [...collector.accesses.values()], unknown: [...collector.unknown.values()] };
}

function perform(collector: Collector, given: Effect): void {
  const effect = withFreeName(collector, given);
  if (effect.when !== 'later') collect(collector, effect);
  applyEffect(collector.catalogue, effect);
}

function collect(collector: Collector, effect: Effect): void {
  const all = candidates(collector.catalogue, effect.object);
  const chosen = all.at(-1) ?? effect.object;
  for (const other of all.slice(0, -1)) touchGuess(collector, other, effect);
  const { path: _, ...object } = chosen;
  const { to } = effect;
  const located = { ...effect, object, ...(to ? { to: targetOf(object, to) } : {}) };
  if (effect.action === 'create') collectCreate(collector, located);
  else if (effect.action === 'alter') collectAlter(collector, located);
  else if (effect.action === 'drop') collectDrop(collector, located);
  else if (effect.action === 'use') collectUse(collector, located);
  else if (effect.action === 'call') collectCall(collector, located);
  else collectRows(collector, located);
}

/** A name that is looked for there first must not appear there. */
function touchGuess(collector: Collector, object: ObjectId, effect: Effect): void {
  touch(collector, keyOf(object), 'read', { ...causeOf({ ...effect, object }), isGuess: true });
}

/** What was bound under an old name is found under the new one. */
function current(catalogue: Catalogue, object: ObjectId): ObjectId {
  const key = keyOf(object);
  const found = currentKey(catalogue, key);
  return found === key ? object : (catalogue.objects.get(found) ?? object);
}

function collectCall(collector: Collector, effect: Effect): void {
  const key = keyOf(effect.object);
  touch(collector, key, 'read', causeOf(effect));
  follow(collector, key, effect);
}

/** What happens when the object is used happens at the place of its use. */
function follow(collector: Collector, owner: string, cause: Effect): void {
  const { catalogue, followed } = collector;
  const { isFollowing } = collector;
  collector.isFollowing = true;
  for (const [part, { effects, opaque, queries }] of consequencesOf(catalogue, owner, cause)) {
    const seen = `${cause.action} ${part}`;
    if (followed.has(seen) || isIdle(part, cause)) continue;
    followed.add(seen);
    for (const effect of effects.filter((one) => !isDefault(one, cause))) {
      happen(collector, effect, cause);
      changeBase(collector, effect, cause);
    }
    for (const { reason } of opaque) touchEverything(collector, cause, reason);
    for (const { names } of queries) collectQuery(collector, names, cause);
  }
  collector.isFollowing = isFollowing;
}

/** New values go through the expressions of indexes, too. */
function consequencesOf(
  catalogue: Catalogue,
  owner: string,
  { action }: Effect,
): (readonly [string, Consequences])[] {
  const isFilling = action === 'insert' || action === 'update';
  const owners = isFilling ? [owner, ...attachedTo(catalogue, owner)] : [owner];
  return owners.flatMap((one) => [...(catalogue.consequences.get(one) ?? [])]);
}

/** Rows that go fill no columns, and need fulfil no constraint of their own. */
function isIdle(part: string, { action }: Effect): boolean {
  return action === 'delete' && /^(column|constraint):/.test(part);
}

/** Numbers of a sequence are drawn for new rows only, and where none is given. */
function isDefault({ by, action, object }: Effect, cause: Effect): boolean {
  if (by?.kind !== 'column' || action !== 'update' || object.kind !== 'sequence') return false;
  return cause.action === 'update' || cause.columns?.includes(by.name) === true;
}

/** Rows that are put into a view go to its tables. */
function changeBase(collector: Collector, { by, action, object }: Effect, cause: Effect): void {
  if (by?.kind !== 'view' || action !== 'read' || cause.action === 'read') return;
  const { columns: _, keys: __, ...words } = cause;
  collectRows(collector, { ...words, object: current(collector.catalogue, object) });
}

function happen(collector: Collector, effect: Effect, cause: Effect): void {
  const { by, ...words } = effect;
  const isChange = effect.action === 'create' || effect.action === 'alter' || effect.action === 'drop';
  if ((isChange && effect.when === 'both') || isKept(collector.catalogue, effect, cause)) return;
  const { place, statement } = cause;
  // The text of a function is read anew; everything else is bound to its objects, whatever they are called now.
  const isBound = by !== undefined && by.kind !== 'function';
  const object = isBound ? current(collector.catalogue, effect.object) : effect.object;
  const guess = by?.kind === 'column' && object.kind === 'type' ? { isGuess: true } : {};
  const happening: Effect = { ...words, place, statement, object, when: 'now', ...guess };
  perform(collector, happening);
  // A row that refers to another looks whether that one is there.
  if (by?.kind === 'constraint' && effect.change === 'keys' && isLookedUp(collector.catalogue, by, cause)) {
    touchRows(collector, keyOf(object), { ...happening, action: 'read' });
  }
}

/**
 * A definition that is bound to a column keeps it; only its own end or change concerns who uses it. Of the types of columns
 * that the statement does not name, only those with constraints may matter, to new rows.
 */
function isKept({ objects }: Catalogue, { by, action, object }: Effect, cause: Effect): boolean {
  if (action !== 'use' || (by?.kind !== 'column' && by?.kind !== 'constraint')) return false;
  if (object.kind === 'column') return true;
  const isType = by.kind === 'column' && object.kind === 'type';
  return isType && (cause.action !== 'insert' || objects.get(keyOf(object))?.kind !== 'domain');
}

/** An UPDATE looks only where a foreign key has one of the columns that it sets. */
function isLookedUp({ needs }: Catalogue, by: ObjectId, { action, columns = [] }: Effect): boolean {
  const own = [...(needs.get(keyOf(by)) ?? [])].filter((key) => key.includes(`.${by.parent}.`));
  if (action !== 'update' || own.length === 0) return true;
  return own.some((key) => columns.some((column) => key.endsWith(`.${column}`)));
}

function collectRows(collector: Collector, effect: Effect): void {
  const { object, action } = effect;
  const { catalogue } = collector;
  const key = keyOf(object);
  const cause = causeOf(effect);
  touchAround(collector, object, cause);
  touch(collector, key, 'read', cause);
  touchRows(collector, key, effect);
  if (action === 'read') {
    if (catalogue.objects.get(key)?.kind !== 'table') follow(collector, key, effect);
    return;
  }
  collectRules(collector, key, effect);
  touch(collector, aspect('parts', key), 'read', cause);
  follow(collector, key, effect);
  if (action === 'insert') return;
  touch(collector, publications, 'read', { ...cause, isGuess: true });
  if (mayBeReferred(catalogue, key, effect)) collectReferences(collector, key, effect);
}

/** What changes of rows are subject to, and set off. */
function collectRules(collector: Collector, key: string, effect: Effect): void {
  const { catalogue } = collector;
  const cause = causeOf(effect);
  const descendants = withDescendants(catalogue, key);
  for (const one of new Set([...withAncestors(catalogue, key), ...descendants])) {
    for (const name of rulesOf(effect)) touch(collector, aspect(name, one), 'read', cause);
    // A trigger may look at the whole row.
    if (hasTriggers(catalogue, one))
      touch(collector, aspect('filling', one), 'read', { ...cause, isGuess: true });
  }
  // The replica identity of published tables is among the options.
  for (const one of descendants)
    touch(collector, aspect('options', one), 'read', { ...cause, isGuess: true });
}

function rulesOf({ action }: Effect): readonly Aspect[] {
  if (action === 'delete') return ['triggers'];
  return action === 'update' ? ['triggers', 'rules'] : ['triggers', 'rules', 'filling'];
}

function hasTriggers({ parts }: Catalogue, table: string): boolean {
  return [...(parts.get(table) ?? [])].some((part) => /^(trigger|rule):/.test(part));
}

/** Foreign keys look at rows that are updated only where a column of some key is set. */
function mayBeReferred(catalogue: Catalogue, table: string, { columns }: Effect): boolean {
  const { objects, parts, parents, needs, neededBy } = catalogue;
  if (!columns || !objects.has(table) || parents.has(table)) return true;
  const keys = [...(parts.get(table) ?? []), ...(neededBy.get(table) ?? [])].flatMap((user) =>
    /^(constraint|rel):/.test(user) ? [...(needs.get(user) ?? [])] : [],
  );
  return keys.some((key) => columns.some((column) => key.endsWith(`.${column}`)));
}

function touchRows(collector: Collector, key: string, effect: Effect): void {
  const mode = effect.action === 'read' ? 'read' : 'write';
  const isInsert = effect.action === 'insert' && effect.change !== 'on conflict';
  const { catalogue, askedNames } = collector;
  // The rows of a partition are rows of its parent.
  for (const one of withAncestors(catalogue, key)) {
    const isNewRows = isInsert && !askedNames.ordered.rows.has(catalogue.objects.get(one)?.name ?? '');
    touch(collector, aspect('rows', one), mode, { ...causeOf(effect), isNewRows });
  }
}

/** Rows that are changed or deleted may be referred to, and take others along. */
function collectReferences(collector: Collector, key: string, effect: Effect): void {
  const { catalogue, followed } = collector;
  touch(collector, aspect('references', key), 'read', causeOf(effect));
  for (const user of catalogue.neededBy.get(key) ?? []) {
    const constraint = catalogue.objects.get(user);
    if (constraint?.kind !== 'constraint' || followed.has(`rows ${user}`)) continue;
    followed.add(`rows ${user}`);
    const { schema, parent = '' } = constraint;
    const object: ObjectId = { kind: 'table', ...(schema === undefined ? {} : { schema }), name: parent };
    if (keyOf(object) !== key) collectRows(collector, { ...effect, object });
  }
}
