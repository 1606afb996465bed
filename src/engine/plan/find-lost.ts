/** Finds in the catalogs which tables and columns go with the objects that a text drops, which tables it empties, and which columns it overwrites. */

import type { Session } from '../../connections/driver.js';
import { quoteIdentifier, quoteLiteral, quoteTextArray } from '../../quote.js';
import type { NewValue } from '../../sql/effects/effect.js';
import type { CascadingKind } from '../../sql/effects/lost-kinds.js';
import type { LostObject } from '../../sql/effects/lost-objects.js';
import { executeInCatalog } from '../ledger/catalog-path.js';

/** A table that goes or is emptied, a column that goes or is overwritten, or a sequence that goes. */
export interface LostRelation {
  /** `cascaded`: rows go with those of another table that they refer to. */
  how: Exclude<LostObject['how'], 'thinned'> | 'cascaded';
  /** The table or sequence as SQL. */
  table: string;
  isSequence: boolean;
  /** Whether the role may lock it. */
  isLockable: boolean;
  /** Its rows have no `xmin`, as they are on another server. */
  isForeign: boolean;
  /** As SQL. */
  column?: string;
  /** The column's type, as SQL. */
  type?: string;
  /** The attribute of the column's type that goes, as SQL. */
  attribute?: string;
  /** What the rows of an overwritten column get. */
  value?: NewValue;
  /** The column's default value, as SQL. */
  defaultValue?: string;
  /** The transaction that made it, as text. */
  createdBy: string;
  /** The rows that are lost, as SQL; undefined means all. */
  condition?: string;
  /** Rows that must go for these to go, where they are of another table than the text deletes from. */
  through?: Pick<LostRelation, 'table' | 'condition' | 'through'>;
}

/** Those that exist, in the order of their names. Partitions show by themselves only where their table stays. */
export async function findLostRelations(
  session: Session,
  objects: readonly LostObject[],
): Promise<LostRelation[]> {
  const dropped = objects.filter(({ how }) => how === 'dropped').map(rootOf);
  const emptied = objects
    .filter(({ how }) => how === 'emptied')
    .flatMap((object) => [rootOf(object), tablesBehind(object)]);
  const overwritten = objects.flatMap((object, index) =>
    object.how === 'overwritten' ? [{ object, index }] : [],
  );
  const [result] = await executeInCatalog(
    session,
    `WITH RECURSIVE gone (catalog, object, part, cascades) AS (
      ${unionOf(dropped)}
      UNION
      SELECT d.classid, d.objid, d.objsubid, g.cascades FROM gone g JOIN pg_catalog.pg_depend d
        ON d.refclassid = g.catalog AND d.refobjid = g.object AND (g.part = 0 OR d.refobjsubid = g.part)
      WHERE g.cascades OR d.deptype <> 'n'
    ), emptied (catalog, object, part, cascades) AS (
      ${unionOf(emptied)}
      UNION
      SELECT e.catalog, c.conrelid, 0, e.cascades FROM emptied e
      JOIN pg_catalog.pg_constraint c ON c.contype = 'f' AND c.confrelid = e.object WHERE e.cascades OR c.confdeltype = 'c'
    ), attributes (attribute, catalog, object, part, is_own) AS (
      SELECT a.attname, 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid, c.reltype, 0, true
      FROM gone g JOIN pg_catalog.pg_class c ON c.oid = g.object AND c.relkind = 'c'
      JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = g.part AND g.part > 0
      WHERE g.catalog = 'pg_catalog.pg_class'::pg_catalog.regclass
      UNION
      SELECT t.attribute, u.catalog, u.object, u.part, t.is_own AND u.catalog <> t.catalog AND u.catalog = 'pg_catalog.pg_class'::pg_catalog.regclass AND NOT u.is_column
      FROM attributes t, LATERAL (
        SELECT d.classid, d.objid, d.objsubid, false FROM pg_catalog.pg_depend d
        WHERE d.refclassid = t.catalog AND d.refobjid = t.object AND t.catalog = 'pg_catalog.pg_type'::pg_catalog.regclass
          AND d.classid IN ('pg_catalog.pg_type'::pg_catalog.regclass, 'pg_catalog.pg_class'::pg_catalog.regclass)
        UNION ALL
        SELECT 'pg_catalog.pg_type'::pg_catalog.regclass, c.reltype, 0, false FROM pg_catalog.pg_class c
        WHERE t.catalog = 'pg_catalog.pg_class'::pg_catalog.regclass AND c.oid = t.object AND c.relkind = 'c' AND t.part > 0
        UNION ALL
        SELECT 'pg_catalog.pg_class'::pg_catalog.regclass, c.oid, a.attnum, true FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attname = t.attribute
        WHERE t.catalog = 'pg_catalog.pg_type'::pg_catalog.regclass AND t.is_own AND c.reloftype = t.object
      ) u (catalog, object, part, is_column)
    ), lost (object, part, how, root, attribute) AS (
      SELECT object, part, 'dropped', NULL::pg_catalog.int4, NULL::pg_catalog.name FROM gone WHERE catalog = 'pg_catalog.pg_class'::pg_catalog.regclass
      UNION SELECT object, 0, 'emptied', NULL, NULL FROM emptied
      UNION SELECT object, part, 'dropped', NULL, CASE WHEN is_own THEN attribute END
            FROM attributes WHERE catalog = 'pg_catalog.pg_class'::pg_catalog.regclass AND part > 0
      UNION SELECT c.conrelid, k, 'overwritten', NULL, NULL FROM emptied e
            JOIN pg_catalog.pg_constraint c ON c.contype = 'f' AND c.confrelid = e.object AND c.confdeltype IN ('n', 'd'), unnest(c.conkey) k
      ${overwritten.map(({ object, index }) => `UNION SELECT object, part, 'overwritten', ${index}, NULL FROM (${columnsOf(object)}) o (catalog, object, part, cascades)`).join('\n      ')}
    )
    SELECT DISTINCT pg_catalog.format('%I.%I', n.nspname, c.relname) AS table, l.how, l.root, c.relkind,
           CASE WHEN l.part > 0 THEN pg_catalog.quote_ident(a.attname) END AS column,
           c.relkind IN ('r', 'p') AND pg_catalog.has_table_privilege(c.oid, '${lockPrivileges}') AS is_lockable,
           pg_catalog.quote_ident(l.attribute) AS attribute, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,
           pg_catalog.pg_get_expr(f.adbin, f.adrelid) AS default_value, coalesce(a.xmin, c.xmin)::pg_catalog.text AS created_by
    FROM lost l JOIN pg_catalog.pg_class c ON c.oid = l.object
      AND (c.relkind IN ('r', 'p') OR c.relkind = 'f' AND l.how <> 'dropped' OR c.relkind = 'S' AND ${isAlone})
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND CASE WHEN l.part > 0 THEN a.attnum = l.part ELSE a.attname = 'tableoid' END
    LEFT JOIN pg_catalog.pg_attrdef f ON l.part > 0 AND f.adrelid = c.oid AND f.adnum = l.part
    WHERE coalesce(a.attgenerated, '') = ''
      AND NOT EXISTS (SELECT FROM lost t WHERE t.object = l.object AND (l.part > 0 AND t.part = 0 OR
                      l.how = 'overwritten' AND t.part = l.part AND t.how = 'dropped'))
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_inherits i JOIN lost t ON t.object = i.inhparent AND t.part = 0
                      WHERE c.relispartition AND i.inhrelid = c.oid)
    ORDER BY 1, 2`,
  );
  return (result?.rows ?? []).map((row) => relationOf(row, objects));
}

