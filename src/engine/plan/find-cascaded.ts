/** Finds in the catalogs which rows go, or forget what they referred to, because a text deletes rows of another table. */

import type { Session } from '../../connections/driver.js';
import { quoteIdentifier, quoteLiteral } from '../../quote.js';
import type { KnownRow } from '../../sql/effects/effect.js';
import type { LostObject } from '../../sql/effects/lost-objects.js';
import { executeInCatalog } from '../ledger/catalog-path.js';
import { eq } from '../ledger/operators.js';
import { type LostRelation, lockPrivileges, lookUpTable, tablesBehind } from './find-lost.js';

/** A longer chain of rows, of which every one but the last was written by what is rolled back, is not looked for. */
const longestChain = 4;

/**
 * Of tables that lose some rows: those that refer to them with ON DELETE CASCADE, SET NULL or SET DEFAULT, and those that refer so
 * to rows that go with them.
 */
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
  // Only a key of a table to itself can be followed twice: a row of a tree takes others along at every level.
  const [result] = await executeInCatalog(
    session,
    `WITH RECURSIVE keys AS (
       SELECT c.* FROM pg_catalog.pg_constraint c JOIN pg_catalog.pg_class t ON t.oid = c.conrelid AND NOT t.relispartition
       WHERE c.contype = 'f' AND c.confdeltype IN ('c', 'n', 'd')
     ), chains (root, is_own, cleared, path, last) AS (
       SELECT r.root, r.is_own, r.cleared, ARRAY[k.oid], k.oid FROM (${roots.join(' UNION ALL ')}) r
       JOIN keys k ON k.confrelid = r.oid AND k.conrelid <> ALL (r.cleared)
       UNION ALL
       SELECT s.root, s.is_own, s.cleared, s.path || k.oid, k.oid FROM chains s
       JOIN keys l ON l.oid = s.last AND l.confdeltype = 'c'
       JOIN keys k ON k.confrelid = l.conrelid AND k.conrelid <> ALL (s.cleared) AND (k.oid <> ALL (s.path) OR k.conrelid = k.confrelid)
       WHERE pg_catalog.cardinality(s.path) < ${longestChain}
     )
     SELECT s.root, s.is_own, c.confdeltype AS action, coalesce(a.xmin, t.xmin)::pg_catalog.text AS created_by,
            pg_catalog.quote_ident(a.attname) AS column, k.links,
            pg_catalog.has_table_privilege(t.oid, '${lockPrivileges}') AS is_lockable,
            (SELECT pg_catalog.json_object_agg(o.attname, pg_catalog.format_type(o.atttypid, o.atttypmod))
             FROM pg_catalog.pg_constraint f JOIN pg_catalog.pg_attribute o ON o.attrelid = f.confrelid AND o.attnum > 0 AND NOT o.attisdropped
             WHERE f.oid = s.path[1]) AS types
     FROM chains s
     JOIN pg_catalog.pg_constraint c ON c.oid = s.last
     JOIN pg_catalog.pg_class t ON t.oid = c.conrelid
     LEFT JOIN pg_catalog.pg_attribute a ON c.confdeltype <> 'c' AND a.attrelid = t.oid AND a.attnum = c.conkey[1],
     LATERAL (SELECT pg_catalog.json_agg(pg_catalog.json_build_object('table', pg_catalog.format('%I.%I', n.nspname, o.relname),
         'parent', pg_catalog.format('%I.%I', pn.nspname, p.relname), 'pairs', m.pairs) ORDER BY u.place) AS links
       FROM pg_catalog.unnest(s.path) WITH ORDINALITY u (key, place)
       JOIN pg_catalog.pg_constraint f ON f.oid = u.key
       JOIN pg_catalog.pg_class o ON o.oid = f.conrelid JOIN pg_catalog.pg_namespace n ON n.oid = o.relnamespace
       JOIN pg_catalog.pg_class p ON p.oid = f.confrelid JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace,
       LATERAL (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(own.attname, other.attname, pg_catalog.format('OPERATOR(%I.%s)', opn.nspname, op.oprname))) AS pairs
         FROM ROWS FROM (pg_catalog.unnest(f.conkey), pg_catalog.unnest(f.confkey), pg_catalog.unnest(f.conpfeqop)) v (own, other, operator)
         JOIN pg_catalog.pg_attribute own ON own.attrelid = f.conrelid AND own.attnum = v.own
         JOIN pg_catalog.pg_attribute other ON other.attrelid = f.confrelid AND other.attnum = v.other
         JOIN pg_catalog.pg_operator op ON op.oid = v.operator JOIN pg_catalog.pg_namespace opn ON opn.oid = op.oprnamespace) m) k
     ORDER BY s.root, pg_catalog.cardinality(s.path), c.confdeltype, c.oid`,
  );
  return (result?.rows ?? []).map((row) => relationOf(row, thinned[Number(row.root)]?.rows));
}

