/** Judges two migrations that touch one side of a relation: its columns as a whole, its rules, its keys, its settings. */

import type { Touch } from '../dependencies/access.js';
import { mayFire } from '../dependencies/consequences.js';
import type { Effect } from '../effects/effect.js';
import { keyOf } from '../effects/object-key.js';
import type { Judge, Judgement, TableKey, TableKeys } from './conflict.js';
import { swapped, swapSides } from './conflict.js';
import { isAmong, judgeChanges } from './judge-alterations.js';

/** Who adds comes first, who reads second; two writers stay as they are. */
function addsFirst(judge: Judge): Judge {
  return (one, other, sides) =>
    one.mode === 'read' ? swapped(judge(other, one, swapSides(sides))) : judge(one, other, sides);
}

const isRowChange = ({ action }: Effect) =>
  action === 'insert' || action === 'update' || action === 'delete' || action === 'read';

/** Columns come or go while somebody means all of them. */
export const judgeShape: Judge = addsFirst((one, other) => {
  const { effect } = other;
  const { verb, existed } = one;
  // Two that come are both there in the end.
  if (other.mode !== 'read' && effect?.object.kind === 'column' && one.effect?.object.kind === 'column')
    return undefined;
  const isCopy = effect?.change === 'definition';
  const isGone = verb === 'drops' && one.effect?.isConditional && !existed;
  // New columns come last.
  const isBehind = verb === 'creates' && effect?.change === 'leading columns';
  if (isGone || isBehind) return undefined;
  if (verb === 'alters' && one.effect?.change !== 'set type') {
    return isCopy ? { code: 'changed-while-used', severity: 'warning' } : undefined;
  }
  const isFixed = isCopy || effect?.by?.kind === 'view';
  return { code: 'changed-while-used', severity: isFixed ? 'error' : 'warning' };
});

/** What rows get, must fulfil and set off changes while rows do. */
export const judgeRules: Judge = addsFirst((one, other) => {
  if (other.mode !== 'read') return judgeTriggers(one, other);
  if (!one.effect || !other.effect) return { code: 'rows-meet-rules', severity: 'warning' };
  if (!isRowChange(other.effect)) return judgeCopiedRule(one.effect);
  if (!mattersToRows(one.effect, other.effect)) return undefined;
  // Owners of tables, who run migrations, are above policies unless they are forced upon them.
  const isPolicy = one.effect.object.kind === 'policy' || / row security$/.test(one.effect.change ?? '');
  return { code: 'rows-meet-rules', severity: isPolicy ? 'info' : 'warning' };
});

/** LIKE takes over columns and constraints, and nothing else of these. */
function judgeCopiedRule({ object }: Effect): Judgement | undefined {
  const isCopied = object.kind === 'column' || object.kind === 'constraint';
  return isCopied ? { code: 'changed-while-used', severity: 'warning' } : undefined;
}

/** What a new constraint refuses, it refuses in both orders: when it is added, or when the row comes. */
function mattersToRows({ object, action, change = '', isImplicit }: Effect, rows: Effect): boolean {
  if (object.kind === 'constraint') return action === 'drop' && !isImplicit;
  if (object.kind === 'column') {
    if (action === 'create') return change === 'required';
    return action === 'alter' && columnChanges.has(change) && rows.action === 'insert';
  }
  if (object.kind === 'trigger' && action === 'create') return mayFire(change, rows);
  return change !== 'add unique index';
}

const columnChanges: ReadonlySet<string> = new Set([
  'set default',
  'drop default',
  'drop not null',
  'add identity',
  'drop identity',
  'set expression',
]);

/** A key comes or goes while somebody rests on one: a foreign key, ON CONFLICT, GROUP BY. */
export const judgeKeys: Judge = addsFirst((one, other, { keys }) => {
  if (other.mode !== 'read' || one.effect?.isImplicit || other.effect?.isImplicit) return undefined;
  if (other.effect?.change === 'definition') return { code: 'changed-while-used', severity: 'warning' };
  const changed = keysChangedBy(one, keys);
  const rests = changed.map((key) => (other.effect ? restsOn(key, other.effect) : 'perhaps'));
  const rest = rests.find((found) => found === 'yes') ?? rests.find((found) => found === 'perhaps');
  if (!rest) return undefined;
  const severity = rest === 'yes' ? 'error' : 'warning';
  if (one.effect?.action === 'create' || one.effect?.change === 'add unique index')
    return { code: 'needs', severity, first: 'one' };
  return { code: 'dropped-while-used', severity, first: 'other' };
});

