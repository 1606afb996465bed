/** Reads privileges, default privileges and comments. */

import { type Branch, isNew, role } from './parts.js';

/** An object that has privileges: its name in words, its ACL, and the ACL that PostgreSQL takes for NULL. */
interface AclSource {
  of: string;
  schema?: string;
  acl: string;
  usual: string;
  from: string;
}

const sources: readonly AclSource[] = [
  {
    of: `CASE c.relkind WHEN 'S' THEN 'sequence' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'f' THEN 'foreign table'
      ELSE 'table' END || ' ' || c.schema || '.' || c.name`,
    schema: 'c.schema',
    acl: 'c.relacl',
    usual: `acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relowner)`,
    from: 'relations c WHERE c.relacl IS NOT NULL',
  },
  {
    of: `CASE c.relkind WHEN 'v' THEN 'view column' ELSE 'table column' END || ' ' || c.schema || '.' || c.name || '.' || quote_ident(a.attname)`,
    schema: 'c.schema',
    acl: 'a.attacl',
    usual: 'NULL::aclitem[]',
    from: 'relations c JOIN pg_attribute a ON a.attrelid = c.oid WHERE a.attacl IS NOT NULL AND NOT a.attisdropped',
  },
  {
    of: `p.kind || ' ' || p.schema || '.' || p.name`,
    schema: 'p.schema',
    acl: 'p.proacl',
    usual: `acldefault('f', p.proowner)`,
    from: 'functions p WHERE p.proacl IS NOT NULL',
  },
  {
    of: `CASE t.typtype WHEN 'd' THEN 'domain' ELSE 'type' END || ' ' || t.schema || '.' || t.name`,
    schema: 't.schema',
    acl: 't.typacl',
    usual: `acldefault('T', t.typowner)`,
    from: 'types t WHERE t.typacl IS NOT NULL',
  },
  {
    of: `'schema ' || n.name`,
    schema: 'n.name',
    acl: 'n.nspacl',
    usual: `acldefault('n', n.nspowner)`,
    from: 'spaces n WHERE n.nspacl IS NOT NULL',
  },
  {
    of: `'foreign-data wrapper ' || quote_ident(w.fdwname)`,
    acl: 'w.fdwacl',
    usual: `acldefault('F', w.fdwowner)`,
    from: `pg_foreign_data_wrapper w WHERE w.fdwacl IS NOT NULL AND ${isNew('pg_foreign_data_wrapper', 'w.oid')}`,
  },
  {
    of: `'server ' || quote_ident(s.srvname)`,
    acl: 's.srvacl',
    usual: `acldefault('S', s.srvowner)`,
    from: `pg_foreign_server s WHERE s.srvacl IS NOT NULL AND ${isNew('pg_foreign_server', 's.oid')}`,
  },
  {
    of: `'language ' || quote_ident(l.lanname)`,
    acl: 'l.lanacl',
    usual: `acldefault('l', l.lanowner)`,
    from: 'pg_language l WHERE l.lanacl IS NOT NULL',
  },
];

/** Entries for one schema only add; those for all schemas stand for PostgreSQL's defaults (catalogs, pg_default_acl). */
const defaultSource: AclSource = {
  of: `(SELECT quote_ident(pg_get_userbyid(d.defaclrole))) || ' on ' ||
    CASE d.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'functions' WHEN 'T' THEN 'types'
      WHEN 'n' THEN 'schemas' ELSE 'large objects' END || coalesce(' in schema ' || n.name, '')`,
  schema: 'n.name',
  acl: 'd.defaclacl',
  usual: `CASE WHEN d.defaclnamespace = 0 THEN acldefault(CASE d.defaclobjtype WHEN 'S' THEN 's' ELSE d.defaclobjtype END, d.defaclrole)
    ELSE NULL END`,
  from: 'pg_default_acl d LEFT JOIN spaces n ON n.oid = d.defaclnamespace',
};

const aclRows = ({ of, schema = 'NULL', acl, usual, from }: AclSource) =>
  `SELECT (${of})::text AS of, (${schema})::text AS schema, ${acl} AS acl, ${usual} AS usual FROM ${from}`;

/** What is in one list of privileges and not in the other, by object and role. */
function difference(side: string, first: string, second: string): string {
  const exploded = (acl: string) =>
    `SELECT is_default, of, schema, grantee, privilege_type, is_grantable FROM acls, aclexplode(acls.${acl})`;
  return `SELECT is_default, '${side}' AS side, of, schema, ${role('grantee')} AS role,
    string_agg(privilege_type || CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END, ', ' ORDER BY privilege_type, is_grantable) AS text
  FROM (${exploded(first)} EXCEPT ${exploded(second)}) x GROUP BY is_default, of, schema, grantee`;
}

/** CTEs of what was granted beyond the defaults, and what was revoked of them. */
export const privilegeTables = `acls AS MATERIALIZED (
${sources.map((source) => `SELECT false AS is_default, a.* FROM (${aclRows(source)}) a`).join('\nUNION ALL ')}
UNION ALL SELECT true, a.* FROM (${aclRows(defaultSource)}) a),
privileges AS MATERIALIZED (${difference('granted', 'acl', 'usual')} UNION ALL ${difference('revoked', 'usual', 'acl')})`;

const common = { schema: 'g.schema', of: 'g.of', name: 'g.role' };

const grants: Branch = {
  ...common,
  kind: `CASE g.side WHEN 'granted' THEN 'grant' ELSE 'revoke' END`,
  properties: { privileges: 'g.text' },
  from: 'privileges g WHERE NOT g.is_default',
};

const defaults: Branch = {
  ...common,
  kind: `'default privileges'`,
  properties: { granted: 'g.granted', revoked: 'g.revoked' },
  from: `(SELECT of, schema, role, max(text) FILTER (WHERE side = 'granted') AS granted, max(text) FILTER (WHERE side = 'revoked') AS revoked
    FROM privileges WHERE is_default GROUP BY of, schema, role) g`,
};

/** Argument types of identities have their schema. */
const identity = `replace(i.identity, 'pg_catalog.', '')`;

const comments: Branch = {
  kind: `'comment'`,
  schema: 'i.schema',
  of: `i.type || ' ' || ${identity}`,
  name: `''`,
  properties: { text: 'd.description' },
  from: `pg_description d, LATERAL pg_identify_object(d.classoid, d.objoid, d.objsubid) i
  WHERE (d.objoid >= 16384 OR d.classoid = 'pg_namespace'::regclass)
    AND NOT EXISTS (SELECT FROM members m WHERE m.classid = d.classoid AND m.objid = d.objoid)
    AND NOT (d.classoid = 'pg_class'::regclass AND d.objoid IN (SELECT oid FROM own))
    AND CASE WHEN d.classoid = 'pg_namespace'::regclass THEN d.objoid IN (SELECT oid FROM spaces)
      ELSE i.schema IS NULL OR i.schema IN (SELECT name FROM spaces) END`,
};

export const privilegeBranches: readonly Branch[] = [grants, defaults, comments];
