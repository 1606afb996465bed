/** Compares rows that two migrations insert: whether they have the same values of a unique key. */

import type { Effect, KnownRow } from '../effects/effect.js';
import type { ColumnFacts } from './column-facts.js';
import type { InsertedKey } from './conflict.js';

/** The rows of one INSERT, whose columns have their names, and what is known of those that it gives no value. */
export interface InsertedRows {
  rows: readonly KnownRow[];
  /** The columns that it names; undefined where it names none. */
  columns: Effect['columns'];
}

/** `sure`: two rows have the same values. `perhaps`: a sequence, an expression or a condition decides. */
type Sharing = 'sure' | 'perhaps' | 'none';

/** @param factsOf what is known of a column */
export function shareKey(
  one: InsertedRows,
  other: InsertedRows,
  { key, factsOf }: { key: InsertedKey; factsOf(column: string): ColumnFacts },
): Sharing {
  const found = one.rows.flatMap((row) =>
    other.rows.map((second) => {
      const each = key.columns.map((column) => {
        const facts = factsOf(column);
        const values = [valueIn(row, column, one, facts), valueIn(second, column, other, facts)] as const;
        return compare(values, facts, key.isComputed);
      });
      return each.includes('none') ? 'none' : each.includes('perhaps') ? 'perhaps' : 'sure';
    }),
  );
  const isSure = found.includes('sure') && !key.isPartial;
  return isSure ? 'sure' : found.some((one) => one !== 'none') ? 'perhaps' : 'none';
}

/** A literal; `numbered` for the next number of a sequence; undefined for what nobody knows. */
type Value = { literal: string } | 'numbered' | undefined;

function valueIn(row: KnownRow, column: string, { columns }: InsertedRows, facts: ColumnFacts): Value {
  const literal = row[column];
  if (literal !== undefined) return { literal };
  if (!columns || columns.length === 0 || columns.includes(column)) return undefined;
  if (facts.isNumbered) return 'numbered';
  return facts.value === undefined ? undefined : { literal: facts.value };
}

function compare([one, other]: readonly [Value, Value], facts: ColumnFacts, isComputed: boolean): Sharing {
  if (one === undefined || other === undefined || (one === 'numbered' && other === 'numbered')) return 'none';
  if (one === 'numbered' || other === 'numbered') return 'perhaps';
  if (one.literal === other.literal) return 'sure';
  const alike = isComputed ? lowered : alikeBy[facts.type ?? ''];
  return alike && alike(one.literal) === alike(other.literal) ? 'perhaps' : 'none';
}

const lowered = (text: string) => text.trim().toLowerCase();
const asNumber = (text: string) => String(Number(text));

/** What equal values have in common that are written in several ways, by their type. */
const alikeBy: Readonly<Record<string, (text: string) => string>> = {
  citext: lowered,
  uuid: (text) => lowered(text).replace(/[{}-]/g, ''),
  bpchar: (text) => text.trimEnd(),
  numeric: asNumber,
  float8: asNumber,
  float4: asNumber,
  bool: (text) => lowered(text).slice(0, 1),
};