/** A constraint or index is a key; a column may be in several. */
function keysChangedBy({ key, effect }: Touch, keys: TableKeys): readonly TableKey[] {
  if (!effect) return [];
  const { object, columns } = effect;
  const own = keys.get(keyOf(object));
  if (own) return [own];
  if (columns) return [{ columns, isPrimary: false }];
  const all = keys.of(key.slice('keys of '.length));
  return object.kind === 'column' ? all.filter((one) => one.columns.includes(object.name)) : all;
}

/** A foreign key that names no columns means the primary key; ON CONFLICT that names none means all keys. */
function restsOn({ columns, isPrimary }: TableKey, { columns: named, by }: Effect): 'yes' | 'no' | 'perhaps' {
  if (named) return [...named].sort().join() === [...columns].sort().join() ? 'yes' : 'no';
  if (by) return isPrimary ? 'yes' : 'no';
  return 'perhaps';
}

/** Partitions and children come or go while rows find their way. */
export const judgeParts: Judge = addsFirst((one) => {
  const isNew = one.mode === 'add';
  return isNew
    ? { code: 'needs', severity: 'warning', first: 'one' }
    : { code: 'dropped-while-used', severity: 'warning' };
});

/** DISABLE TRIGGER ALL means those that are there, and foreign keys have triggers, too. */
function judgeTriggers(one: Touch, other: Touch): Judgement | undefined {
  if (one.mode === 'write' && other.mode === 'write') return judgeChanges(one, other);
  const isNew = [one, other].some(({ verb, effect }) => verb === 'creates' && bringsTriggers(effect));
  return isNew ? { code: 'same-object', severity: 'error' } : undefined;
}

function bringsTriggers({ object, change }: Partial<Effect> = {}): boolean {
  return object?.kind === 'trigger' || (object?.kind === 'constraint' && change === 'foreign key');
}

/** Foreign keys to a table come or go while its rows do. */
export const judgeReferences: Judge = addsFirst(({ isGuess, effect }) => {
  // Only a guess for who looks for needs; for the rows it is as grave as the coming of one, unless they go with their table.
  const isEnd = isGuess && effect?.object.kind !== 'table';
  return { code: 'rows-meet-rules', severity: isEnd ? 'error' : 'warning' };
});

/** Settings, comments and the like: the last one holds. */
export const judgeSettings: Judge = (one, other) => {
  if (one.mode === 'read' || other.mode === 'read') return judgeCopy(one, other);
  const change = one.effect?.change;
  return change === other.effect?.change ? judgeChanges(one, other) : undefined;
};

function judgeCopy(one: Touch, other: Touch): Judgement | undefined {
  const [reader, writer] = one.mode === 'read' ? [one, other] : [other, one];
  const isCopied =
    writer.effect?.object.kind === 'column' || /comment|index|statistics/.test(writer.effect?.change ?? '');
  return isCopied && reader.effect?.change === 'definition'
    ? { code: 'changed-while-used', severity: 'warning' }
    : undefined;
}

/** Grants among themselves can come in any order. */
export const judgePrivileges: Judge = (one, other) => {
  if (one.mode === 'read' || other.mode === 'read') return undefined;
  const changes = [one, other].map(({ effect }) => (effect?.change ?? '').replace(/ of all.*/, ''));
  if (changes.every((change) => change === changes[0])) {
    return changes[0] === 'owner' ? { code: 'same-object', severity: 'error' } : undefined;
  }
  return { code: 'privileges', severity: 'warning' };
};

/** GRANT ON ALL TABLES holds for those that are there. */
export const judgeContents: Judge = (one, other) => {
  const reader = one.mode === 'read' ? one : other;
  const maker = reader === one ? other : one;
  const isMeant = reader.mode === 'read' && isAmong(maker, reader.effect?.change);
  return isMeant ? { code: 'privileges', severity: 'error' } : undefined;
};
