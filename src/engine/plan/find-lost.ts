/** Finds in the catalogs which tables and columns go with the objects that a text drops, and which tables it empties. */

import type { Session } from '../../connections/driver.js';
import { quoteIdentifier, quoteLiteral } from '../../quote.js';
import type { LostObject } from '../../sql/effects/lost-objects.js';

/** A table that goes or is emptied, or a column that goes. */
export interface LostRelation {
  /** The table as SQL. */
  table: string;
  /** As SQL. */
  column?: string;
  /** The column's default value, as SQL. */
  defaultValue?: string;
  /** The transaction that made it, as text. */
  createdBy: string;
}

/** Those that exist, in the order of their names. Partitions show by themselves only where their table stays. */
export async function findLostRelations(
  session: Session,
  objects: readonly LostObject[],
): Promise<LostRelation[]> {
  const dropped = objects.filter(({ isEmptied }) => !isEmptied).map(rootOf);
  const emptied = objects
    .filter(({ isEmptied }) => isEmptied)
    .flatMap((object) => [rootOf(object), tablesBehind(object)]);
  const [result] = await session.execute(`
    WITH RECURSIVE gone (catalog, object, part, cascades) AS (
      ${unionOf(dropped)}
      UNION
      SELECT d.classid, d.objid, d.objsubid, g.cascades FROM gone g JOIN pg_catalog.pg_depend d
        ON d.refclassid = g.catalog AND d.refobjid = g.object AND (g.part = 0 OR d.refobjsubid = g.part)
      WHERE g.cascades OR d.deptype <> 'n'
    ), emptied (catalog, object, part, cascades) AS (
      ${unionOf(emptied)}
      UNION
      SELECT e.catalog, c.conrelid, 0, true FROM emptied e
      JOIN pg_catalog.pg_constraint c ON c.contype = 'f' AND c.confrelid = e.object WHERE e.cascades
    ), lost (object, part) AS (
      SELECT object, part FROM gone WHERE catalog = 'pg_catalog.pg_class'::pg_catalog.regclass
      UNION SELECT object, 0 FROM emptied
    )
    SELECT DISTINCT pg_catalog.format('%I.%I', n.nspname, c.relname) AS table,
           CASE WHEN l.part > 0 THEN pg_catalog.quote_ident(a.attname) END AS column,
           pg_catalog.pg_get_expr(f.adbin, f.adrelid) AS default_value, a.xmin::pg_catalog.text AS created_by
    FROM lost l JOIN pg_catalog.pg_class c ON c.oid = l.object AND c.relkind IN ('r', 'p')
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND CASE WHEN l.part > 0 THEN a.attnum = l.part ELSE a.attname = 'tableoid' END
    LEFT JOIN pg_catalog.pg_attrdef f ON l.part > 0 AND f.adrelid = c.oid AND f.adnum = l.part
    WHERE a.attgenerated = ''
      AND (l.part = 0 OR NOT EXISTS (SELECT FROM lost t WHERE t.object = l.object AND t.part = 0))
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_inherits i JOIN lost t ON t.object = i.inhparent AND t.part = 0
                      WHERE c.relispartition AND i.inhrelid = c.oid)
    ORDER BY 1, 2`);
  return (result?.rows ?? []).map((row) => ({
    table: row.table ?? '',
    createdBy: row.created_by ?? '',
    ...(row.column ? { column: row.column } : {}),
    ...(isLiteral.test(row.default_value ?? '') ? { defaultValue: row.default_value ?? '' } : {}),
  }));
}

/** The form that `pg_get_expr` gives a constant: evaluating it again has no effects. */
const isLiteral =
  /^(?:'(?:[^']|'')*'|-?[\d.]+|\(-[\d.]+\)|true|false)(?:::[\w ."]+(?:\(\d+(?:,\d+)?\))?(?:\[\])?)?$/;

function unionOf(roots: readonly string[]): string {
  return roots.length === 0
    ? 'SELECT 0::pg_catalog.oid, 0::pg_catalog.oid, 0, false WHERE false'
    : roots.map((root) => `(${root})`).join(' UNION ');
}

/** The tables that a view reads, of which it deletes rows. */
function tablesBehind(view: LostObject): string {
  return `SELECT d.refclassid, d.refobjid, 0, false FROM (${rootOf(view)}) v (catalog, object)
    JOIN pg_catalog.pg_rewrite r ON r.ev_class = v.object AND r.ev_type = '1'
    JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.objid = r.oid
      AND d.refclassid = v.catalog AND d.refobjid <> v.object`;
}

/** One object as a row of catalog, oid, number of the column, and whether CASCADE takes what depends on it along. */
function rootOf({ kind, schemas, names, isCascade }: LostObject): string {
  const row = (catalog: string, object: string, part = '0') =>
    `SELECT 'pg_catalog.${catalog}'::pg_catalog.regclass::pg_catalog.oid, o.oid, ${part}, ${isCascade} FROM (SELECT ${object} AS oid) o WHERE o.oid IS NOT NULL`;
  const [name = '', column = ''] = names;
  const found = (lookUp: string, type: string) => {
    const candidates = schemas.length > 0 ? schemas.map((schema) => [schema, name]) : [[name]];
    const texts = candidates.map((parts) => quoteLiteral(parts.map(quoteIdentifier).join('.')));
    return `coalesce(${texts.map((text) => `pg_catalog.${lookUp}(${text})`).join(', ')})::pg_catalog.${type}::pg_catalog.oid`;
  };
  const named = (catalog: string, field: string) =>
    row(catalog, `(SELECT oid FROM pg_catalog.${catalog} WHERE ${field} = ${quoteLiteral(name)})`);
  switch (kind) {
    case 'table':
      return row('pg_class', found('to_regclass', 'regclass'));
    case 'column':
      return `SELECT 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, a.attrelid, a.attnum::pg_catalog.int4, ${isCascade} FROM pg_catalog.pg_attribute a
        WHERE a.attrelid = ${found('to_regclass', 'regclass')} AND a.attname = ${quoteLiteral(column)} AND NOT a.attisdropped`;
    case 'type':
      return row('pg_type', found('to_regtype', 'regtype'));
    case 'collation':
      return row('pg_collation', found('to_regcollation', 'regcollation'));
    case 'schema':
      return named('pg_namespace', 'nspname');
    case 'extension':
      return named('pg_extension', 'extname');
  }
}
