/** Chooses who judges two accesses of one key, by what kind of key it is. */

import type { KeyAccess } from '../dependencies/access.js';
import { commute } from '../dependencies/access.js';
import { ownerKey, ownerOf } from '../dependencies/catalogue.js';
import type { KeyKind, StateKey } from '../dependencies/keys.js';
import { keyOf } from '../effects/object-key.js';
import { partOf } from '../syntax/object-names.js';
import type { Judge, Judgement, Side, Sides } from './conflict.js';
import {
  judgeParts,
  judgePersistence,
  judgeReferences,
  judgeRules,
  judgeSettings,
  judgeShape,
} from './judges/judge-aspects.js';
import { judgeCopied } from './judges/judge-copies.js';
import { judgeBounds, judgeEqualParts } from './judges/judge-families.js';
import { judgeKeys } from './judges/judge-keys.js';
import { judgeObject } from './judges/judge-objects.js';
import { judgeContents, judgePrivileges } from './judges/judge-privileges.js';
import { judgePublished } from './judges/judge-published.js';
import { isCarriedOver } from './judges/judge-remade.js';
import { judgeAttributes } from './judges/judge-row-types.js';
import { judgeRows } from './judges/judge-rows.js';
import { isRejoined } from './rejoined.js';
import { areNotNull } from './roles.js';

/** `broad`: a key of many objects, so sharing it proves nothing; a real conflict also shares a smaller key. */
const judges: Readonly<Record<KeyKind, Judge | 'broad'>> = {
  object: judgeObject,
  rows: judgeRows,
  shape: judgeShape,
  filling: judgeRules,
  rules: judgeRules,
  triggers: judgeRules,
  keys: judgeKeys,
  'lost keys': () => undefined,
  'primary key': judgePrimaryKeys,
  parts: judgeParts,
  references: judgeReferences,
  privileges: judgePrivileges,
  options: judgeSettings,
  comment: judgeSettings,
  persistence: judgePersistence,
  bounds: judgeBounds,
  details: judgeSettings,
  attributes: judgeAttributes,
  published: judgePublished,
  contents: judgeContents,
  group: judgeContents,
  'privileges in schema': judgePrivileges,
  'constraint name': judgeNames,
  'equal parts': judgeEqualParts,
  name: () => ({ code: 'asked-for', severity: 'error' }),
  everything: 'broad',
  extensions: 'broad',
  publications: 'broad',
};

/** Whether two migrations that share the key may be in each other's way. */
export function isJudged({ kind }: StateKey): boolean {
  return judges[kind] !== 'broad';
}

/** The effect of the order of two accesses of one key; undefined if they commute. A guess is one severity lower. */
export function judge(one: KeyAccess, other: KeyAccess, sides: Sides): Judgement | undefined {
  if (commute(one.mode, other.mode) || isLeaving(one, sides.one) || isLeaving(other, sides.other))
    return undefined;
  if (isRejoined(one, other, [sides.one, sides.other]) || isRejoined(other, one, [sides.other, sides.one]))
    return undefined;
  if (isCarriedOver(one, other, sides)) return undefined;
  const chosen = judges[one.key.kind];
  const copied =
    chosen === 'broad' || one.key.kind === 'object' ? undefined : judgeCopied(one, other, sides.keys);
  if (copied) return copied[0];
  const judgement = chosen === 'broad' ? undefined : chosen(one, other, sides);
  if (!judgement || !(one.isGuess || other.isGuess)) return judgement;
  const { failsAnyway: _, severity, ...rest } = judgement;
  return { ...rest, severity: severity === 'error' ? 'warning' : 'info' };
}

/** What a table must have in common with a partition that leaves it, and is dropped by the same migration. */
function isLeaving({ effect }: KeyAccess, { takesAway }: Side): boolean {
  if (effect?.usage !== 'joined definition' || effect.change?.kind !== 'family') return false;
  return !effect.change.isAdded && effect.to !== undefined && takesAway(effect.to);
}

/**
 * A table has one, whatever the names and columns (DefineIndex: multiple primary keys are not allowed). Who takes the other's away before
 * comes second.
 */
function judgePrimaryKeys(one: KeyAccess, other: KeyAccess, sides: Sides): Judgement | undefined {
  if (sides.one.createsOwner(one) && sides.other.createsOwner(other)) return undefined;
  if (one.verb !== 'creates' || other.verb !== 'creates') return undefined;
  const takesOther = takesKey(sides.one, other);
  const isTaken = takesKey(sides.other, one);
  if (takesOther && isTaken) return undefined;
  const overlap = { code: 'overlap', severity: 'error' } as const;
  if (takesOther || isTaken) return { ...overlap, first: takesOther ? 'other' : 'one' };
  // A partitioned table takes over the key that its partition has.
  const tables = [one, other].map(({ effect }) => effect && ownerKey(effect.object));
  return { ...overlap, failsAnyway: tables[0] === tables[1] };
}

/** Whether it drops the key, or a column of it. */
function takesKey(side: Side, { effect }: KeyAccess): boolean {
  const key = effect?.object;
  const table = key && ownerOf(key);
  if (!table) return false;
  const columns = (effect.columns ?? []).map((column) => partOf(table, 'column', column));
  return [key, ...columns].some((part) => side.takesAway(part));
}

/** A name that PostgreSQL makes gets a number if any constraint of the schema has it. */
function judgeNames(one: KeyAccess, other: KeyAccess, { isNamed }: Sides): Judgement | undefined {
  const reader = [one, other].find(({ mode }) => mode === 'read');
  if (reader) return judgeReader(one, other, reader);
  const areNew = one.verb === 'creates' && other.verb === 'creates';
  if (!areNew || areNotNull(one, other) || areOne(one, other)) return undefined;
  const isMeant = [one, other].some(({ effect }) => effect && isNamed(keyOf(effect.object)));
  return isMeant ? { code: 'same-name', severity: 'error' } : { code: 'generated-names', severity: 'info' };
}

/** SET CONSTRAINTS finds a constraint by its name. */
function judgeReader(one: KeyAccess, other: KeyAccess, reader: KeyAccess): Judgement {
  const change = reader === one ? other : one;
  const [before, behind] = reader === one ? (['other', 'one'] as const) : (['one', 'other'] as const);
  const isMade = change.verb === 'creates' || change.effect?.to?.name === reader.effect?.object.name;
  return isMade
    ? { code: 'needs', severity: 'error', first: before }
    : { code: 'dropped-while-used', severity: 'error', first: behind };
}

/** Whether both are one constraint, which is judged for itself. */
function areOne({ effect }: KeyAccess, { effect: second }: KeyAccess): boolean {
  return effect !== undefined && second !== undefined && keyOf(effect.object) === keyOf(second.object);
}
