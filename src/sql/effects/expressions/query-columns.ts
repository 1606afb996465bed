/** Finds out what a query calls its columns, for tables and views that are made of one. */

import type { CommonTableExpr, Node, SelectStmt } from '@pgsql/types';
import { inferredName } from '../../postgres/inferred-names.js';
import { nodeOf, nodesOf } from '../../syntax/node-of.js';
import { namePartsOf } from '../../syntax/object-names.js';

/** WITH queries around a query, by name. */
type Ctes = ReadonlyMap<string, CommonTableExpr>;

/** The names in order; undefined for all columns of a table or function, which only the database knows. */
export function columnNames(select: SelectStmt, around: Ctes = new Map()): (string | undefined)[] {
  const own = nodesOf(select.withClause?.ctes, 'CommonTableExpr').map(
    (cte) => [cte.ctename ?? '', cte] as const,
  );
  const ctes: Ctes = new Map([...around, ...own]);
  if (select.larg) return columnNames(select.larg, ctes);
  const [row] = nodesOf(select.valuesLists, 'List');
  if (row) return (row.items ?? []).map((_, index) => `column${index + 1}`);
  return nodesOf(select.targetList, 'ResTarget').flatMap(({ name, val }) => {
    if (name !== undefined) return [name];
    const star = starOf(val);
    return star ? starNames(select.fromClause ?? [], star.of, ctes) : [inferredName(val)];
  });
}

/** `*` or `t.*`. */
function starOf(value: Node | undefined): { of: string | undefined } | undefined {
  const fields = nodeOf(value, 'ColumnRef')?.fields ?? [];
  const last = fields.at(-1);
  return last && 'A_Star' in last ? { of: namePartsOf(fields).at(-1) } : undefined;
}

function starNames(items: readonly Node[], of: string | undefined, ctes: Ctes): (string | undefined)[] {
  return items.flatMap((item) => {
    const join = nodeOf(item, 'JoinExpr');
    if (join) {
      return starNames(
        [join.larg, join.rarg].filter((side) => side !== undefined),
        of,
        ctes,
      );
    }
    return sourceNames(item, of, ctes);
  });
}

function sourceNames(item: Node, of: string | undefined, ctes: Ctes): (string | undefined)[] {
  const [source] = Object.values(item) as { alias?: { aliasname?: string; colnames?: Node[] } }[];
  const range = nodeOf(item, 'RangeVar');
  const alias = source?.alias?.aliasname ?? range?.relname;
  if (of !== undefined && alias !== of) return [];
  const given = namePartsOf(source?.alias?.colnames);
  return insideNames(item, ctes).map((name, index) => given[index] ?? name);
}

function insideNames(item: Node, ctes: Ctes): (string | undefined)[] {
  const query = nodeOf(nodeOf(item, 'RangeSubselect')?.subquery, 'SelectStmt');
  if (query) return columnNames(query, ctes);
  const range = nodeOf(item, 'RangeVar');
  const cte = range && !range.schemaname ? ctes.get(range.relname ?? '') : undefined;
  const inner = nodeOf(cte?.ctequery, 'SelectStmt');
  if (!cte || !inner) return [undefined];
  const given = namePartsOf(cte.aliascolnames);
  // A recursive query names itself only behind its first part.
  const others = new Map([...ctes].filter(([name]) => name !== cte.ctename));
  return columnNames(inner, others).map((name, index) => given[index] ?? name);
}
