/** Reads which columns of one table a simple view shows: PostgreSQL passes changes of its rows on to them (view_query_is_auto_updatable). */

import type { SelectStmt } from '@pgsql/types';
import { nodeOf, nodesOf } from '../../syntax/node-of.js';
import { namePartsOf } from '../../syntax/object-names.js';
import type { DefinitionParts } from '../effect.js';

/** @returns undefined for a view whose rows are not those of one table or view. */
export function shownColumns(
  query: SelectStmt | undefined,
  aliases: readonly string[],
): DefinitionParts['shown'] {
  if (!query || isComposed(query)) return undefined;
  const targets = nodesOf(query.targetList, 'ResTarget');
  const shown = targets.map(({ name, val }, index): [string, string] | 'all' | undefined => {
    const fields = nodeOf(val, 'ColumnRef')?.fields ?? [];
    const column = namePartsOf(fields).at(-1);
    if (fields.some((field) => 'A_Star' in field)) return 'all';
    return column === undefined ? undefined : [aliases[index] ?? name ?? column, column];
  });
  const isWhole = shown.includes('all');
  // Behind `*` nobody knows which column an alias is for.
  if (isWhole && aliases.length > 0) return undefined;
  const named = shown.filter((one): one is [string, string] => Array.isArray(one));
  return { columns: Object.fromEntries(named), isWhole };
}

/** It joins, groups or limits, so that a row is not one row of a table. */
function isComposed(query: SelectStmt): boolean {
  const { fromClause = [], groupClause, havingClause, distinctClause, limitCount, limitOffset } = query;
  const isOneTable = fromClause.length === 1 && nodeOf(fromClause[0], 'RangeVar') !== undefined;
  const isNarrowed = [havingClause, limitCount, limitOffset].some((clause) => clause !== undefined);
  const parts = [groupClause, distinctClause, query.withClause?.ctes, query.valuesLists];
  return (
    !isOneTable || isNarrowed || parts.some((list) => (list ?? []).length > 0) || query.larg !== undefined
  );
}
