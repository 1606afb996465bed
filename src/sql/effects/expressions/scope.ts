/** The tables that a column name may belong to at one place of a query. */

import type { ObjectId } from '../../syntax/object-id.js';
import { partOf } from '../../syntax/object-names.js';
import { emit, emitUse, type ReaderContext } from '../context.js';
import type { Effect } from '../effect.js';

/** One item of FROM. */
interface Source {
  /** The name by which its columns are qualified. */
  alias: string;
  /** The table or view; undefined for subqueries, functions and CTEs, whose columns belong to no object. */
  relation?: ObjectId | undefined;
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
    if (qualified?.relation)
      emit(context, {
        action: 'use',
        object: partOf(qualified.relation, 'column', column),
        at,
        ...comparedWith(context),
      });
    else if (!qualified) useField(context, fields[0] ?? '', scope, at);
    return;
  }
  const whole = findSource(scope, fields);
  if (whole?.relation) emitUse(context, whole.relation, at, 'all columns');
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
  for (const source of found) {
    if (source?.relation) emitUse(context, source.relation, at, 'all columns');
  }
}

function useUnqualified(context: ReaderContext, column: string, scope: Scope, at?: number): void {
  const candidates: ObjectId[] = [];
  let sources = 0;
  for (let level: Scope | undefined = scope; level; level = level.parent) {
    sources += level.sources.length;
    for (const { relation } of level.sources) if (relation) candidates.push(relation);
  }
  const isGuess = sources > 1 || context.variables.has(column);
  for (const relation of candidates) {
    const object = partOf(relation, 'column', column);
    emit(context, { action: 'use', object, at, ...comparedWith(context), ...(isGuess ? { isGuess } : {}) });
  }
}

function comparedWith({
  literals,
  field,
  operator,
}: ReaderContext): Pick<Effect, 'literals' | 'field' | 'operator'> {
  return {
    ...(literals ? { literals } : {}),
    ...(field === undefined ? {} : { field }),
    ...(operator === undefined ? {} : { operator }),
  };
}

/** `a.b` whose `a` is no table: a field of a column or variable. */
function useField(context: ReaderContext, name: string, scope: Scope, at?: number): void {
  if (!context.variables.has(name)) useUnqualified(context, name, scope, at);
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
