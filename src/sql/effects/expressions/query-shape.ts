/** Computes the number of columns of a query, and the columns that it passes on unchanged. */

import type { Node, SelectStmt } from '@pgsql/types';
import { nodeOf, nodesOf } from '../../syntax/node-of.js';
import type { ObjectId } from '../../syntax/object-id.js';
import { namePartsOf, partOf } from '../../syntax/object-names.js';
import type { ReaderContext } from '../context.js';
import { usedRelation } from '../resolve-names.js';
import type { Scope } from './scope.js';

/** The items of the result list: single values, and all columns of relations. */
export interface QueryShape {
  values: number;
  /** The relations behind `*`, once for each. */
  stars: readonly ObjectId[];
  /** Columns that are results as they are. */
  columns: readonly ObjectId[];
}

interface NamedSource {
  alias: string;
  relation: ObjectId;
}

/** @returns undefined where a `*` means more than plain relations. */
export function shapeOfQuery(
  context: ReaderContext,
  select: SelectStmt | undefined,
  scope: Scope,
): QueryShape | undefined {
  if (!select) return undefined;
  if (select.larg) return shapeOfQuery(context, select.larg, scope);
  const [row] = nodesOf(select.valuesLists, 'List');
  if (row) return { values: (row.items ?? []).length, stars: [], columns: [] };
  const sources = sourcesOf(context, select, scope);
  const shape = { values: 0, stars: [] as ObjectId[], columns: [] as ObjectId[] };
  for (const { val } of nodesOf(select.targetList, 'ResTarget')) {
    const fields = nodeOf(val, 'ColumnRef')?.fields ?? [];
    const parts = namePartsOf(fields);
    if (parts.length === fields.length) {
      shape.values += 1;
      if (parts.length > 0) shape.columns.push(...columnsOf(parts, sources ?? []));
      continue;
    }
    if (!sources) return undefined;
    shape.stars.push(...meant(parts, sources).map(({ relation }) => relation));
  }
  return shape;
}

/** @returns undefined when one of FROM is no plain relation. */
function sourcesOf(context: ReaderContext, select: SelectStmt, scope: Scope): NamedSource[] | undefined {
  const ctes = nodesOf(select.withClause?.ctes, 'CommonTableExpr').map(({ ctename }) => ctename ?? '');
  const found: NamedSource[] = [];
  const isRead = (item: Node): boolean => {
    const join = nodeOf(item, 'JoinExpr');
    // USING and NATURAL merge columns.
    if (join)
      return (
        !join.usingClause && !join.isNatural && [join.larg, join.rarg].every((one) => !one || isRead(one))
      );
    const range = nodeOf(item, 'RangeVar');
    if (!range || range.alias?.colnames) return false;
    const name = range.relname ?? '';
    if (!range.schemaname && (ctes.includes(name) || scope.ctes.has(name))) return false;
    found.push({ alias: range.alias?.aliasname ?? name, relation: usedRelation(context, range) });
    return true;
  };
  return (select.fromClause ?? []).every(isRead) ? found : undefined;
}

function meant(qualifier: readonly string[], sources: readonly NamedSource[]): readonly NamedSource[] {
  return qualifier.length === 0 ? sources : sources.filter(({ alias }) => alias === qualifier.at(-1));
}

function columnsOf(parts: readonly string[], sources: readonly NamedSource[]): ObjectId[] {
  const found = meant(parts.slice(0, -1), sources);
  return found.length === 1
    ? found.map(({ relation }) => partOf(relation, 'column', parts.at(-1) ?? ''))
    : [];
}
