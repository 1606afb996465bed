/** Gathers the accesses of one migration, one for each key. */

import { present } from '../../../present.js';
import type { AskedName, Effect } from '../../effects/effect.js';
import { keyOf } from '../../effects/object-key.js';
import { isSystemSchema } from '../../postgres/system-schemas.js';
import { joinNames } from '../../syntax/identifiers.js';
import type { ObjectId, SourcePosition } from '../../syntax/object-id.js';
import { type Access, type AccessMode, type Cause, strongest, type Verb } from '../access.js';
import type { AccessLog } from '../access-log.js';
import { type Catalogue, ownerOf } from '../catalogue.js';
import { describeObject, nameKey, namesOf, objectKey, type StateKey } from '../keys.js';
import type { OrderedTables } from '../ordered-tables.js';
import type { Remaking } from '../remaking.js';
import { rolesHolding } from '../role-holders.js';

/** A name that a migration needs and no earlier migration creates. */
export interface UnknownReference {
  object: ObjectId;
  place: SourcePosition;
  /** Opaque SQL ran before: it may have created the object. */
  isUncertain: boolean;
  /** It is only missing if a migration has created it, as it may exist without being written down. */
  isOnceMade?: boolean;
}

/** The data collected from one migration. */
export interface Collector {
  readonly catalogue: Catalogue;
  readonly accesses: Map<string, Access>;
  readonly unknown: Map<string, UnknownReference>;
  /** Objects whose consequences were followed already. */
  readonly followed: Set<string>;
  /** Objects that got a number in their name, by the key that they would have had. */
  readonly renamed: Map<string, ObjectId>;
  /** Tables and indexes with IF NOT EXISTS that were there already: definitions of tables, and their keys behind the number of the statement. */
  readonly kept: Set<string>;
  /** Tables that may be replaced by others of their names. */
  readonly remaking: Remaking;
  /** Views that showed all columns of a table, and that OR REPLACE defines anew. */
  readonly vague: Set<string>;
  /** How many definitions are being followed into each other; what they need may exist only then. */
  depth: number;
  /** The names that catalog queries of the history ask for: others need no access. */
  readonly askedNames: AskedNames;
  /** Every single touch, where somebody wants to know. */
  readonly log?: AccessLog | undefined;
  /** Receives each effect that happens, just before the catalogue changes by it. */
  onEffect?(effect: Effect): void;
  /** Receives what LIKE creates. */
  onCopy?(effect: Effect): void;
}

/** What is asked for anywhere in a history: the names that catalog queries mean, as `joinNames` writes them, and tables whose order counts. */
export interface AskedNames {
  readonly all: ReadonlySet<string>;
  /** Those like `users.email`, by their first part. */
  readonly byTable: ReadonlyMap<string, readonly string[]>;
  readonly ordered: OrderedTables;
}

const noTables: OrderedTables = { columns: new Set(), rows: new Set() };

/** Prepares names for being looked up. */
export function indexNames(names: Iterable<AskedName>, ordered = noTables): AskedNames {
  const all = new Set<string>();
  const byTable = new Map<string, string[]>();
  for (const name of names) {
    const [text, [first, second]] = [joinNames(...name), name];
    if (second !== undefined && !all.has(text)) byTable.set(first, [...(byTable.get(first) ?? []), text]);
    all.add(text);
  }
  return { all, byTable, ordered };
}

/** The words for what an effect does. */
export function causeOf(effect: Effect): Cause {
  const { object, place, isGuess } = effect;
  return { place, verb: verbOf(effect), what: describeObject(object), isGuess: isGuess === true, effect };
}

function verbOf({ action, change }: Effect): Verb {
  if (action === 'alter' && change?.kind === 'rename') return 'renames';
  return action === 'alter' && change?.kind === 'set schema' ? 'moves' : verbs[action];
}

const verbs: Readonly<Record<Effect['action'], Verb>> = {
  create: 'creates',
  alter: 'alters',
  drop: 'drops',
  use: 'references',
  call: 'calls',
  read: 'reads rows of',
  insert: 'inserts rows into',
  update: 'updates rows of',
  delete: 'deletes rows of',
};

