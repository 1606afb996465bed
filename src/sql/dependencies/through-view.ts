/** Translates a change of a view's rows into the names that its table gives the columns. */

import type { Effect, KnownRow } from '../effects/effect.js';

/** An INSERT that names no columns, of which the view's are not known. */
export function isUnnamed({ given, columns = [] }: Effect): boolean {
  return given !== undefined && columns.length === 0;
}

/** @param columnOf the table's column behind a column of the view; where it does not know one of them, all are left out. */
export function throughView(effect: Effect, columnOf: (name: string) => string | undefined): Effect {
  const { columns, rows, nulls, valued, given: __, counts: _, ...words } = effect;
  const named = [columns, nulls, valued, ...(rows ?? []).map(Object.keys)].flatMap((names) => names ?? []);
  if (isUnnamed(effect) || named.some((name) => columnOf(name) === undefined)) return words;
  const translate = (name: string) => columnOf(name) ?? name;
  const translateRow = (row: KnownRow) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [translate(name), value]));
  return {
    ...words,
    ...(columns ? { columns: columns.map(translate) } : {}),
    ...(nulls ? { nulls: nulls.map(translate) } : {}),
    ...(valued ? { valued: valued.map(translate) } : {}),
    ...(rows ? { rows: rows.map(translateRow) } : {}),
  };
}
