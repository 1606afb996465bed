/** Reads what a database has as texts without oids or positions, so that two ways to the same end can be compared. */

import type { PGlite } from '@electric-sql/pglite';

const own = `n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_'`;
const made = (oid: string) => `${oid} >= 16384`;
const sorted = (acl: string) => `(select string_agg(x::text, ',' order by x::text) from unnest(${acl}) x)`;
/** An object without privileges of its own has the default ones (acldefault). */
const privileges = (acl: string, kind: string, owner: string) =>
  sorted(`coalesce(${acl}, acldefault((${kind})::"char", ${owner}))`);

/** Each query gives one text for one object. */
const queries: readonly string[] = [
  `select concat_ws('|', 'rel', c.oid::regclass, c.relkind, (select string_agg(o, ',' order by o) from unnest(c.reloptions) o), c.relrowsecurity, c.relforcerowsecurity,
       c.relpersistence, c.relreplident, ${privileges('c.relacl', "case c.relkind when 'S' then 's' else 'r' end", 'c.relowner')}, c.relowner::regrole, c.relispopulated, pg_get_partkeydef(c.oid), nullif(c.reloftype, 0)::regtype,
       pg_get_expr(c.relpartbound, c.oid), c.relispartition,
       (select string_agg(inhparent::regclass::text, ',' order by inhparent::regclass::text) from pg_inherits where inhrelid = c.oid))
     from pg_class c join pg_namespace n on n.oid = c.relnamespace where ${own}`,
  `select concat_ws('|', 'column', c.oid::regclass, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attislocal,
       pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attgenerated, a.attstattarget, a.attstorage, a.attcompression, ${sorted('a.attacl')},
       ${sorted('a.attoptions')}, ${sorted('a.attfdwoptions')}, nullif(a.attcollation, 0)::regcollation)
     from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
     left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
     where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p', 'v', 'c', 'm', 'f') and ${own}`,
  `select concat_ws('|', 'constraint', c.conrelid::regclass, c.contypid::regtype, c.conname, pg_get_constraintdef(c.oid), c.convalidated,
       case c.contype when 'n' then null else c.conislocal end)
     from pg_constraint c join pg_namespace n on n.oid = c.connamespace where ${own}`,
  `select concat_ws('|', 'index', pg_get_indexdef(i.indexrelid), i.indisvalid, i.indisreplident, i.indisclustered)
     from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace where ${own}`,
  `select concat_ws('|', 'view', c.oid::regclass, pg_get_viewdef(c.oid))
     from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('v', 'm') and ${own}`,
  `select concat_ws('|', 'function', pg_get_functiondef(p.oid), ${privileges('p.proacl', "'f'", 'p.proowner')}, p.proowner::regrole)
     from pg_proc p join pg_namespace n on n.oid = p.pronamespace where p.prokind <> 'a' and ${own}`,
  `select concat_ws('|', 'trigger', pg_get_triggerdef(t.oid), t.tgenabled)
     from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
     where not t.tgisinternal and ${own}`,
  `select concat_ws('|', 'trigger of', k.conname, c.oid::regclass, t.tgtype, t.tgenabled)
     from pg_trigger t join pg_constraint k on k.oid = t.tgconstraint join pg_class c on c.oid = t.tgrelid
     join pg_namespace n on n.oid = c.relnamespace where t.tgisinternal and ${own}`,
  `select concat_ws('|', 'policy', c.oid::regclass, p.polname, p.polcmd, pg_get_expr(p.polqual, p.polrelid),
       pg_get_expr(p.polwithcheck, p.polrelid), p.polpermissive,
       (select string_agg(coalesce(nullif(r, 0)::regrole::text, 'public'), ',' order by r) from unnest(p.polroles) r))
     from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace where ${own}`,
  `select concat_ws('|', 'type', t.oid::regtype, t.typtype, t.typnotnull, t.typdefault, ${privileges('t.typacl', "'T'", 't.typowner')},
       t.typowner::regrole, nullif(t.typbasetype, 0)::regtype,
       (select string_agg(enumlabel, ',' order by enumsortorder) from pg_enum where enumtypid = t.oid))
     from pg_type t join pg_namespace n on n.oid = t.typnamespace where ${own}`,
  `select concat_ws('|', 'schema', n.nspname, ${privileges('n.nspacl', "'n'", 'n.nspowner')}, n.nspowner::regrole)
     from pg_namespace n where ${own}`,
  `select concat_ws('|', 'sequence', s.seqrelid::regclass, s.seqtypid::regtype, s.seqincrement, s.seqstart, s.seqmax, s.seqmin, s.seqcache, s.seqcycle,
       (select d.refobjid::regclass || '.' || a.attname from pg_depend d join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
          where d.objid = s.seqrelid and d.deptype in ('a', 'i') and d.refclassid = 'pg_class'::regclass))
     from pg_sequence s`,
  `select concat_ws('|', 'rule', pg_get_ruledef(r.oid), r.ev_enabled)
     from pg_rewrite r join pg_class c on c.oid = r.ev_class join pg_namespace n on n.oid = c.relnamespace
     where r.rulename <> '_RETURN' and ${own}`,
  `select concat_ws('|', 'statistics', stxnamespace::regnamespace, stxstattarget, regexp_replace(pg_get_statisticsobjdef(oid), '_stat\\d+ ', '_stat ')) from pg_statistic_ext`,
  `select concat_ws('|', 'event trigger', evtname, evtenabled, evtevent, evttags, evtfoid::regproc, evtowner::regrole) from pg_event_trigger`,
  `select concat_ws('|', 'aggregate', p.oid::regprocedure, a.aggtransfn, a.aggfinalfn, a.agginitval, ${privileges('p.proacl', "'f'", 'p.proowner')}, p.proowner::regrole)
     from pg_aggregate a join pg_proc p on p.oid = a.aggfnoid where ${made('p.oid')}`,
  `select concat_ws('|', 'operator', oid::regoperator, oprcode, oprrest, oprjoin, nullif(oprcom, 0)::regoperator, nullif(oprnegate, 0)::regoperator, oprowner::regrole)
     from pg_operator where ${made('oid')}`,
  `select concat_ws('|', 'operator class', opcnamespace::regnamespace, opcname, opcmethod, opcintype::regtype, opcdefault, opfname, opcowner::regrole)
     from pg_opclass c join pg_opfamily f on f.oid = opcfamily where ${made('c.oid')}`,
  `select concat_ws('|', 'operator family', opfnamespace::regnamespace, opfname, opfmethod) from pg_opfamily where ${made('oid')}`,
  `select concat_ws('|', 'cast', castsource::regtype, casttarget::regtype, castfunc::regproc, castcontext, castmethod) from pg_cast where ${made('oid')}`,
  `select concat_ws('|', 'collation', collnamespace::regnamespace, collname, collprovider, colllocale, collisdeterministic, collowner::regrole)
     from pg_collation where ${made('oid')}`,
  `select concat_ws('|', 'configuration', cfgnamespace::regnamespace, cfgname, cfgowner::regrole) from pg_ts_config where ${made('oid')}`,
  `select concat_ws('|', 'dictionary', dictnamespace::regnamespace, dictname, dictinitoption, dictowner::regrole) from pg_ts_dict where ${made('oid')}`,
  `select concat_ws('|', 'publication', pubname, puballtables, pubinsert, pubupdate, pubdelete, pubtruncate, pubviaroot, pubowner::regrole) from pg_publication`,
  `select concat_ws('|', 'published', pubname, prrelid::regclass, pg_get_expr(prqual, prrelid), prattrs)
     from pg_publication_rel r join pg_publication p on p.oid = prpubid`,
  `select concat_ws('|', 'published schema', pubname, pnnspid::regnamespace) from pg_publication_namespace join pg_publication p on p.oid = pnpubid`,
  `select concat_ws('|', 'foreign server', srvname, fdwname, srvversion, srvoptions, ${sorted('srvacl')}, srvowner::regrole)
     from pg_foreign_server join pg_foreign_data_wrapper w on w.oid = srvfdw`,
  `select concat_ws('|', 'foreign table', ftrelid::regclass, srvname, ftoptions) from pg_foreign_table join pg_foreign_server s on s.oid = ftserver`,
  `select concat_ws('|', 'user mapping', srvname, usename, umoptions) from pg_user_mappings`,
  `select concat_ws('|', 'extension', extname, extversion, extnamespace::regnamespace) from pg_extension`,
  `select concat_ws('|', 'role', rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolbypassrls) from pg_roles where ${made('oid')}`,
  `select concat_ws('|', 'member', roleid::regrole, member::regrole, admin_option, to_jsonb(m) ->> 'inherit_option', to_jsonb(m) ->> 'set_option')
     from pg_auth_members m where ${made('member')}`,
  `select concat_ws('|', 'setting', setdatabase, setrole::regrole, setconfig) from pg_db_role_setting`,
  `select concat_ws('|', 'comment', o.type, o.identity, d.description)
     from pg_description d, pg_identify_object(d.classoid, d.objoid, d.objsubid) o
     where ${made('d.objoid')} or d.classoid = 'pg_namespace'::regclass`,
  `select concat_ws('|', 'mapping', c.oid::regconfig, m.maptokentype, m.mapseqno, m.mapdict::regdictionary)
     from pg_ts_config_map m join pg_ts_config c on c.oid = m.mapcfg join pg_namespace n on n.oid = c.cfgnamespace where ${own}`,
  `select concat_ws('|', 'defaults', a.defaclrole::regrole, a.defaclnamespace::regnamespace, a.defaclobjtype, ${sorted('a.defaclacl')})
     from pg_default_acl a`,
];

