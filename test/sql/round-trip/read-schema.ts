/** Reads what there is in a database by names and definitions, so that what was made again is the same as before. */

import type { PGlite } from '@electric-sql/pglite';

const ours = "in ('public', 'app')";

const queries: readonly string[] = [
  `SELECT 'relation', c.oid::regclass::text, concat_ws('|', c.relkind, c.relrowsecurity, c.relforcerowsecurity,
       c.relpersistence, c.reloptions, c.relreplident, pg_get_expr(c.relpartbound, c.oid))
     FROM pg_class c WHERE c.relnamespace::regnamespace::text ${ours} AND c.relkind NOT IN ('i', 'I', 'c')`,
  `SELECT 'column', a.attrelid::regclass || '.' || a.attname, concat_ws('|', format_type(a.atttypid, a.atttypmod),
       a.attnotnull, pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attgenerated)
     FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
     LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
     WHERE c.relnamespace::regnamespace::text ${ours} AND a.attnum > 0 AND NOT a.attisdropped
       AND c.relkind NOT IN ('i', 'I', 'S')`,
  `SELECT 'constraint', concat(conrelid::regclass, contypid::regtype, '.', conname), pg_get_constraintdef(oid)
     FROM pg_constraint WHERE connamespace::regnamespace::text ${ours} AND contype <> 'n'`,
  `SELECT 'index', c.oid::regclass::text, pg_get_indexdef(c.oid)
     FROM pg_class c WHERE c.relnamespace::regnamespace::text ${ours} AND c.relkind IN ('i', 'I')`,
  `SELECT 'view', c.oid::regclass::text, pg_get_viewdef(c.oid)
     FROM pg_class c WHERE c.relnamespace::regnamespace::text ${ours} AND c.relkind IN ('v', 'm')`,
  `SELECT 'trigger', tgrelid::regclass || '.' || tgname, pg_get_triggerdef(oid) || tgenabled::text
     FROM pg_trigger WHERE NOT tgisinternal`,
  `SELECT 'function', oid::regprocedure::text, prosrc || coalesce(proconfig::text, '')
     FROM pg_proc WHERE pronamespace::regnamespace::text ${ours}`,
  `SELECT 'type', oid::regtype::text,
       (SELECT string_agg(enumlabel, ',' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid)
     FROM pg_type t WHERE typnamespace::regnamespace::text ${ours} AND typtype IN ('e', 'd', 'r')`,
  `SELECT 'policy', polrelid::regclass || '.' || polname, pg_get_expr(polqual, polrelid) FROM pg_policy`,
  `SELECT 'rule', ev_class::regclass || '.' || rulename, pg_get_ruledef(oid) FROM pg_rewrite
     WHERE rulename <> '_RETURN' AND ev_class >= 16384`,
  `SELECT 'statistics', stxname, pg_get_statisticsobjdef(oid) FROM pg_statistic_ext`,
  `SELECT 'schema', nspname, '' FROM pg_namespace WHERE nspname ${ours}`,
];

/** All facts, in an order that is always the same. */
export async function readSchema(db: Pick<PGlite, 'query'>): Promise<string[]> {
  const facts: string[] = [];
  for (const query of queries) {
    const { rows } = await db.query<unknown[]>(query, [], { rowMode: 'array' });
    facts.push(...rows.map((row) => row.join(' ')));
  }
  return facts.sort();
}
