/** Pieces of SQL that the catalog queries of a snapshot share. */

import { quoteLiteral } from '../../../quote.js';
/** A table by its names without quotes. */
export interface QualifiedTable {
  schema: string;
  table: string;
}

/** One branch of the query: SQL expressions for the columns of a snapshot's row, and where they come from. */
export interface Branch {
  kind: string;
  schema?: string;
  of?: string;
  name: string;
  /** SQL expressions of type text; NULL leaves the property out. */
  properties: Readonly<Record<string, string>>;
  /** What follows FROM. */
  from: string;
}

export function writeBranch({ kind, schema, of, name, properties, from }: Branch): string {
  const pairs = Object.entries(properties).map(([key, value]) => `${quoteLiteral(key)}, (${value})::text`);
  return `SELECT (${kind})::text AS kind, (${schema ?? 'NULL'})::text AS schema, (${of ?? 'NULL'})::text AS of,
  (${name})::text AS name, jsonb_strip_nulls(jsonb_build_object(${pairs.join(', ')})) AS definition
FROM ${from}`;
}

/** A role's name as SQL; 0 is PUBLIC. */
export const role = (oid: string) =>
  `CASE ${oid} WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(${oid})) END`;

/** `yes` where the condition holds. */
export const yesIf = (condition: string) => `CASE WHEN ${condition} THEN 'yes' END`;

/** An array of `name=value` texts, sorted; NULL without any. */
export const options = (array: string) =>
  ifAny(array, `SELECT string_agg(x, ', ' ORDER BY x COLLATE "C") FROM unnest(${array}) x`);

/** Options of foreign objects, sorted, without the values of those that hold secrets. */
export const foreignOptions = (array: string) =>
  ifAny(
    array,
    `SELECT string_agg(quote_ident(option_name) || ' ' || CASE WHEN option_name ~* 'pass|secret|token|key' THEN 'hidden'
      ELSE quote_literal(option_value) END, ', ' ORDER BY option_name COLLATE "C") FROM pg_options_to_table(${array})`,
  );

/** Most objects have no options, and a subquery for each takes time. */
const ifAny = (array: string, query: string) => `CASE WHEN ${array} IS NOT NULL THEN (${query}) END`;

/** The qualified name of an object by its alias type, such as `regclass`; NULL for 0. */
export const nameBy = (alias: string, oid: string) => `CASE WHEN ${oid} <> 0 THEN ${oid}::${alias}::text END`;

/** A trigger's or rule's state; NULL for the usual one. */
export const state = (letter: string) =>
  `CASE ${letter} WHEN 'O' THEN NULL WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica' WHEN 'A' THEN 'always' END`;

/** Whether an object is no member of an extension. */
export const isFree = (catalog: string, oid: string) =>
  `NOT EXISTS (SELECT FROM members m WHERE m.classid = '${catalog}'::regclass AND m.objid = ${oid})`;

/** PostgreSQL's own objects have smaller OIDs (FirstNormalObjectId in access/transam.h). */
export const isNew = (catalog: string, oid: string) => `${oid} >= 16384 AND ${isFree(catalog, oid)}`;

/**
 * The objects that the branches are about, as CTEs: namespaces, relations, functions and types of users.
 * @param without tables that are left out, with their indexes and sequences
 */
export function commonTables(without: readonly QualifiedTable[]): string {
  const names = without.map(({ schema, table }) => `(${quoteLiteral(schema)}, ${quoteLiteral(table)})`);
  const isOwn = names.length > 0 ? `(n.nspname, c.relname) IN (VALUES ${names.join(', ')})` : 'false';
  return `members AS MATERIALIZED (SELECT classid, objid FROM pg_depend WHERE deptype = 'e'),
own AS MATERIALIZED (SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${isOwn}),
owned AS MATERIALIZED (
  SELECT d.objid AS oid, d.refobjid AS relation, d.refobjsubid AS number, d.deptype
  FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
  WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')),
spaces AS MATERIALIZED (
  SELECT oid, quote_ident(nspname) AS name, nspowner, nspacl FROM pg_namespace
  WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' AND ${isFree('pg_namespace', 'oid')}),
relations AS MATERIALIZED (
  SELECT c.*, n.name AS schema, quote_ident(c.relname) AS name FROM pg_class c JOIN spaces n ON n.oid = c.relnamespace
  WHERE ${isFree('pg_class', 'c.oid')} AND c.oid NOT IN (SELECT oid FROM own)
    AND NOT EXISTS (SELECT FROM owned o WHERE o.oid = c.oid AND o.relation IN (SELECT oid FROM own))),
functions AS MATERIALIZED (
  SELECT p.*, n.name AS schema,
         quote_ident(p.proname) || '(' || replace(oidvectortypes(p.proargtypes), ', ', ',') || ')' AS name,
         CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END AS kind
  FROM pg_proc p JOIN spaces n ON n.oid = p.pronamespace WHERE ${isNew('pg_proc', 'p.oid')}
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'i')),
types AS MATERIALIZED (
  SELECT t.*, n.name AS schema, quote_ident(t.typname) AS name FROM pg_type t JOIN spaces n ON n.oid = t.typnamespace
  LEFT JOIN pg_class c ON c.oid = t.typrelid
  WHERE ${isFree('pg_type', 't.oid')} AND (t.typrelid = 0 OR c.relkind = 'c') AND t.typtype <> 'm'
    AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid))`;
}