/** One text for everything that there is, rows included; the order of columns does not count. */
export async function readState(db: Pick<PGlite, 'query'>): Promise<string> {
  const catalog = await catalogTexts(db);
  const tables = await texts(
    db,
    `select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'm') and ${own}`,
  );
  const sequences = await texts(db, `select s.seqrelid::regclass::text from pg_sequence s`);
  const rows = tables.map((table) => `(select 'row ${table} ' || to_jsonb(t)::text from ${table} t)`);
  const values = sequences.map((name) => `(select 'row ${name} ' || last_value || is_called from ${name})`);
  const queriesOfRows = [...rows, ...values];
  const contents = queriesOfRows.length === 0 ? [] : await texts(db, queriesOfRows.join(' union all '));
  return [...catalog, ...contents].sort().join('\n');
}

const prepared = new WeakSet<object>();

/** Planning these queries takes ten times as long as running them. */
async function catalogTexts(db: Pick<PGlite, 'query'>): Promise<string[]> {
  const query = queries.map((one) => `(${one})`).join(' union all ');
  if (!prepared.has(db)) await db.query(`prepare state_by_name as select text from (${query}) q(text)`);
  prepared.add(db);
  const { rows } = await db.query<{ text: string }>('execute state_by_name');
  return rows.map(({ text }) => text);
}

async function texts(db: Pick<PGlite, 'query'>, query: string): Promise<string[]> {
  const { rows } = await db.query<{ text: string }>(`select text from (${query}) q(text)`);
  return rows.map(({ text }) => text);
}
