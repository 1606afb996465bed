/** Finds what a dump without roles leaves out: privileges that somebody has granted, and owners. */

import type { Session } from '../../connections/driver.js';
import { counted } from '../../graph/counted.js';
import { listIds } from '../../graph/list-ids.js';
import { quoteTextArray } from '../../quote.js';
import { executeInCatalog } from '../ledger/catalog-path.js';

/** Every object that may have an owner and privileges of its own. */
const objects = `
  SELECT 'pg_catalog.pg_class'::pg_catalog.regclass AS catalog, c.oid, c.relnamespace AS schema, c.relowner AS owner,
         c.relacl IS NOT NULL OR EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attacl IS NOT NULL) AS is_granted,
         c.relacl AS privileges
  FROM pg_catalog.pg_class c WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
  UNION ALL
  SELECT 'pg_catalog.pg_proc'::pg_catalog.regclass, p.oid, p.pronamespace, p.proowner, p.proacl IS NOT NULL, p.proacl
  FROM pg_catalog.pg_proc p
  UNION ALL
  SELECT 'pg_catalog.pg_type'::pg_catalog.regclass, t.oid, t.typnamespace, t.typowner, t.typacl IS NOT NULL, t.typacl
  FROM pg_catalog.pg_type t WHERE t.typtype IN ('e', 'd', 'r')
  UNION ALL
  SELECT 'pg_catalog.pg_namespace'::pg_catalog.regclass, n.oid, n.oid, n.nspowner, n.nspacl IS NOT NULL, n.nspacl
  FROM pg_catalog.pg_namespace n`;

/**
 * @param schemas names; empty means all.
 * @param ownTables oids as SQL, which are Kat's own.
 * @returns a sentence without a full stop for each kind of thing.
 */
export async function findLeftOutRoles(
  session: Session,
  schemas: readonly string[],
  ownTables: string,
): Promise<string[]> {
  const isWanted = schemas.length > 0 ? `n.nspname = ANY (${quoteTextArray(schemas)})` : 'true';
  const [result] = await executeInCatalog(
    session,
    `WITH found AS (
      SELECT o.*, n.nspname = 'public' AND o.oid = n.oid AS is_public FROM (${objects}) o
      JOIN pg_catalog.pg_namespace n ON n.oid = o.schema
      WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND ${isWanted} AND NOT coalesce(o.oid IN (${ownTables}), false)
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                        WHERE d.classid = o.catalog AND d.objid = o.oid AND d.deptype = 'e'))
    SELECT (SELECT count(*) FROM found f WHERE f.is_granted AND NOT EXISTS (
              SELECT FROM pg_catalog.pg_init_privs i
              WHERE i.classoid = f.catalog AND i.objoid = f.oid AND i.objsubid = 0 AND i.initprivs = f.privileges))
           + (SELECT count(*) FROM pg_catalog.pg_default_acl) AS granted,
           (SELECT pg_catalog.json_agg(DISTINCT pg_catalog.pg_get_userbyid(f.owner)) FROM found f
            WHERE NOT f.is_public AND pg_catalog.pg_get_userbyid(f.owner) <> current_user) AS owners`,
  );
  const { granted, owners } = result?.rows[0] ?? {};
  const roles = JSON.parse(owners ?? '[]') as string[];
  return [
    ...(Number(granted) > 0
      ? [`the privileges on ${counted(Number(granted), 'object')} are left out: --privileges keeps them`]
      : []),
    ...(roles.length > 0
      ? [
          `the owners ${listIds(roles)} are left out, so the role that applies the migration owns everything: --privileges keeps them`,
        ]
      : []),
  ];
}
