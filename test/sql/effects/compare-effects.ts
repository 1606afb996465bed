/** Holds what a statement is said to do against what the catalogs show: both must know of the same changes. */

import type { Change as Alteration, ChangeKind } from '../../../src/sql/effects/change.js';
import type { Effect } from '../../../src/sql/effects/effect.js';
import { keyOf as quotedKeyOf } from '../../../src/sql/effects/object-key.js';
import type { ObjectId, TypeRef } from '../../../src/sql/syntax/object-id.js';
import { chain, goingAlong } from './catalog/dependents.js';
import type { Change, Snapshot } from './catalog/snapshot.js';
import type { Observed } from './oracle.js';

/** The catalogs give names as they are, without the quotes of a key. */
const keyOf = (...object: Parameters<typeof quotedKeyOf>) => quotedKeyOf(...object).replaceAll('"', '');

interface Observation extends Observed {
  /** The keys of all that PostgreSQL takes along when the objects of the statement's DROPs go. */
  going: ReadonlySet<string>;
  /** What the statement is said to do now. */
  effects: readonly Effect[];
}

/** In words: what the catalogs show that nobody told, and what is told that the catalogs do not show. */
export function compareEffects(observed: Observed, effects: readonly Effect[]): string[] {
  const seen = { ...observed, effects, going: goingOf(observed, effects) };
  const missed = seen.changes.filter((change) => !isTold(seen, change));
  return [
    ...missed.map(({ key, how, fields }) => `not told: ${key} is ${how} ${fields}`.trim()),
    ...seen.effects.filter((effect) => isInvented(seen, effect)).map(describe),
  ];
}

function goingOf({ before, dependents }: Observed, effects: readonly Effect[]): Set<string> {
  const dropped = effects.filter(({ action }) => action === 'drop');
  const roots = dropped.flatMap(({ object, isCascade = false }) =>
    meaningsOf(object).map((meant) => ({ key: keyOf(meant), isCascade })),
  );
  return roots.length === 0 ? new Set() : goingAlong(before, dependents, roots);
}

function describe({ action, object }: Effect): string {
  return `told, but not so: ${action} ${keyOf(object)}`;
}

function isTold(seen: Observation, change: Change): boolean {
  // Each of several effects may tell a part of what changed.
  if (change.fields.length > 1)
    return change.fields.every((field) => isTold(seen, { ...change, fields: [field] }));
  const state = (change.how === 'gone' ? seen.before : seen.after).get(change.key);
  if (change.how !== 'changed' && state?.isMember) return true;
  if (change.how !== 'new' && seen.going.has(change.key)) return true;
  if (seen.effects.some((effect) => covers(seen, effect, change))) return true;
  // Partitions and children get what their parents get; with ONLY, they keep what these lose.
  const heirOf = new Set([seen.before, seen.after].flatMap((one) => one.get(change.key)?.heirOf ?? []));
  if ([...heirOf].some((key) => isTold(seen, { ...change, key }))) return true;
  return change.how === 'new' && isCopied(seen, change.key);
}

/** LIKE, partitions and SELECT * make parts that only the catalog knows by name. */
function isCopied({ effects, after }: Observation, key: string): boolean {
  const [, ...around] = chain(after, key);
  const isNew = (table: string) =>
    effects.some(({ action, object }) => action === 'create' && keyOf(object) === table);
  return effects.some(({ by, usage }) => {
    // A query that fills a new table does not define it.
    const tables = by ? [keyOf(by)] : around;
    if (!tables.some((table) => around.includes(table) && isNew(table))) return false;
    return (
      usage === 'definition' ||
      usage === 'inheritance' ||
      (usage === 'all columns' && key.startsWith('column:'))
    );
  });
}

function covers(seen: Observation, effect: Effect, change: Change): boolean {
  const { action, object, to } = effect;
  const keys = keysOf(seen, object);
  if (action === 'create') return keys.some((key) => isMadeBy(effect, key, change));
  // REFRESH fills a materialized view, which the catalog remembers.
  if (action === 'update') return keys.includes(change.key) && change.fields.join() === 'relispopulated';
  if (action === 'use') return isShell(seen, keys, change);
  if (action !== 'alter') return false;
  // The catalogs show privileges with the names of roles.
  if (object.kind === 'role' && to) return keys.includes(change.key) || isRenamed(seen, to, change);
  if (to && isMove(effect)) {
    const from = keys.flatMap((key) => wholeOf(seen.before, object, key));
    const moved = keysOf(seen, to).flatMap((key) => wholeOf(seen.after, object, key));
    return isMoved(seen, { from, to: moved, object }, change);
  }
  const isAlter = change.how === 'changed' || appearsWhenAltered(effect);
  const owned =
    effect.change?.kind === 'owner' ? keys.flatMap((key) => wholeOf(seen.after, object, key)) : keys;
  if (isAlter && owned.includes(change.key)) return changesOnly(effect, change);
  return isSpread(seen, effect, change);
}