/** A foreign key, with names as SQL and columns as they are. */
interface Link {
  table: string;
  parent: string;
  pairs: [own: string, other: string, operator: string][];
}

/** @param rows in the words of the statement: a view may have other columns of these names. */
function relationOf(
  { is_own, is_lockable, action, created_by, column, links, types }: Readonly<Record<string, string | null>>,
  rows: readonly KnownRow[] | undefined,
): LostRelation {
  const chain = JSON.parse(links ?? '[]') as Link[];
  const named = conditionOf(
    is_own === 't' ? rows : undefined,
    JSON.parse(types ?? '{}') as Record<string, string>,
  );
  return {
    ...{ ...rowsAt(chain, named), isSequence: false, isForeign: false, createdBy: created_by ?? '' },
    isLockable: is_lockable === 't',
    ...(action === 'c' ? { how: 'cascaded' } : { how: 'overwritten' }),
    ...(column ? { column } : {}),
  };
}

function rowsAt(
  chain: readonly Link[],
  named: readonly string[],
): Pick<LostRelation, 'table' | 'condition' | 'through'> {
  const table = chain.at(-1)?.table ?? '';
  const condition = refersTo(chain, table, named);
  return { table, condition, ...(chain.length > 1 ? { through: rowsAt(chain.slice(0, -1), named) } : {}) };
}

/** @param chain its last key is that of the row. @param named what holds for the row at its other end, `p1`. */
function refersTo(chain: readonly Link[], row: string, named: readonly string[]): string {
  const last = chain.at(-1);
  if (!last) return named.join(' AND ');
  const parent = `p${chain.length}`;
  const match = last.pairs.map(
    ([own, other, operator]) =>
      `${parent}.${quoteIdentifier(other)} ${operator} ${row}.${quoteIdentifier(own)}`,
  );
  const onward = chain.length > 1 ? [refersTo(chain.slice(0, -1), parent, named)] : named;
  return `EXISTS (SELECT 1 FROM ${last.parent} ${parent} WHERE ${[...match, ...onward].join(' AND ')})`;
}

/** @returns none for any rows. */
function conditionOf(
  rows: readonly KnownRow[] | undefined,
  types: Readonly<Record<string, string>>,
): string[] {
  if (!rows) return [];
  const each = rows.map((row) =>
    Object.entries(row).flatMap(([column, value]) =>
      types[column] === undefined ? [] : [hasValue(`p1.${quoteIdentifier(column)}`, value, types[column])],
    ),
  );
  if (each.some((conditions) => conditions.length === 0)) return [];
  return [`(${each.map((conditions) => `(${conditions.join(' AND ')})`).join(' OR ')})`];
}

function hasValue(column: string, value: string, type: string): string {
  return `${column}::pg_catalog.text ${eq} CAST(${quoteLiteral(value)} AS ${type})::pg_catalog.text`;
}