/** Notes an access; a key that is accessed in several modes keeps the strongest. */
export function recordAccess(collector: Collector, key: StateKey, mode: AccessMode, cause: Cause): void {
  collector.log?.add(key, mode, cause);
  const known = collector.accesses.get(key.text);
  const added = { key: key.text, mode, ...cause };
  collector.accesses.set(key.text, known ? merge(known, added) : added);
  if (mode === 'write') recordNeeds(collector, key.text, cause);
}

/**
 * Notes a touch for those who judge pairs of migrations. It is no access, as in the order of a history nothing rests on it
 * that other accesses do not say already.
 */
export function noteAccess({ log }: Collector, key: StateKey, mode: AccessMode, cause: Cause): void {
  log?.add(key, mode, cause);
}

/** The mode is that of both, the words are those of the access that tells most. */
function merge(known: Access, added: Access): Access {
  const isNewRows = known.isNewRows === true && added.isNewRows === true;
  const isAlternative = known.isAlternative === true || added.isAlternative === true;
  return { ...wordsOf(known, added), mode: strongest(known.mode, added.mode), isNewRows, isAlternative };
}

function wordsOf(known: Access, added: Access): Access {
  if (known.isGuess && !added.isGuess) return added;
  if (known.verb === 'drops' && added.verb === 'creates')
    return { ...known, verb: 'drops and creates again' };
  const tellsMore = known.mode !== added.mode && added.mode === 'write';
  return tellsMore && (known.isGuess || !added.isGuess) ? added : known;
}

/** Whoever takes an object away or changes it also ends what its definition needed. */
function recordNeeds(collector: Collector, key: string, cause: Cause): void {
  const { needs, known } = collector.catalogue;
  const of = known.get(key)?.object;
  for (const text of needs.get(key) ?? []) {
    const needed = known.get(text);
    const dependency = { ...cause, isDependency: true, ...present({ of }) };
    if (needed && !collector.accesses.has(text)) recordAccess(collector, needed, 'read', dependency);
    else if (needed && cause.verb === 'drops') noteAccess(collector, needed, 'read', dependency);
  }
  if (cause.verb === 'drops') noteRoles(collector, key, cause);
}

/** Roles can be dropped when they have nothing of an object any more. */
export function noteRoles(collector: Collector, key: string, cause: Cause): void {
  for (const role of rolesHolding(collector.catalogue, key))
    noteAccess(collector, objectKey(role), 'read', { ...cause, isDependency: true });
}

/** The schema and the table around an object must be there. Whoever may stand in for its creator has not made these. */
export function recordSurroundings(
  collector: Collector,
  object: ObjectId,
  { isAlternative: _, ...cause }: Cause,
): void {
  const { schema } = object;
  if (schema !== undefined && !isSystemSchema(schema))
    recordAccess(collector, objectKey({ kind: 'schema', name: schema }), 'read', cause);
  const owner = ownerOf(object);
  if (owner) recordAccess(collector, objectKey(owner), 'read', cause);
}

/** Objects that catalog queries may find by name. */
export function touchNames(collector: Collector, object: ObjectId, cause: Cause): void {
  const { all, byTable } = collector.askedNames;
  const below = object.parent === undefined ? (byTable.get(object.name) ?? []) : [];
  for (const name of [...namesOf(object), ...below]) {
    if (all.has(name)) recordAccess(collector, nameKey(name), 'add', { ...cause, isGuess: true });
  }
}

/** The object itself, in that mode, with what is around it. */
export function touchObject(collector: Collector, object: ObjectId, mode: AccessMode, cause: Cause): void {
  recordSurroundings(collector, object, cause);
  recordAccess(collector, objectKey(object), mode, cause);
}

/** A relation with all that inherit from it, at any depth. */
export function withDescendants(catalogue: Catalogue, relation: ObjectId): ObjectId[] {
  return reached(catalogue, relation, catalogue.children);
}

/** A relation with all that it inherits from, at any depth. */
export function withAncestors(catalogue: Catalogue, relation: ObjectId): ObjectId[] {
  return reached(catalogue, relation, catalogue.parents);
}

function reached({ known }: Catalogue, relation: ObjectId, links: Catalogue['children']): ObjectId[] {
  const found = new Map([[keyOf(relation), relation]]);
  for (const [key] of found) {
    for (const next of links.get(key) ?? []) {
      const object = known.get(next)?.object;
      if (object && !found.has(next)) found.set(next, object);
    }
  }
  return [...found.values()];
}
