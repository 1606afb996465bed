/** Reads from the catalogs the objects with the names of the tracking table and its log. */

import type { Session, StatementResult } from '../../connections/driver.js';
import { quoteLiteral } from '../../quote.js';
import { lockedTables } from './locked-tables.js';
import { ledgerMarks } from './marks.js';
import { eq, gt } from './operators.js';
import { leaseNameOf, logNameOf, type TableName } from './table-name.js';

/** A column as the catalogs describe it. */
interface RelationColumn {
  name: string;
  /** Without length or precision. */
  type: string;
  /** Whether an INSERT has to give a value. */
  mustBeGiven: boolean;
}

/** A table, or whatever else has the name. */
export interface LedgerRelation {
  schema: string;
  name: string;
  /** `r` for an ordinary table, `p` for a partitioned one, `v` for a view, and so on. */
  kind: string;
  /** Whether a crash of the server empties it. */
  isUnlogged: boolean;
  /** Whether rows of inherited tables show in it; partitions do not count. */
  hasChildren: boolean;
  /** Whether row-level security may keep rows from the role of this session. */
  isHidden: boolean;
  /** Whether another session has locked it against readers. */
  isLocked: boolean;
  columns: readonly RelationColumn[];
}

export interface ReadRelations {
  /** The schema in which a table without a schema is created; undefined where there is none, or it does not exist. */
  current: string | undefined;
  /** In the order of the search path, or of the one schema that was named. */
  relations: readonly LedgerRelation[];
}

/** One message, whatever the number of schemas. */
export async function readRelations(session: Session, { schema, table }: TableName): Promise<ReadRelations> {
  const path =
    schema === undefined
      ? 'pg_catalog.current_schemas(false)'
      : `ARRAY[${quoteLiteral(schema)}]::pg_catalog.name[]`;
  const current = schema === undefined ? 'pg_catalog.current_schema()' : quoteLiteral(schema);
  const names = [table, logNameOf(table), leaseNameOf(table)].map(quoteLiteral);
  const [place, columns] = await session.execute(`
    SELECT n.nspname AS schema FROM pg_catalog.pg_namespace n WHERE n.nspname ${eq} ${current};
    SELECT n.nspname AS schema, c.relname AS relation, c.relkind AS kind, c.relpersistence ${eq} 'u' AS is_unlogged,
           c.relkind ${eq} 'r' AND EXISTS (SELECT FROM pg_catalog.pg_inherits h WHERE h.inhparent ${eq} c.oid) AS has_children,
           ${isHidden} AS is_hidden, c.oid ${eq} ANY (${lockedTables}) AS is_locked,
           a.attname AS name, ${typeOf} AS type,
           a.attnotnull AND NOT a.atthasdef AND a.attidentity ${eq} '' AS must_be_given
    FROM pg_catalog.unnest(${path}) WITH ORDINALITY AS path (schema, place)
    JOIN pg_catalog.pg_namespace n ON n.nspname ${eq} path.schema
    JOIN pg_catalog.pg_class c ON c.relnamespace ${eq} n.oid
    LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid ${eq} c.oid AND a.attnum ${gt} 0 AND NOT a.attisdropped
    WHERE c.relname ${eq} ANY (ARRAY[${names.join(', ')}]::pg_catalog.name[])
    ORDER BY path.place, c.relname, a.attnum`);
  return {
    current: place?.rows[0]?.schema ?? undefined,
    relations: gather(columns?.rows ?? []),
  };
}

/** Without the quotes that `quote_all_identifiers` adds. */
const typeOf =
  "pg_catalog.regexp_replace(pg_catalog.format_type(a.atttypid, NULL), '^pg_catalog[.]|\"', '', 'g')";

/** Policies that apply to the role of this session, of `c`. */
const ownPolicies = `SELECT FROM pg_catalog.pg_policy p WHERE p.polrelid ${eq} c.oid
  AND p.polcmd ${eq} ANY (ARRAY['r', '*']::pg_catalog."char"[])
  AND EXISTS (SELECT FROM pg_catalog.unnest(p.polroles) AS r (role)
              WHERE CASE WHEN r.role ${eq} 0::pg_catalog.oid THEN true ELSE pg_catalog.pg_has_role(r.role, 'USAGE') END)`;

/** Whether row security hides rows: `row_security = off` then raises an error, unless a policy shows every row. */
const isHidden = `pg_catalog.row_security_active(c.oid) AND (
    EXISTS (${ownPolicies} AND NOT p.polpermissive)
    OR NOT EXISTS (${ownPolicies} AND p.polpermissive AND pg_catalog.pg_get_expr(p.polqual, p.polrelid) ${eq} 'true'))`;

function gather(rows: StatementResult['rows']): LedgerRelation[] {
  const relations = new Map<string, LedgerRelation & { columns: RelationColumn[] }>();
  for (const row of rows) {
    const key = JSON.stringify([row.schema, row.relation]);
    const relation = relations.get(key) ?? describe(row);
    relations.set(key, relation);
    if (row.name != null) {
      relation.columns.push({
        name: row.name,
        type: row.type ?? '',
        mustBeGiven: row.must_be_given === 't',
      });
    }
  }
  return [...relations.values()];
}

function describe(row: StatementResult['rows'][number]): LedgerRelation & { columns: RelationColumn[] } {
  return {
    schema: row.schema ?? '',
    name: row.relation ?? '',
    kind: row.kind ?? '',
    isUnlogged: row.is_unlogged === 't',
    hasChildren: row.has_children === 't',
    isHidden: row.is_hidden === 't',
    isLocked: row.is_locked === 't',
    columns: [],
  };
}

export function isTable({ kind }: LedgerRelation): boolean {
  return kind === 'r' || kind === 'p';
}

/** Whether a relation is a tracking table, or was one before somebody altered it. */
export function resemblesLedger(relation: LedgerRelation): boolean {
  return hasColumns(relation, ledgerMarks);
}

/** Whether a relation is a table for leases: others may have the name. */
export function resemblesLease(relation: LedgerRelation): boolean {
  return isTable(relation) && hasColumns(relation, ['key', 'token', 'holder', 'backend_pid', 'expires_at']);
}

function hasColumns({ columns }: LedgerRelation, wanted: readonly string[]): boolean {
  return wanted.every((one) => columns.some(({ name }) => name === one));
}
