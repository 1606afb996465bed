/** Computes the column names of a query, for tables and views that are made of one. */

import type { CommonTableExpr, Node, SelectStmt } from '@pgsql/types';
import { inferredName } from '../../postgres/inferred-names.js';
import { nodeOf, nodesOf } from '../../syntax/node-of.js';
import { namePartsOf } from '../../syntax/object-names.js';
import { runWalk, type TreeWalk, walkInto } from '../../syntax/tree-walk.js';

/** WITH queries around a query, by name. */
type Ctes = ReadonlyMap<string, CommonTableExpr>;

/** The names in order; undefined for all columns of a table or function, which only the database knows. */
export function columnNames(select: SelectStmt): (string | undefined)[] {
  return runWalk(namesOf(select, new Map()));
}

type Names = (string | undefined)[];

function* namesOf(select: SelectStmt, around: Ctes): TreeWalk<Names> {
  const own = nodesOf(select.withClause?.ctes, 'CommonTableExpr').map(
    (cte) => [cte.ctename ?? '', cte] as const,
  );
  const ctes: Ctes = new Map([...around, ...own]);
  if (select.larg) return yield* walkInto(namesOf(select.larg, ctes));
  const [row] = nodesOf(select.valuesLists, 'List');
  if (row) return (row.items ?? []).map((_, index) => `column${index + 1}`);
  const names: Names = [];
  for (const { name, val } of nodesOf(select.targetList, 'ResTarget')) {
    const star = name === undefined ? starOf(val) : undefined;
    if (star) names.push(...(yield* walkInto(starNames(select.fromClause ?? [], star.of, ctes))));
    else names.push(name ?? inferredName(val));
  }
  return names;
}

/** `*` or `t.*`. */
function starOf(value: Node | undefined): { of: string | undefined } | undefined {
  const fields = nodeOf(value, 'ColumnRef')?.fields ?? [];
  const last = fields.at(-1);
  return last && 'A_Star' in last ? { of: namePartsOf(fields).at(-1) } : undefined;
}

function* starNames(items: readonly Node[], of: string | undefined, ctes: Ctes): TreeWalk<Names> {
  const names: Names = [];
  for (const item of items) {
    const join = nodeOf(item, 'JoinExpr');
    const sides = [join?.larg, join?.rarg].filter((side) => side !== undefined);
    names.push(...(yield* walkInto(join ? starNames(sides, of, ctes) : sourceNames(item, of, ctes))));
  }
  return names;
}

function* sourceNames(item: Node, of: string | undefined, ctes: Ctes): TreeWalk<Names> {
  const [source] = Object.values(item) as { alias?: { aliasname?: string; colnames?: Node[] } }[];
  const range = nodeOf(item, 'RangeVar');
  const alias = source?.alias?.aliasname ?? range?.relname;
  if (of !== undefined && alias !== of) return [];
  const given = namePartsOf(source?.alias?.colnames);
  const names = yield* walkInto(insideNames(item, ctes));
  return names.map((name, index) => given[index] ?? name);
}

function* insideNames(item: Node, ctes: Ctes): TreeWalk<Names> {
  const query = nodeOf(nodeOf(item, 'RangeSubselect')?.subquery, 'SelectStmt');
  if (query) return yield* walkInto(namesOf(query, ctes));
  const range = nodeOf(item, 'RangeVar');
  const cte = range && !range.schemaname ? ctes.get(range.relname ?? '') : undefined;
  const inner = nodeOf(cte?.ctequery, 'SelectStmt');
  if (!cte || !inner) return [undefined];
  const given = namePartsOf(cte.aliascolnames);
  // A recursive query names itself only behind its first part.
  const others = new Map([...ctes].filter(([name]) => name !== cte.ctename));
  const names = yield* walkInto(namesOf(inner, others));
  return names.map((name, index) => given[index] ?? name);
}