/** Any of them allows every lock. */
export const lockPrivileges = 'UPDATE, DELETE, TRUNCATE';

function relationOf(
  row: Readonly<Record<string, string | null>>,
  objects: readonly LostObject[],
): LostRelation {
  const how = row.how as LostRelation['how'];
  const value = row.root === null ? undefined : objects[Number(row.root)]?.value;
  return {
    how,
    table: row.table ?? '',
    isSequence: row.relkind === 'S',
    isForeign: row.relkind === 'f',
    isLockable: row.is_lockable === 't',
    createdBy: row.created_by ?? '',
    ...(row.column ? { column: row.column } : {}),
    ...(row.column && row.type ? { type: row.type } : {}),
    ...(row.attribute ? { attribute: row.attribute } : {}),
    ...(how === 'overwritten' ? { value: value ?? { kind: 'null' } } : {}),
    ...(isLiteral.test(row.default_value ?? '') ? { defaultValue: row.default_value ?? '' } : {}),
  };
}

/** No column has its numbers, which would tell where the sequence was. */
const isAlone = `NOT EXISTS (
        SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i')
          AND d.refclassid = d.classid
        UNION ALL
        SELECT FROM pg_catalog.pg_depend d WHERE d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = c.oid
          AND d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass)`;

/** The form that `pg_get_expr` gives a constant: evaluating it again has no effects. */
const isLiteral =
  /^(?:'(?:[^']|'')*'|-?[\d.]+|\(-[\d.]+\)|true|false)(?:::[\w ."]+(?:\(\d+(?:,\d+)?\))?(?:\[\])?)?$/;

function unionOf(roots: readonly string[]): string {
  return roots.length === 0 ? noObject : roots.map((root) => `(${root})`).join(' UNION ');
}

