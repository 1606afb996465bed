/** The tables that a column name may belong to at one place of a query. */

import type { ObjectId } from '../../syntax/object-id.js';
import { partOf } from '../../syntax/object-names.js';
import { emit, emitUse, type ReaderContext } from '../context.js';
import type { Effect } from '../effect.js';
import { isOfTriggerRow } from '../trigger-row.js';

/** One item of FROM. */
interface Source {
  /** The name by which its columns are qualified. */
  alias: string;
  /** The table or view; undefined for subqueries, functions and CTEs, whose columns belong to no object. */
  relation?: ObjectId | undefined;
  /** The function whose result it is; only the history knows the columns of its type. */
  routine?: ObjectId | undefined;
  /** Its columns are never meant without the name, as those of NEW and OLD. */
  isQualified?: true;
}

/** The sources of a query, and those of the queries around it. */
export interface Scope {
  sources: Source[];
  /** Names of WITH, which hide tables. */
  ctes: ReadonlySet<string>;
  parent?: Scope;
}

/** No tables at all. */
export const noScope: Scope = { sources: [], ctes: new Set() };

/** For expressions about one table, such as a check. */
export function scopeOf(relation: ObjectId): Scope {
  return { sources: [{ alias: relation.name, relation }], ctes: new Set() };
}

/** A subquery sees what surrounds it. */
export function innerScope(parent: Scope, ctes: Iterable<string> = []): Scope {
  return { sources: [], ctes: new Set([...parent.ctes, ...ctes]), parent };
}

/** Writes down which columns a reference such as `a`, `t.a`, `s.t.a` or `t.*` can mean. */
export function useColumn(
  context: ReaderContext,
  fields: readonly string[],
  scope: Scope,
  at?: number,
): void {
  const column = fields.at(-1) ?? '';
  if (fields.length > 1) {
    const qualified = findSource(scope, fields.slice(0, -1));
    if (qualified) useOf(context, qualified, { column, at });
    else useField(context, fields, scope, at);
    return;
  }
  const whole = findSource(scope, fields);
  if (whole?.relation) emitUse(context, whole.relation, at, 'whole row');
  useUnqualified(context, column, scope, at);
}

/** `t.*`, or `*` for all of them. */
export function useAllColumns(
  context: ReaderContext,
  fields: readonly string[],
  scope: Scope,
  at?: number,
): void {
  const found = fields.length > 0 ? [findSource(scope, fields)] : scope.sources;
  const row = context.rowTypes?.get(fields[0] ?? '');
  if (row && isOfTriggerRow(row)) emitUse(context, row, at, 'all columns');
  for (const source of found) {
    if (source?.relation) emitUse(context, source.relation, at, 'all columns');
    if (source?.routine) emitUse(context, source.routine, at, 'result');
  }
}

function useUnqualified(context: ReaderContext, column: string, scope: Scope, at?: number): void {
  const sources: Source[] = [];
  for (let level: Scope | undefined = scope; level; level = level.parent)
    sources.push(...level.sources.filter(({ isQualified }) => !isQualified));
  const isGuess = sources.length > 1 || context.variables.has(column);
  for (const source of sources) useOf(context, source, { column, at, ...(isGuess ? { isGuess } : {}) });
}

/** A column of a source. */
function useOf(
  context: ReaderContext,
  { relation, routine }: Source,
  { column, ...words }: { column: string; at: number | undefined; isGuess?: boolean },
): void {
  if (relation) {
    const object = partOf(relation, 'column', column);
    emit(context, { action: 'use', object, ...words, ...comparedWith(context) });
  } else if (routine)
    emit(context, { action: 'use', object: routine, ...words, usage: 'result', field: column });
}

function comparedWith({
  literals,
  field,
  operator,
  cast,
}: ReaderContext): Pick<Effect, 'literals' | 'field' | 'operator' | 'cast'> {
  return {
    ...(cast ? { cast } : {}),
    ...(literals ? { literals } : {}),
    ...(field === undefined ? {} : { field }),
    ...(operator === undefined ? {} : { operator }),
  };
}

/** `a.b` whose `a` is no table: a field of a column or variable. */
function useField(
  context: ReaderContext,
  [name = '', field = '']: readonly string[],
  scope: Scope,
  at?: number,
): void {
  const type = context.rowTypes?.get(name);
  if (type)
    emit(context, { action: 'use', object: partOf(type, 'column', field), at, ...comparedWith(context) });
  else if (!context.variables.has(name)) useUnqualified(context, name, scope, at);
}

function findSource(scope: Scope, qualifier: readonly string[]): Source | undefined {
  for (let level: Scope | undefined = scope; level; level = level.parent) {
    const found = level.sources.find((source) => isCalled(source, qualifier));
    if (found) return found;
  }
  return undefined;
}

function isCalled({ alias, relation }: Source, qualifier: readonly string[]): boolean {
  if (alias !== qualifier.at(-1)) return false;
  const schema = qualifier.at(-2);
  return schema === undefined || relation?.schema === schema;
}
