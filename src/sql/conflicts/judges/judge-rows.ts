/** Judges two migrations that access rows of one table: which rows and columns each reads and writes. */

import type { KeyAccess } from '../../dependencies/access.js';
import type { Effect, KnownRow } from '../../effects/effect.js';
import { keyOf } from '../../effects/object-key.js';
import type { ObjectId } from '../../syntax/object-id.js';
import { partOf } from '../../syntax/object-names.js';
import type { Judge, Judgement, Sides, TableKeys } from '../conflict.js';
import { swapped, swapSides } from '../conflict.js';
import { shareKey } from '../shared-keys.js';

/** For `rows of` a relation: at least one of both writes. */
export const judgeRows: Judge = (one, other, sides) => {
  if (!one.effect || !other.effect) return { code: 'same-rows', severity: 'warning' };
  if (one.effect.object.kind === 'sequence' || other.effect.object.kind === 'sequence') {
    return judgeSequence(one.effect, other.effect);
  }
  const [first, second] = [order[one.effect.action], order[other.effect.action]];
  if (first <= second) return judgeInOrder(one, other, sides);
  return swapped(judgeInOrder(other, one, swapSides(sides)));
};

function judgeSequence(one: Effect, other: Effect): Judgement {
  const isRestarted = one.rowAccess === 'restart' || other.rowAccess === 'restart';
  return isRestarted
    ? { code: 'same-rows', severity: 'warning' }
    : { code: 'generated-values', severity: 'info' };
}

/** What changes the object itself has rows in mind only as a whole. */
const order: Readonly<Record<Effect['action'], number>> = {
  insert: 1,
  update: 2,
  delete: 3,
  read: 4,
  create: 5,
  alter: 5,
  drop: 5,
  use: 5,
  call: 5,
};

/** @param one ranks before `other`: insert, update, delete, read. */
function judgeInOrder(one: KeyAccess, other: KeyAccess, sides: Sides): Judgement | undefined {
  const [first, second] = [one.effect as Effect, other.effect as Effect];
  const relation = one.key.object as ObjectId;
  if (first.action === 'insert' && second.action === 'insert')
    return judgeInserts(first, second, { relation, keys: sides.keys });
  if (first.action === 'insert') return judgeInsert(first, second, relation, sides);
  if (first.action === 'update') return judgeUpdate(first, second, relation, sides);
  if (first.action !== 'delete') return { code: 'same-rows', severity: 'warning' };
  return judgeDelete(first, second);
}

const maybe: Judgement = { code: 'same-rows', severity: 'warning' };

/** Different rows can come in any order; whichever of two with one key comes first wins. */
function judgeInserts(
  one: Effect,
  other: Effect,
  { relation, keys }: { relation: ObjectId; keys: TableKeys },
): Judgement | undefined {
  const known = keys.of(keyOf(relation));
  if (known.length === 0) return undefined;
  if (!one.rows || !other.rows) return maybe;
  const [rows, others] = [one.rows, other.rows].map((list) =>
    list.map((row) => withNames(row, keys.columnsOf(keyOf(relation)))),
  ) as [KnownRow[], KnownRow[]];
  const factsOf = (column: string) => keys.factsOf(keyOf(relation), column);
  const shared = known.map((key) =>
    shareKey({ rows, columns: one.columns }, { rows: others, columns: other.columns }, { key, factsOf }),
  );
  const isIgnored = one.rowAccess === 'on conflict' && other.rowAccess === 'on conflict';
  if (shared.includes('sure')) return { code: 'same-rows', severity: isIgnored ? 'warning' : 'error' };
  return shared.includes('perhaps') ? maybe : undefined;
}

/** Rows of an INSERT without columns are numbered. */
function withNames(row: KnownRow, columns: readonly string[]): KnownRow {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      /^\d+$/.test(column) ? (columns[Number(column) - 1] ?? column) : column,
      value,
    ]),
  );
}

/** Rows that a check would refuse are refused in both orders. */
function judgeInsert(
  insert: Effect,
  second: Effect,
  relation: ObjectId,
  { keys }: Sides,
): Judgement | undefined {
  if (second.rowAccess === 'validation') return undefined;
  if (second.rowAccess === 'truncation') return maybe;
  const rows = insert.rows?.map((row) => withNames(row, keys.columnsOf(keyOf(relation))));
  return areApart(rows, second.rows) ? undefined : maybe;
}

/** Whether no row of one can be one of the other, by some column that both know. */
function areApart(rows: readonly KnownRow[] | undefined, others: readonly KnownRow[] | undefined): boolean {
  if (!rows || !others) return false;
  const differ = (row: KnownRow, other: KnownRow) =>
    Object.entries(row).some(([column, value]) => other[column] !== undefined && other[column] !== value);
  return rows.every((row) => others.every((other) => differ(row, other)));
}

/** Updates conflict with statements that name an updated column, if their rows may be the same. */
function judgeUpdate(
  update: Effect,
  second: Effect,
  relation: ObjectId,
  { one, other, keys }: Sides,
): Judgement | undefined {
  const sets = (side: typeof one, columns: readonly string[] | undefined) =>
    !columns || columns.some((name) => side.names(partOf(relation, 'column', name)));
  const isSeen = sets(other, update.columns);
  const sees = second.action === 'update' && sets(one, second.columns);
  if (second.rowAccess === 'truncation') return undefined;
  // A trigger or rule is set off by rows that are there, and sees all of their columns.
  const isNoticed = second.action === 'delete' && (update.isWatched || second.isWatched);
  if (isNoticed && !areApart(update.rows, second.rows)) return maybe;
  if ([update, second].some((effect) => leavesKeys(effect, keys))) return undefined;
  if (!isSeen && !sees) return undefined;
  const keep = [...(update.columns ?? []), ...(second.columns ?? [])];
  const isFixed = (row: KnownRow) => Object.keys(row).every((name) => !keep.includes(name));
  const isApart = [...(update.rows ?? []), ...(second.rows ?? [])].every(isFixed);
  return isApart && areApart(update.rows, second.rows) ? undefined : maybe;
}

/** Two deletions commute, unless one reads other rows than those that it changes. */
function judgeDelete(one: Effect, { action, rowAccess }: Effect): Judgement | undefined {
  const isReferring = (one.rowAccess === 'referring rows') !== (rowAccess === 'referring rows');
  const looksAtItsOwn = action === 'delete' || (action === 'read' && rowAccess === 'own rows');
  return looksAtItsOwn && !isReferring ? undefined : maybe;
}

/** Rows that refer to others notice only when those get other keys. */
function leavesKeys({ action, rowAccess, columns, by }: Effect, keys: TableKeys): boolean {
  if (action !== 'update' || rowAccess !== 'referring rows' || !columns || !by) return false;
  return !keys.of(keyOf(by)).some((key) => key.columns.some((column) => columns.includes(column)));
}