/** The tables that a view reads, of which it deletes rows: itself, or through other views. */
export function tablesBehind(view: LostObject): string {
  return `SELECT b.catalog, b.object, 0, false FROM (
      WITH RECURSIVE behind (catalog, object, of) AS (
        SELECT v.catalog, v.object, 0::pg_catalog.oid FROM (${rootOf(view)}) v (catalog, object)
        UNION
        SELECT d.refclassid, d.refobjid, b.object FROM behind b
        JOIN pg_catalog.pg_rewrite r ON r.ev_class = b.object AND r.ev_type = '1'
        JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.objid = r.oid
          AND d.refclassid = b.catalog AND d.refobjid <> b.object
      ) SELECT catalog, object FROM behind WHERE of <> 0
    ) b`;
}

/** The column of a table, or those of its name in the tables that a view reads. */
function columnsOf(object: LostObject): string {
  const [name = '', column = ''] = object.names;
  const behind = tablesBehind({ ...object, kind: 'table', names: [name] });
  return `${rootOf(object)} UNION SELECT b.catalog, b.object, a.attnum::pg_catalog.int4, false FROM (${behind}) b (catalog, object, part, cascades)
    JOIN pg_catalog.pg_attribute a ON a.attrelid = b.object AND a.attname = ${quoteLiteral(column)} AND NOT a.attisdropped`;
}

/** One object as a row of catalog, oid, number of the column, and whether CASCADE takes what depends on it along. */
function rootOf({ kind, schemas, names, isCascade }: LostObject): string {
  const row = (catalog: string, object: string, part = '0') =>
    `SELECT 'pg_catalog.${catalog}'::pg_catalog.regclass::pg_catalog.oid, o.oid, ${part}, ${isCascade} FROM (SELECT ${object} AS oid) o WHERE o.oid IS NOT NULL`;
  const [name = '', column = ''] = names;
  const found = (lookUp: string, type: string) => lookUpName({ schemas, names }, lookUp, type);
  const named = (catalog: string, field: string) =>
    row(catalog, `(SELECT oid FROM pg_catalog.${catalog} WHERE ${field} = ${quoteLiteral(name)})`);
  switch (kind) {
    case 'table':
    case 'sequence':
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
    case 'view':
      return row('pg_class', found('to_regclass', 'regclass'));
    case 'database':
      return noObject;
    default:
      return rootsByName({ kind, schemas, names });
  }
}

const noObject = 'SELECT 0::pg_catalog.oid, 0::pg_catalog.oid, 0, false WHERE false';

/** Where the catalogs have the names and schemas of objects that only CASCADE leads from. */
const catalogs: Readonly<Record<Exclude<CascadingKind, 'view'>, { catalog: string; prefix: string }>> = {
  'access method': { catalog: 'pg_am', prefix: 'am' },
  function: { catalog: 'pg_proc', prefix: 'pro' },
  language: { catalog: 'pg_language', prefix: 'lan' },
  operator: { catalog: 'pg_operator', prefix: 'opr' },
  'operator class': { catalog: 'pg_opclass', prefix: 'opc' },
  'operator family': { catalog: 'pg_opfamily', prefix: 'opf' },
  'text search configuration': { catalog: 'pg_ts_config', prefix: 'cfg' },
};

/** Whatever arguments they have: all of them may go. */
function rootsByName({
  kind,
  schemas,
  names: [name = ''],
}: Pick<LostObject, 'schemas' | 'names'> & { kind: Exclude<CascadingKind, 'view'> }): string {
  const { catalog, prefix } = catalogs[kind];
  const isThere =
    schemas.length === 0
      ? ''
      : `AND ${prefix}namespace IN (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = ANY (${quoteTextArray(schemas)}))`;
  return `SELECT 'pg_catalog.${catalog}'::pg_catalog.regclass::pg_catalog.oid, oid, 0, true FROM pg_catalog.${catalog}
    WHERE ${prefix}name = ${quoteLiteral(name)} ${isThere}`;
}

/** The oid of a table, as SQL; null where there is none. */
export function lookUpTable(table: Pick<LostObject, 'schemas' | 'names'>): string {
  return lookUpName(table, 'to_regclass', 'regclass');
}

function lookUpName(
  { schemas, names: [name = ''] }: Pick<LostObject, 'schemas' | 'names'>,
  lookUp: string,
  type: string,
): string {
  const candidates = schemas.length > 0 ? schemas.map((schema) => [schema, name]) : [[name]];
  const texts = candidates.map((parts) => quoteLiteral(parts.map(quoteIdentifier).join('.')));
  return `coalesce(${texts.map((text) => `pg_catalog.${lookUp}(${text})`).join(', ')})::pg_catalog.${type}::pg_catalog.oid`;
}
