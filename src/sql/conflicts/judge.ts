/** Chooses who judges two accesses of one key, by what kind of key it is. */

import type { KeyAccess } from '../dependencies/access.js';
import { commute, everything, extensions, publications } from '../dependencies/access.js';
import { keyOf } from '../effects/object-key.js';
import type { Judge, Judgement, Sides } from './conflict.js';
import {
  judgeKeys,
  judgeParts,
  judgePersistence,
  judgeReferences,
  judgeRules,
  judgeSettings,
  judgeShape,
} from './judge-aspects.js';
import { judgeBounds } from './judge-families.js';
import { judgeObject } from './judge-objects.js';
import { judgeContents, judgePrivileges } from './judge-privileges.js';
import { judgeRows } from './judge-rows.js';

/** How the keys begin that are not those of objects. */
const judges: readonly [start: string, judge: Judge][] = [
  ['rows of ', judgeRows],
  ['shape of ', judgeShape],
  ['filling of ', judgeRules],
  ['rules of ', judgeRules],
  ['triggers of ', judgeRules],
  ['keys of ', judgeKeys],
  ['lost keys of ', () => undefined],
  ['parts of ', judgeParts],
  ['references of ', judgeReferences],
  ['privileges of ', judgePrivileges],
  ['privileges in ', judgePrivileges],
  ['options of ', judgeSettings],
  ['comment of ', judgeSettings],
  ['persistence of ', judgePersistence],
  ['bounds of ', judgeBounds],
  ['details of ', judgeSettings],
  ['contents of ', judgeContents],
  ['tables of ', judgeContents],
  ['sequences of ', judgeContents],
  ['functions of ', judgeContents],
  ['constraint name ', judgeNames],
  ['name ', () => ({ code: 'asked-for', severity: 'error' })],
];

/** Keys that stand for so much that sharing them says nothing; who shares them shares a smaller one, too. */
const broadKeys: ReadonlySet<string> = new Set([everything, extensions, publications]);

/** Whether two migrations that share the key may be in each other's way. */
export function isJudged(key: string): boolean {
  return !broadKeys.has(key);
}

/** What the order of two accesses of one key means; undefined where they commute. A guess counts one less. */
export function judge(one: KeyAccess, other: KeyAccess, sides: Sides): Judgement | undefined {
  if (commute(one.mode, other.mode)) return undefined;
  const chosen = judges.find(([start]) => one.key.startsWith(start))?.[1] ?? judgeObject;
  const judgement = chosen(one, other, sides);
  if (!judgement || !(one.isGuess || other.isGuess)) return judgement;
  return { ...judgement, severity: judgement.severity === 'error' ? 'warning' : 'info' };
}

/** A name that PostgreSQL makes gets a number if any constraint of the schema has it. */
function judgeNames(one: KeyAccess, other: KeyAccess, { isNamed }: Sides): Judgement | undefined {
  const isNotNull = [one, other].every(({ effect }) => effect?.constraint === 'not null');
  const areNew = one.verb === 'creates' && other.verb === 'creates';
  if (!areNew || isNotNull) return undefined;
  const isMeant = [one, other].some(({ effect }) => effect && isNamed(keyOf(effect.object)));
  return isMeant ? { code: 'same-name', severity: 'error' } : { code: 'generated-names', severity: 'info' };
}