/** A composite type is a relation, too. */
function wholeOf(snapshot: Snapshot, { kind }: ObjectId, key: string): string[] {
  return kind === 'type' ? chain(snapshot, key) : [key];
}

/** What a name may mean: it is looked for in the schemas of the path. */
function keysOf({ before, after }: Observation, object: ObjectId): string[] {
  const all = meaningsOf(object).map(keyOf);
  const found = all.find((key) => before.has(key)) ?? all.find((key) => after.has(key));
  // A name that was made may have a number, and a name that vanished at once is that of the first schema.
  return [found ?? all[0] ?? keyOf(object)];
}

function meaningsOf(object: ObjectId): ObjectId[] {
  if (object.types) return castNames(object.types).map((name) => ({ ...object, name }));
  return (object.path ?? [object.schema]).map((schema) =>
    schema === undefined ? object : { ...object, schema },
  );
}

function castNames(types: readonly TypeRef[]): string[] {
  const [from = [], to = []] = types.map((type) =>
    typeof type === 'string' ? [type] : (type.path ?? []).map((schema) => `${schema}.${type.name}`),
  );
  return from.flatMap((one) => to.map((other) => `${one} as ${other}`));
}

function isMadeBy({ isConditional, isGenerated, object }: Effect, key: string, change: Change): boolean {
  if (change.how === 'new')
    return key === change.key || (isGenerated === true && isNumbered(change.key, key));
  const canReplace = isConditional || ['function', 'aggregate', 'operator', 'type'].includes(object.kind);
  return change.how === 'changed' && canReplace === true && key === change.key;
}

function isRenamed(seen: Observation, to: ObjectId, { key, how, fields }: Change): boolean {
  return (
    keysOf(seen, to).includes(key) ||
    (how === 'changed' && fields.every((field) => /acl$/.test(lastOf(field))))
  );
}

/** A function of a base type may come before the type, which is only a name then. */
function isShell({ after }: Observation, keys: readonly string[], { key, how }: Change): boolean {
  return how === 'new' && keys.includes(key) && after.get(key)?.fields.get('typisdefined') === 'false';
}

/** Names that PostgreSQL makes get a number when they are taken. */
function isNumbered(key: string, made: string): boolean {
  return key.startsWith(made) && /^\d+$/.test(key.slice(made.length));
}

/** Privileges are rows of their own in some catalogs. */
function appearsWhenAltered({ object }: Effect): boolean {
  return object.kind === 'default privileges' || object.kind === 'parameter';
}

function isMove({ change }: Effect): boolean {
  return change?.kind === 'rename' || change?.kind === 'set schema';
}

interface Move {
  from: readonly string[];
  to: readonly string[];
  object: ObjectId;
}

/** The object has another name, and all that lies in it is found there. */
function isMoved(seen: Observation, { from, to, object }: Move, change: Change): boolean {
  const { before, after } = seen;
  const isIn = (snapshot: Snapshot, roots: readonly string[]) =>
    chain(snapshot, change.key).some((key) => roots.includes(key)) ||
    roots.some((root) => isNamedAfter(change.key, root, object.kind));
  // ALTER TABLE may name an index as well.
  if (change.key.startsWith('constraint:') && isKeyOf(seen, { from, to, object }, change)) return true;
  if (change.how === 'gone') return isIn(before, from);
  return change.how === 'new' && isIn(after, to);
}

/** The constraint of an index has the index's name, whatever its table is called. */
function isKeyOf(seen: Observation, { from, to }: Move, { key, how }: Change): boolean {
  const [snapshot, names] = how === 'gone' ? [seen.before, from] : [seen.after, to];
  const table = snapshot.get(key)?.of;
  return names.some((name) => {
    const index = snapshot.get(name);
    return index?.of === table && key.endsWith(`.${pathOf(name).split('.').at(-1)}`) && index !== undefined;
  });
}

/** Objects that have the name of another in their own. */
function isNamedAfter(key: string, root: string, kind: ObjectId['kind']): boolean {
  // A cast has two names in its own, any other object one.
  const named = pathOf(key).split(' as ');
  if (kind === 'schema')
    return (
      named.some((name) => name.startsWith(`${pathOf(root)}.`)) ||
      key === `default privileges:${pathOf(root)}`
    );
  if (key.startsWith('cast:')) return named.includes(pathOf(root));
  return kind === 'server' && key.startsWith('user mapping:') && key.endsWith(` on ${pathOf(root)}`);
}

function pathOf(key: string): string {
  return key.slice(key.indexOf(':') + 1);
}

