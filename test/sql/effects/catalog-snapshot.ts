/** Reads what the catalogs of a database say about every object, under the keys that effects have for them. */

import type { PGlite } from '@electric-sql/pglite';

/** What is said about an object; it differs when anything about the object does. */
export type Snapshot = ReadonlyMap<string, string>;

const own = `not in ('pg_catalog', 'information_schema', 'pg_toast') and n.nspname !~ '^pg_'`;

/** Each query gives the key of an object and everything about it. Members of extensions are left out. */
const queries: readonly string[] = [
  `select 'schema:' || nspname, concat_ws('|', nspowner, nspacl, obj_description(oid, 'pg_namespace'))
     from pg_namespace n where n.nspname ${own}`,
  `select 'rel:' || n.nspname || '.' || c.relname, concat_ws('|', c.relkind, c.relowner, c.relacl, c.reloptions,
       c.relrowsecurity, c.relforcerowsecurity, c.relpersistence, c.relreplident, c.relam, c.reloftype,
       pg_get_expr(c.relpartbound, c.oid), obj_description(c.oid, 'pg_class'), c.relispopulated,
       (select concat(indkey, indclass, indexprs, indpred, indisclustered, indisreplident, indisunique)
          from pg_index where indexrelid = c.oid),
       (select string_agg(ev_action::text, '') from pg_rewrite where ev_class = c.oid and rulename = '_RETURN'),
       (select string_agg(i.inhparent::int::text, ',' order by inhseqno) from pg_inherits i where i.inhrelid = c.oid),
       (select row(s.seqtypid, s.seqstart, s.seqincrement, s.seqmax, s.seqmin, s.seqcache, s.seqcycle)::text
          from pg_sequence s where s.seqrelid = c.oid),
       (select row(d.refobjid::int, d.refobjsubid)::text from pg_depend d
          where d.objid = c.oid and c.relkind = 'S' and d.deptype in ('a', 'i') and d.refclassid = 'pg_class'::regclass))
     from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname ${own}`,
  `select 'column:' || n.nspname || '.' || c.relname || '.' || a.attname, concat_ws('|', a.atttypid::int, a.atttypmod,
       a.attnotnull, d.adbin, a.attidentity, a.attgenerated, a.attcollation, a.attstattarget,
       a.attstorage, a.attcompression, a.attacl, a.attoptions, col_description(c.oid, a.attnum))
     from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
     left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
     where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p', 'f', 'c') and n.nspname ${own}`,
  `select 'constraint:' || n.nspname || '.' || coalesce(r.relname, t.typname) || '.' || c.conname, concat_ws('|',
       c.conkey, c.confrelid::int, c.confkey, c.conbin,
       c.confdeltype, c.confupdtype, c.convalidated, c.condeferrable, obj_description(c.oid, 'pg_constraint'))
     from pg_constraint c join pg_namespace n on n.oid = c.connamespace
     left join pg_class r on r.oid = c.conrelid left join pg_type t on t.oid = c.contypid
     where n.nspname ${own} and c.contype <> 't'`,
  `select 'type:' || n.nspname || '.' || t.typname, concat_ws('|', t.typtype, t.typowner, t.typacl, t.typnotnull,
       t.typdefault, t.typbasetype::int, t.typtypmod, t.typstorage, obj_description(t.oid, 'pg_type'))
     from pg_type t join pg_namespace n on n.oid = t.typnamespace where n.nspname ${own}
       and not exists (select from pg_depend d where d.objid in (t.oid, t.typelem) and d.deptype = 'e')`,
  `select 'enum value:' || n.nspname || '.' || t.typname || '.' || e.enumlabel, ''
     from pg_enum e join pg_type t on t.oid = e.enumtypid join pg_namespace n on n.oid = t.typnamespace
     where n.nspname ${own}`,
  `select 'fn:' || n.nspname || '.' || p.proname, string_agg(concat_ws('|', pg_get_function_identity_arguments(p.oid),
       case when p.prokind <> 'a' then pg_get_functiondef(p.oid) end, p.proacl, p.proowner, p.prosecdef,
       obj_description(p.oid, 'pg_proc')), '|' order by p.oid)
     from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname ${own}
       and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e') group by 1`,
  `select 'trigger:' || n.nspname || '.' || c.relname || '.' || t.tgname, concat_ws('|', t.tgfoid::int, t.tgtype, t.tgattr, t.tgqual,
       t.tgenabled, obj_description(t.oid, 'pg_trigger'))
     from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
     where not t.tgisinternal and n.nspname ${own}`,
  `select 'policy:' || n.nspname || '.' || c.relname || '.' || p.polname, concat_ws('|', p.polcmd, p.polpermissive,
       p.polroles, p.polqual, p.polwithcheck,
       obj_description(p.oid, 'pg_policy'))
     from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace`,
  `select 'rule:' || n.nspname || '.' || c.relname || '.' || r.rulename, concat(r.ev_qual, r.ev_action, r.ev_enabled)
     from pg_rewrite r join pg_class c on c.oid = r.ev_class join pg_namespace n on n.oid = c.relnamespace
     where r.rulename <> '_RETURN' and n.nspname ${own}`,
  `select 'extension:' || extname, extversion || coalesce(obj_description(oid, 'pg_extension'), '') from pg_extension`,
  `select 'publication:' || pubname, concat_ws('|', puballtables, pubinsert, pubowner,
       (select string_agg(prrelid::int::text || coalesce(prattrs::text, ''), ',') from pg_publication_rel where prpubid = p.oid),
       (select string_agg(pnnspid::regnamespace::text, ',') from pg_publication_namespace where pnpubid = p.oid))
     from pg_publication p`,
  `select 'statistics:' || n.nspname || '.' || stxname, concat_ws('|', stxkeys, stxkind, stxexprs, stxstattarget)
     from pg_statistic_ext s join pg_namespace n on n.oid = s.stxnamespace`,
  `select 'collation:' || n.nspname || '.' || collname, concat_ws('|', collprovider, collcollate, colllocale)
     from pg_collation c join pg_namespace n on n.oid = c.collnamespace where n.nspname ${own}`,
  `select 'operator:' || n.nspname || '.' || oprname, string_agg(concat_ws('|', oprleft, oprright, oprcode, oprcom, oprrest),
       ',' order by o.oid)
     from pg_operator o join pg_namespace n on n.oid = o.oprnamespace where n.nspname ${own} and not exists (select from pg_depend d where d.objid = o.oid and d.deptype = 'e') group by 1`,
  `select 'operator class:' || n.nspname || '.' || opcname, concat_ws('|', opcintype::regtype, opcdefault)
     from pg_opclass o join pg_namespace n on n.oid = o.opcnamespace where n.nspname ${own} and not exists (select from pg_depend d where d.objid = o.oid and d.deptype = 'e')`,
  `select 'operator family:' || n.nspname || '.' || opfname, concat_ws('|', opfmethod,
       (select count(*) from pg_amop where amopfamily = f.oid))
     from pg_opfamily f join pg_namespace n on n.oid = f.opfnamespace where n.nspname ${own} and not exists (select from pg_depend d where d.objid = f.oid and d.deptype = 'e')`,
  `select 'conversion:' || n.nspname || '.' || conname, conproc::text
     from pg_conversion c join pg_namespace n on n.oid = c.connamespace where n.nspname ${own}`,
  `select 'cast:' || replace(s.typnamespace::regnamespace || '.' || s.typname, 'pg_catalog.', '') || ' as '
       || replace(t.typnamespace::regnamespace || '.' || t.typname, 'pg_catalog.', ''), castcontext::text
     from pg_cast c join pg_type s on s.oid = castsource join pg_type t on t.oid = casttarget where c.oid >= 16384`,
  `select 'text search configuration:' || n.nspname || '.' || cfgname, (select string_agg(maptokentype || ':' || mapdict, ','
       order by maptokentype, mapseqno) from pg_ts_config_map m where m.mapcfg = c.oid)
     from pg_ts_config c join pg_namespace n on n.oid = c.cfgnamespace where n.nspname ${own}`,
  `select 'text search dictionary:' || n.nspname || '.' || dictname, dictinitoption
     from pg_ts_dict d join pg_namespace n on n.oid = d.dictnamespace where n.nspname ${own}`,
  `select 'foreign data wrapper:' || fdwname, concat_ws('|', fdwoptions, fdwacl, fdwowner) from pg_foreign_data_wrapper`,
  `select 'server:' || srvname, concat_ws('|', srvoptions, srvacl, srvowner, srvversion) from pg_foreign_server`,
  `select 'user mapping:' || usename || ' on ' || srvname, umoptions::text from pg_user_mappings`,
  `select 'default privileges:' || coalesce(n.nspname, '*'), string_agg(concat_ws('|', defaclobjtype, defaclacl), ',')
     from pg_default_acl a left join pg_namespace n on n.oid = a.defaclnamespace group by 1`,
  `select 'event trigger:' || evtname, concat(evtenabled, evtevent) from pg_event_trigger`,
  `select 'role:' || r.rolname, concat_ws('|', r.rolsuper, r.rolcanlogin, r.rolcreatedb, r.rolconfig, r.rolinherit,
       (select string_agg(roleid::text || member, ',' order by roleid, member) from pg_auth_members m
          where m.roleid = r.oid or m.member = r.oid))
     from pg_roles r where r.rolname !~ '^pg_'`,
  `select 'language:' || lanname, lanacl::text from pg_language`,
];

/** Everything at this moment. */
export async function readSnapshot(db: Pick<PGlite, 'query'>): Promise<Snapshot> {
  const parts = queries.map(
    (query, index) => `select ${index}, key, coalesce(state, '') from (${query}) q(key, state)`,
  );
  const { rows } = await db.query<Record<string, string>>(parts.join('\nunion all\n'), [], {
    rowMode: 'array',
  });
  return new Map((rows as unknown as [number, string, string][]).map(([, key, state]) => [key, state]));
}

/** The keys under which something appeared, vanished or changed. */
export function compareSnapshots(
  before: Snapshot,
  after: Snapshot,
): { key: string; how: 'new' | 'gone' | 'changed' }[] {
  const found: { key: string; how: 'new' | 'gone' | 'changed' }[] = [];
  for (const [key, state] of after) {
    const old = before.get(key);
    if (old === undefined) found.push({ key, how: 'new' });
    else if (old !== state) found.push({ key, how: 'changed' });
  }
  for (const key of before.keys()) if (!after.has(key)) found.push({ key, how: 'gone' });
  return found;
}
