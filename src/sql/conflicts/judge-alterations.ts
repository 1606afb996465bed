/** Judges two migrations of which one alters an object that stays, and the other alters or uses it. */

import type { Touch } from '../dependencies/access.js';
import type { ObjectKind } from '../syntax/object-id.js';
import type { Judgement } from './conflict.js';
import { roleOf } from './roles.js';

/** Which changes of a column concern the same thing about it. */
const groups: Readonly<Record<string, string>> = {
  'set default': 'default',
  'drop default': 'default',
  'set not null': 'null',
  'drop not null': 'null',
  'set options': 'options',
  'reset options': 'options',
  'add identity': 'identity',
  'drop identity': 'identity',
  'set identity': 'identity',
  'set expression': 'expression',
  'drop expression': 'expression',
};

const independent: ReadonlySet<string> = new Set(['default', 'null', 'options']);

/** Changes that make no difference the second time. */
const repeatable: ReadonlySet<string> = new Set([
  'set not null',
  'drop not null',
  'drop default',
  'validate',
  'enable',
  'disable',
  'enable row security',
  'disable row security',
  'force row security',
  'no force row security',
  'enable triggers',
  'disable triggers',
  'members',
  'privileges',
  'fewer privileges',
]);

/** Using these does not depend on how they are set. */
const steady: ReadonlySet<ObjectKind> = new Set(['role', 'extension', 'publication', 'schema', 'server']);

/** @param one alters; `other` alters or uses. */
export function judgeAlterations(one: Touch, other: Touch): Judgement | undefined {
  if (one.effect?.object.kind === 'default privileges') return judgeDefaultPrivileges(one, other);
  return roleOf(other) === 'alter' ? judgeChanges(one, other) : judgeUse(one, other);
}

/** They hold for what is created later. */
function judgeDefaultPrivileges(one: Touch, other: Touch): Judgement | undefined {
  if (roleOf(other) === 'alter')
    return one.effect?.change === other.effect?.change
      ? { code: 'privileges', severity: 'warning' }
      : undefined;
  return isAmong(other, one.effect?.change) ? { code: 'privileges', severity: 'error' } : undefined;
}

/** Whether `GRANT … ON ALL TABLES` and the like mean the object that is created or comes from another schema. */
export function isAmong({ verb, existed, effect }: Touch, change = ''): boolean {
  const isNew = verb === 'moves' || (verb === 'creates' && !(existed && effect?.isConditional));
  const [, group = ''] = /all (\w+)s$/.exec(change) ?? [];
  return isNew && (members[group] ?? [group]).includes(effect?.object.kind ?? '');
}

const members: Readonly<Record<string, readonly string[]>> = {
  table: ['table', 'view', 'materialized view', 'foreign table', 'relation'],
  type: ['type', 'domain'],
  routine: ['function', 'aggregate'],
};

/** Two changes of one thing: the last one holds, unless both are the same or about different sides of it. */
export function judgeChanges(one: Touch, other: Touch): Judgement | undefined {
  const [change, second] = [one.effect?.change ?? '', other.effect?.change ?? ''];
  if (change === second && repeatable.has(change)) return undefined;
  const [group, otherGroup] = [groups[change] ?? change, groups[second] ?? second];
  // One option of a function or another: the words do not say which.
  const isVague = group === '' || one.key.startsWith('fn:');
  if (group === otherGroup && one.what === other.what)
    return { code: 'same-object', severity: isVague ? 'warning' : 'error' };
  if (independent.has(group) && independent.has(otherGroup)) return undefined;
  return { code: 'same-object', severity: 'warning' };
}

function judgeUse(one: Touch, other: Touch): Judgement | undefined {
  const kind = one.effect?.object.kind;
  const change = one.effect?.change ?? '';
  if (kind !== undefined && steady.has(kind)) return undefined;
  if (kind === 'column' && independent.has(groups[change] ?? '')) return undefined;
  if (one.key.startsWith('fn:') && other.verb !== 'calls') return undefined;
  // A definition that names a type does not rest on how it is set; rows do.
  const isDefinition = one.key.startsWith('type:') && other.effect?.by !== undefined;
  if (change === 'validate' || isDefinition) return undefined;
  return { code: 'changed-while-used', severity: 'warning' };
}