/** Which of the catalogs' words each change is about; undefined for those that may be about any. */
const fieldsOf: Readonly<Record<ChangeKind, RegExp | undefined>> = {
  'access method': undefined,
  'all triggers': undefined,
  attributes: undefined,
  cluster: /^index$/,
  comment: /^comment$/,
  compression: /^attcompression$/,
  contents: undefined,
  default: /def/,
  'default privileges': undefined,
  'domain constraint': undefined,
  expression: undefined,
  extension: undefined,
  // An index on a partitioned table is valid when all partitions have one.
  family: /^index$/,
  firing: undefined,
  'forced row security': undefined,
  identity: /^attidentity$/,
  index: /^$/,
  logging: undefined,
  members: /^member /,
  'not null': /notnull$/,
  'of type': undefined,
  options: undefined,
  owned: undefined,
  owner: /(owner|acl)$/,
  privileges: /acl$/,
  properties: undefined,
  reference: /^$/,
  rename: undefined,
  'replica identity': undefined,
  'row security': undefined,
  'security label': undefined,
  'set schema': undefined,
  settings: /^settings /,
  statistics: /^$/,
  'statistics target': /stattarget$/,
  storage: /^attstorage$/,
  'storage options': undefined,
  tablespace: undefined,
  type: undefined,
  validation: undefined,
  version: undefined,
};

function changesOnly({ change }: Effect, { fields }: Change): boolean {
  const words = change && !isOfChild(change) ? fieldsOf[change.kind] : undefined;
  return (
    words === undefined ||
    fields.every((field) => words.test(field.split(' ').length > 1 ? lastOf(field) : field))
  );
}

/** Whether a child or a partition gets or loses a parent, which may be about any field of it. */
function isOfChild(change: Alteration | undefined): boolean {
  return change?.kind === 'family' && change.end === 'child';
}

/** Of functions that share a name, the second's words begin with its address. */
function lastOf(field: string): string {
  return field.replace(/^pg_\w+:\d+ /, '');
}

/** Changes of a whole that its parts share. */
function isSpread(seen: Observation, effect: Effect, change: Change): boolean {
  const { object, change: told } = effect;
  const keys = keysOf(seen, object);
  if (told?.kind === 'privileges' && told.group !== undefined) {
    return (
      pathOf(change.key).startsWith(`${object.name}.`) &&
      change.fields.every((field) => /acl$/.test(lastOf(field)))
    );
  }
  const around = [...chain(seen.before, change.key), ...chain(seen.after, change.key)];
  // The table of a column; a domain itself.
  const wholes = [...keys, ...keys.map((key) => key.replace(/^column:(.*)\..*$/, 'rel:$1'))];
  if (isPartOfChange(seen, told, change) && around.some((one) => wholes.includes(one))) return true;
  const isJoin = isOfChild(told) || (told?.kind === 'of type' && !told.isOn);
  const isWhole = isJoin || wholeChanges.has(told?.kind);
  const isIn = (snapshot: Snapshot) => chain(snapshot, change.key).some((key) => keys.includes(key));
  if (!isWhole || (change.how === 'changed' && !changesOnly(effect, change))) return false;
  return isIn(change.how === 'new' ? seen.after : seen.before) && (change.how === 'changed' || isJoin);
}

/** Changes of a whole that concern its parts. */
const wholeChanges: ReadonlySet<ChangeKind | undefined> = new Set(['owner', 'logging', 'all triggers']);

/** What the catalogs keep elsewhere of a change that is told of a table or column. */
function isPartOfChange(
  { before }: Observation,
  told: Alteration | undefined,
  { key, how, fields }: Change,
): boolean {
  if (told?.kind === 'cluster' || told?.kind === 'replica identity')
    return how === 'changed' && fields.join() === 'index';
  // Keys of columns with another type are made anew.
  if (told?.kind === 'type') return how === 'changed' && /^(index|sequence)$/.test(fields.join());
  const isDropped = told?.kind === 'not null' && !told.isOn;
  return isDropped && how === 'gone' && before.get(key)?.fields.get('contype') === '"n"';
}

function isInvented(seen: Observation, effect: Effect): boolean {
  const { action, object, isConditional } = effect;
  if (isConditional || isUndone(seen, effect)) return false;
  const change = seen.changes.find(({ key }) => keysOf(seen, object).includes(key));
  if (action === 'drop') return change?.how !== 'gone' && !(keyOf(object).startsWith('fn:') && change);
  if (action !== 'create') return false;
  const keys = keysOf(seen, object);
  return !seen.changes.some((one) =>
    keys.some((key) => isMadeBy({ ...effect, isConditional: true }, key, one)),
  );
}

/** What is made and taken away again by one statement leaves nothing. */
function isUndone({ effects }: Observation, effect: Effect): boolean {
  const key = keyOf(effect.object);
  return effects.some(
    (other) =>
      other.action !== effect.action &&
      (other.action === 'drop' || other.action === 'create' || other.to !== undefined) &&
      [other.object, other.to].some((one) => one && keyOf(one) === key),
  );
}
