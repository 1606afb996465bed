/** Finds in the catalogs which rows go, or forget what they referred to, because a text deletes rows of another table. */

import type { Session } from '../../connections/driver.js';
import { quoteIdentifier, quoteLiteral } from '../../quote.js';
import type { KnownRow } from '../../sql/effects/effect.js';
import type { LostObject } from '../../sql/effects/lost-objects.js';
import { executeInCatalog } from '../ledger/catalog-path.js';
import { eq } from '../ledger/operators.js';
import { type LostRelation, lookUpTable, tablesBehind } from './find-lost.js';

/** Of tables that lose some rows: those that refer to them with ON DELETE CASCADE, SET NULL or SET DEFAULT. */
export async function findCascaded(
  session: Session,
  objects: readonly LostObject[],
): Promise<LostRelation[]> {
  const thinned = objects.filter(({ how }) => how === 'thinned');
  if (thinned.length === 0) return [];
  const roots = thinned.map(
    (object, index) =>
      `SELECT r.oid, r.is_own, ${index} AS root, ARRAY[${(object.cleared ?? []).map(lookUpTable).join(', ')}]::pg_catalog.oid[] AS cleared FROM (
        SELECT ${lookUpTable(object)}, true UNION ALL
        SELECT object, false FROM (${tablesBehind(object)}) b (catalog, object, part, cascades)) r (oid, is_own)`,
  );
  const [result] = await executeInCatalog(
    session,
    `SELECT r.root, r.is_own, c.confdeltype AS action, pg_catalog.format('%I.%I', n.nspname, t.relname) AS table,
            pg_catalog.format('%I.%I', pn.nspname, p.relname) AS parent, coalesce(a.xmin, t.xmin)::pg_catalog.text AS created_by,
            pg_catalog.quote_ident(a.attname) AS column, k.pairs,
            (SELECT pg_catalog.json_object_agg(o.attname, pg_catalog.format_type(o.atttypid, o.atttypmod))
             FROM pg_catalog.pg_attribute o WHERE o.attrelid = p.oid AND o.attnum > 0 AND NOT o.attisdropped) AS types
     FROM (${roots.join(' UNION ALL ')}) r
     JOIN pg_catalog.pg_constraint c ON c.contype = 'f' AND c.confrelid = r.oid AND c.confdeltype IN ('c', 'n', 'd')
     JOIN pg_catalog.pg_class t ON t.oid = c.conrelid AND NOT t.relispartition AND t.oid <> ALL (r.cleared)
     JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
     JOIN pg_catalog.pg_class p ON p.oid = c.confrelid JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
     LEFT JOIN pg_catalog.pg_attribute a ON c.confdeltype <> 'c' AND a.attrelid = t.oid AND a.attnum = c.conkey[1],
     LATERAL (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(own.attname, other.attname, pg_catalog.format('OPERATOR(%I.%s)', opn.nspname, op.oprname))) AS pairs
       FROM ROWS FROM (pg_catalog.unnest(c.conkey), pg_catalog.unnest(c.confkey), pg_catalog.unnest(c.conpfeqop)) u (own, other, operator)
       JOIN pg_catalog.pg_attribute own ON own.attrelid = t.oid AND own.attnum = u.own
       JOIN pg_catalog.pg_attribute other ON other.attrelid = p.oid AND other.attnum = u.other
       JOIN pg_catalog.pg_operator op ON op.oid = u.operator JOIN pg_catalog.pg_namespace opn ON opn.oid = op.oprnamespace) k
     ORDER BY 1, 3`,
  );
  return (result?.rows ?? []).map((row) => relationOf(row, thinned[Number(row.root)]?.rows));
}

/** @param rows in the words of the statement: a view may have other columns of these names. */
function relationOf(
  {
    is_own,
    action,
    table,
    parent,
    created_by,
    column,
    pairs,
    types,
  }: Readonly<Record<string, string | null>>,
  rows: readonly KnownRow[] | undefined,
): LostRelation {
  const keys = JSON.parse(pairs ?? '[]') as [own: string, other: string, operator: string][];
  const refers = keys.map(
    ([own, other, operator]) => `p.${quoteIdentifier(other)} ${operator} ${table}.${quoteIdentifier(own)}`,
  );
  const named = conditionOf(
    is_own === 't' ? rows : undefined,
    JSON.parse(types ?? '{}') as Record<string, string>,
  );
  const condition = `EXISTS (SELECT FROM ${parent} p WHERE ${[...refers, ...named].join(' AND ')})`;
  return {
    ...{ table: table ?? '', isSequence: false, isForeign: false, createdBy: created_by ?? '', condition },
    ...(action === 'c' ? { how: 'cascaded' } : { how: 'overwritten' }),
    ...(column ? { column } : {}),
  };
}

/** @returns none for any rows. */
function conditionOf(
  rows: readonly KnownRow[] | undefined,
  types: Readonly<Record<string, string>>,
): string[] {
  if (!rows) return [];
  const each = rows.map((row) =>
    Object.entries(row).flatMap(([column, value]) =>
      types[column] === undefined ? [] : [hasValue(`p.${quoteIdentifier(column)}`, value, types[column])],
    ),
  );
  if (each.some((conditions) => conditions.length === 0)) return [];
  return [`(${each.map((conditions) => `(${conditions.join(' AND ')})`).join(' OR ')})`];
}

function hasValue(column: string, value: string, type: string): string {
  return `${column}::pg_catalog.text ${eq} CAST(${quoteLiteral(value)} AS ${type})::pg_catalog.text`;
}
