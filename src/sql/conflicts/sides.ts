/** Answers questions about one of two migrations from the log of its accesses. */

import type { AccessMode, KeyAccess, Verb } from '../dependencies/access.js';
import type { AccessLog } from '../dependencies/access-log.js';
import { ownerKey, ownerOf } from '../dependencies/catalogue.js';
import { aspect, objectKey, type StateKey } from '../dependencies/keys.js';
import type { Effect } from '../effects/effect.js';
import { keyOf } from '../effects/object-key.js';
import type { ObjectId } from '../syntax/object-id.js';
import { statementTexts } from '../syntax/statement-texts.js';
import type { Side } from './conflict.js';
import { findCopies } from './for-a-while.js';
import { findMadeLabels } from './made-labels.js';
import { netAccesses } from './net-accesses.js';
import { findRejoined } from './rejoined.js';
import { finalSets, leftSettings } from './replaced-properties.js';
import { isDirect, type Role, roleOf } from './roles.js';

/** @param text the SQL of the migration */
export function sideOf({ byKey, remade }: AccessLog, text: string): Side {
  const isMeant = ({ text: key }: StateKey, mode?: AccessMode) =>
    byKey.get(key)?.some((touch) => isSeen(touch) && (!mode || touch.mode === mode)) === true;
  const meansAll = (relation: ObjectId | undefined) =>
    relation !== undefined && isMeant(aspect('shape', relation), 'read');
  const texts = once(() => statementTexts(text));
  const statements = once(() => findStatements(byKey));
  const copies = once(() => findCopies(byKey));
  const labels = once(() => findMadeLabels(byKey));
  const textsOf = (numbers: Iterable<number>) =>
    [...new Set(numbers)].sort((a, b) => a - b).map((number) => texts()[number] ?? '');
  return {
    names: (column) => isMeant(objectKey(column)) || meansAll(ownerOf(column)),
    grantsOn: (object) =>
      (byKey.get(aspect('privileges', object).text) ?? []).flatMap(({ effect }) => effect ?? []),
    createsOwner: ({ effect }) =>
      effect !== undefined && isCreatedWith(byKey.get(ownerKey(effect.object) ?? ''), effect),
    takesAway: (object) =>
      (byKey.get(keyOf(object)) ?? []).some((touch) => ['drop', 'replace'].includes(roleOf(touch))),
    copyFor: (table) => copies().get(keyOf(table)),
    makesIfMissing: (key) => byKey.get(key)?.some((touch) => touch.isAlternative && isDirect(touch)) === true,
    isConfined: (key) => new Set(byKey.get(key)?.map(({ effect }) => effect?.statement)).size === 1,
    statementsLeft: (key) => textsOf(withoutDrops(statements().get(key) ?? [], byKey.get(key) ?? [])),
    creationsOf: ({ text: key }) =>
      textsOf((byKey.get(key) ?? []).filter((touch) => roleOf(touch) === 'create').flatMap(statementOf)),
    changesDefault: (column) =>
      byKey.get(keyOf(column))?.some(({ effect }) => effect?.change?.kind === 'default') === true,
    setsOf: ({ key, effect }) => leftSettings(byKey.get(key.text) ?? [], effect?.object.args),
    finalSets: ({ key, effect }) => effect && finalSets(byKey.get(key.text) ?? [], effect),
    remade: (table) => remade.get(table),
    remakes: (key) =>
      netAccesses(byKey.get(key) ?? []).some(({ verb }) => verb === 'drops and creates again'),
    replacesColumns: (shape) => {
      const count = (verb: Verb) => byKey.get(shape)?.filter((touch) => touch.verb === verb).length ?? 0;
      return count('creates') >= count('drops');
    },
    labelsOf: (type) => labels().get(type),
    rejoined: once(() => findRejoined(byKey)),
    mentions: (literal) => text.includes(`'${literal.replaceAll("'", "''")}'`),
  };
}

/** Few migrations are asked for the texts of their statements. */
function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** The numbers of the statements about each object and its parts, by the key of the object. */
function findStatements(byKey: AccessLog['byKey']): Map<string, Set<number>> {
  const found = new Map<string, Set<number>>();
  for (const accesses of byKey.values()) {
    const object = accesses[0]?.key.object;
    for (const key of object ? [keyOf(object), ownerKey(object) ?? []].flat() : []) {
      const numbers = accesses.filter((access) => isAbout(access, key)).flatMap(statementOf);
      const known = found.get(key) ?? new Set();
      for (const number of numbers) known.add(number);
      found.set(key, known);
    }
  }
  return found;
}

function isAbout({ effect }: KeyAccess, key: string): boolean {
  return effect !== undefined && [keyOf(effect.object), ownerKey(effect.object)].includes(key);
}

/** A statement that drops the object may drop others, too. */
function withoutDrops(numbers: Iterable<number>, accesses: readonly KeyAccess[]): number[] {
  const numbersOf = (role: Role) => accesses.filter((touch) => roleOf(touch) === role).flatMap(statementOf);
  const [drops, creations] = [numbersOf('drop'), numbersOf('create')];
  return [...numbers].filter((number) => !drops.includes(number) || creations.includes(number));
}

function statementOf({ effect }: KeyAccess): number[] {
  return effect ? [effect.statement] : [];
}

function isCreatedWith(owner: readonly KeyAccess[] | undefined, { statement }: Effect): boolean {
  return owner?.some((touch) => roleOf(touch) === 'create' && touch.effect?.statement === statement) === true;
}

/** What follows from a constraint is no reason to look at a value; a view shows it. */
function isSeen({ effect }: KeyAccess): boolean {
  return !effect?.isImplicit || effect.isShown === true;
}
