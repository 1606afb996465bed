/** Judges another type of a column beside what uses the column. */

import type { KeyAccess } from '../../dependencies/access.js';
import type { Effect, StatementSettings } from '../../effects/effect.js';
import type { ObjectId } from '../../syntax/object-id.js';
import { changedBefore, type Judgement, type Side } from '../conflict.js';
import { endsFilling } from './judge-identities.js';
import { judgeProperties } from './judge-properties.js';

/** Both ends of a foreign key must have types that can be compared. */
function judgeKeyType(
  { 'type name': name = '' }: StatementSettings,
  { sets = {} }: Effect,
): Judgement | undefined {
  const [own, other] = [name, sets['other end'] ?? ''].map((type) => families[type] ?? type);
  if (own === other) return undefined;
  return { code: 'changed-while-used', severity: sets['other end'] === undefined ? 'warning' : 'error' };
}

/** Types that are equal to each other (the operators of integer_ops, numeric_ops and text_ops). */
const families: Readonly<Record<string, string>> = {
  int2: 'number',
  int4: 'number',
  int8: 'number',
  serial: 'number',
  bigserial: 'number',
  smallserial: 'number',
  numeric: 'number',
  text: 'text',
  varchar: 'text',
  bpchar: 'text',
};

/** Objects that PostgreSQL never changes along with a column's type; it refuses the change (RememberAllDependentForRebuilding). */
const bars: ReadonlySet<string> = new Set([
  'view',
  'materialized view',
  'rule',
  'policy',
  'trigger',
  'column',
]);

/** @param sets what the new type comes with */
export function judgeNewType(sets: StatementSettings, access: KeyAccess, side: Side): Judgement | undefined {
  const { effect, of } = access;
  if (of && endsFilling(effect)) return changedBefore('other');
  if (effect?.action === 'alter' && effect.sets) return judgeProperties(sets, effect.sets);
  if (effect?.usage === 'foreign key') return judgeKeyType(sets, effect);
  const end = endOfBar(access);
  if (end) return side.takesAway(end) ? undefined : changedBefore('other');
  if (effect?.usage === 'copied column') return { code: 'changed-while-used', severity: 'error' };
  const bar = newBar(effect);
  if (bar) return side.takesAway(bar) ? undefined : changedBefore('one');
  return { code: 'changed-while-used', severity: 'warning' };
}

/** The view or the like that rests on the column until the access drops it. */
function endOfBar({ effect, of }: KeyAccess): ObjectId | undefined {
  const dropped = effect?.action === 'drop' ? (of ?? effect.object) : undefined;
  return dropped && bars.has(dropped.kind) ? dropped : undefined;
}

/** The view or the like that rests on the column from now on. */
function newBar({ by, isAtomic, isImplicit }: Partial<Effect> = {}): ObjectId | undefined {
  return by && !isImplicit && (bars.has(by.kind) || isAtomic) ? by : undefined;
}
