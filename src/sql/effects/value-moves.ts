/** Reads whether migrations copy values of a column elsewhere and overwrite or drop the column afterwards, so that the copy is the only one. */

import type { Effect } from './effect.js';

/** A column by the names of its table and its own; `*` means every column. */
interface PlacedColumn {
  table: string;
  column: string;
  /** Index of the statement in the text. */
  statement: number;
}

/** What one migration does with values that were there before it. */
export interface ValueMoves {
  copied: readonly PlacedColumn[];
  overwritten: readonly PlacedColumn[];
  /** Tables and columns that it makes: nobody else has written into them. */
  made: readonly Pick<PlacedColumn, 'table' | 'column'>[];
}

const everyColumn = '*';

/** @param effects those of the present moment, without implicit ones. */
export function readValueMoves(effects: readonly Effect[]): ValueMoves {
  return {
    copied: effects.flatMap((effect) => (isRead(effect) ? copiedBy(effect, effects) : keptBy(effect))),
    overwritten: effects.flatMap(overwrittenBy),
    made: effects.flatMap(({ action, object: { kind, name, parent }, isConditional }) => {
      if (action !== 'create' || isConditional) return [];
      if (kind === 'table') return [{ table: name, column: everyColumn }];
      return kind === 'column' && parent !== undefined ? [{ table: parent, column: name }] : [];
    }),
  };
}

/**
 * @param all in the order in which they were applied
 * @param views names of views: whatever is written through one may be in any table
 */
export function movesValues(all: readonly ValueMoves[], views: ReadonlySet<string> = new Set()): boolean {
  const isMadeUntil = (place: number, column: PlacedColumn) =>
    all.slice(0, place + 1).some(({ made }) => made.some((one) => matches(one, column)));
  const isOverwritten = (copy: PlacedColumn, first: number) =>
    all.some(({ overwritten }, place) =>
      overwritten.some(
        (write) =>
          (place > first || (place === first && write.statement >= copy.statement)) &&
          matches(copy, views.has(write.table) ? { ...write, table: copy.table } : write) &&
          !isMadeUntil(place, write),
      ),
    );
  return all.some(({ copied }, place) =>
    copied.some((copy) => !isMadeUntil(place, copy) && isOverwritten(copy, place)),
  );
}

function matches(one: Pick<PlacedColumn, 'table' | 'column'>, other: Pick<PlacedColumn, 'table' | 'column'>) {
  return one.table === other.table && (one.column === everyColumn || one.column === other.column);
}

/** DROP EXPRESSION: a column keeps the values that were computed from others. */
export function keepsComputed({ action, change }: Effect): boolean {
  return action === 'alter' && change?.kind === 'expression' && !change.isOn;
}

function keptBy(effect: Effect): PlacedColumn[] {
  const { object, statement } = effect;
  return keepsComputed(effect) ? [{ table: object.parent ?? '', column: everyColumn, statement }] : [];
}

function isRead({ action }: Effect): boolean {
  return action === 'read';
}

/** The columns of the table whose values the statement writes somewhere else. */
function copiedBy(read: Effect, effects: readonly Effect[]): PlacedColumn[] {
  const { statement, object } = read;
  const table = object.name;
  const beside = effects.filter((one) => one.statement === statement);
  const writes = beside.filter(writesRows);
  if (writes.length === 0) return [];
  const used = beside.flatMap((one) => (isPlainUse(one, table) ? [one.object.name] : []));
  const isInPlace = writes.every((one) => one.action === 'update' && one.object.name === table);
  const columns = isInPlace ? movedInRow(used, writes) : used;
  const isWhole = !isInPlace && beside.some((one) => isOfWholeRows(one, table));
  return [...(isWhole ? [everyColumn] : []), ...columns].map((column) => ({ table, column, statement }));
}

/** Each place in the text is one plain use, beside which literals and casts of the same place may be told. */
function isPlainUse({ action, object: { kind, parent }, literals, cast }: Effect, table: string): boolean {
  const isOfColumn = kind === 'column' && parent === table;
  return action === 'use' && isOfColumn && literals === undefined && cast === undefined;
}

function writesRows({ action, object: { kind } }: Effect): boolean {
  return (action === 'insert' || action === 'update') && kind !== 'materialized view';
}

function isOfWholeRows({ action, object, usage }: Effect, table: string): boolean {
  return action === 'use' && object.name === table && usage !== undefined && wholeRows.has(usage);
}

const wholeRows: ReadonlySet<string> = new Set([
  'all columns',
  'copied columns',
  'inserted columns',
  'whole row',
]);

/**
 * The columns that UPDATE reads for another column of the same table, whose value then depends on the row. Each column that it sets is
 * used once for that.
 */
function movedInRow(used: readonly string[], writes: readonly Effect[]): string[] {
  const set = writes.flatMap(({ columns = [] }) => columns);
  const constants = writes.flatMap((write) => write.constants ?? []);
  return [...new Set(used)].filter((name) => {
    const reads = used.filter((one) => one === name).length - set.filter((one) => one === name).length;
    return reads > 0 && set.some((column) => column !== name && !constants.includes(column));
  });
}

function overwrittenBy({
  action,
  object,
  columns = [],
  overwritten = {},
  statement,
}: Effect): PlacedColumn[] {
  if (action === 'update' && object.kind !== 'sequence')
    return columns.map((column) => ({ table: object.name, column, statement }));
  if (action === 'drop' && object.kind === 'column')
    return [{ table: object.parent ?? '', column: object.name, statement }];
  if (action !== 'alter' || object.kind !== 'column') return [];
  return Object.keys(overwritten).map((column) => ({ table: object.parent ?? '', column, statement }));
}
