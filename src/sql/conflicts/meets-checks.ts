/** Tries known rows against the simple conditions of a CHECK. */

import type { KnownRow, SimpleCheck } from '../effects/effect.js';

/** Whether each row surely fulfils each condition. */
export function meetsChecks(
  rows: readonly KnownRow[] | undefined,
  checks: readonly SimpleCheck[] | undefined,
): boolean {
  if (!rows || !checks) return false;
  return rows.every((row) => checks.every((check) => meets(row[check.column], check)));
}

function meets(value: string | undefined, { operator, values }: SimpleCheck): boolean {
  if (value === undefined) return false;
  if (operator === '=') return values.includes(value);
  const [limit = ''] = values;
  const [number, other] = [toNumber(value), toNumber(limit)];
  return comparisons[operator]?.(number, other) === true;
}

/** Comparisons with what is no number are false. */
const comparisons: Readonly<Record<string, (one: number, other: number) => boolean>> = {
  '<': (one, other) => one < other,
  '<=': (one, other) => one <= other,
  '>': (one, other) => one > other,
  '>=': (one, other) => one >= other,
};

function toNumber(text: string): number {
  return /^-?\d{1,15}(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
}
