/** Asks PostgreSQL's catalogs for what they keep about an object in other places than the object's own row. */

/** Rows of a catalog that say something about an object: its address, under which name, and what. */
export interface Facts {
  catalog: string;
  sql: string;
}

function facts(catalog: string, [address, name, value]: [string, string, string], from: string): Facts {
  return { catalog, sql: `select ${address}, ${name}, (${value})::text from ${from}` };
}

/** The owner of a large object is in another catalog than its data, after which its comments are called. */
const addressOf = `replace(d.classoid::regclass::text, 'pg_largeobject', 'pg_largeobject_metadata') || ':' || d.objoid`;

/** Shortens the row of a link between two objects. */
function row(...without: string[]): string {
  return `to_jsonb(x) - '{${without.join(',')}}'::text[]`;
}

/** A catalog for each kind of fact. */
export const allFacts: readonly Facts[] = [
  facts(
    'pg_description',
    [
      `${addressOf} || case when d.objsubid = 0 then '' else ':' || d.objsubid end`,
      `'comment'`,
      'd.description',
    ],
    "pg_description d where d.objoid >= 16384 or d.classoid in ('pg_namespace'::regclass, 'pg_language'::regclass)",
  ),
  facts('pg_shdescription', [addressOf, `'comment'`, 'd.description'], 'pg_shdescription d'),
  facts('pg_seclabel', [addressOf, `'label' || d.objsubid`, 'd.label'], 'pg_seclabel d'),
  facts('pg_shseclabel', [addressOf, `'label'`, 'd.label'], 'pg_shseclabel d'),
  facts(
    'pg_attrdef',
    [`'pg_class:' || adrelid || ':' || adnum`, `'default'`, 'adbin'],
    'pg_attrdef where adrelid >= 16384',
  ),
  facts(
    'pg_index',
    [`'pg_class:' || indexrelid`, `'index'`, row('indexrelid', 'indcheckxmin')],
    'pg_index x where indexrelid >= 16384',
  ),
  facts(
    'pg_rewrite',
    [`'pg_class:' || ev_class`, `'query'`, 'ev_action'],
    `pg_rewrite where rulename = '_RETURN' and ev_class >= 16384`,
  ),
  facts('pg_inherits', [`'pg_class:' || inhrelid`, `'parent' || inhseqno`, row()], 'pg_inherits x'),
  facts(
    'pg_partitioned_table',
    [`'pg_class:' || partrelid`, `'partitioned'`, row('partdefid')],
    'pg_partitioned_table x',
  ),
  facts('pg_sequence', [`'pg_class:' || seqrelid`, `'sequence'`, row()], 'pg_sequence x'),
  facts('pg_foreign_table', [`'pg_class:' || ftrelid`, `'foreign'`, row()], 'pg_foreign_table x'),
  facts(
    'pg_depend',
    [`'pg_class:' || objid`, `'owned by'`, `refobjid || '.' || refobjsubid || deptype::text`],
    `pg_depend join pg_class c on c.oid = objid and c.relkind = 'S' where classid = 'pg_class'::regclass
       and refclassid = 'pg_class'::regclass and deptype in ('a', 'i')`,
  ),
  facts(
    'pg_trigger',
    [`'pg_class:' || tgrelid`, `'internal triggers'`, `'disabled'`],
    `pg_trigger where tgisinternal and tgenabled <> 'O'`,
  ),
  facts(
    'pg_depend',
    [`classid::regclass || ':' || objid`, `'extension'`, 'refobjid'],
    `pg_depend where deptype = 'e' and refclassid = 'pg_extension'::regclass`,
  ),
  facts('pg_range', [`'pg_type:' || rngtypid`, `'range'`, row()], 'pg_range x where rngtypid >= 16384'),
  facts(
    'pg_aggregate',
    [`'pg_proc:' || aggfnoid::oid`, `'aggregate'`, row('aggfnoid')],
    'pg_aggregate x where aggfnoid::oid >= 16384',
  ),
  facts(
    'pg_amop',
    [`'pg_opfamily:' || amopfamily`, `'operator ' || x.oid`, row()],
    'pg_amop x where x.oid >= 16384',
  ),
  facts(
    'pg_amproc',
    [`'pg_opfamily:' || amprocfamily`, `'function ' || x.oid`, row()],
    'pg_amproc x where x.oid >= 16384',
  ),
  facts(
    'pg_ts_config_map',
    [`'pg_ts_config:' || mapcfg`, `'mapping ' || maptokentype || '.' || mapseqno`, 'mapdict'],
    'pg_ts_config_map where mapcfg >= 16384',
  ),
  facts(
    'pg_publication_rel',
    [`'pg_publication:' || prpubid`, `'table ' || x.oid`, row()],
    'pg_publication_rel x',
  ),
  facts(
    'pg_publication_namespace',
    [`'pg_publication:' || pnpubid`, `'schema ' || x.oid`, row()],
    'pg_publication_namespace x',
  ),
  facts(
    'pg_subscription_rel',
    [`'pg_subscription:' || srsubid`, `'table ' || srrelid`, row()],
    'pg_subscription_rel x',
  ),
  facts(
    'pg_auth_members',
    [`'pg_authid:' || roleid`, `'member ' || x.oid`, row()],
    'pg_auth_members x where x.oid >= 16384',
  ),
  facts(
    'pg_db_role_setting',
    [
      `case when setrole = 0 then 'pg_database:' || setdatabase else 'pg_authid:' || setrole end`,
      `'settings ' || setdatabase`,
      row(),
    ],
    'pg_db_role_setting x',
  ),
  facts(
    'pg_depend',
    [`'pg_extension:' || refobjid`, `'member ' || classid::regclass || ':' || objid`, `''`],
    `pg_depend where deptype = 'e' and refclassid = 'pg_extension'::regclass`,
  ),
];

/** Catalogs that say nothing about objects which statements define. */
export const unread: Readonly<Record<string, string>> = {
  pg_init_privs: 'the privileges that extensions and initdb gave, for pg_dump',
  pg_largeobject: 'data',
  pg_replication_origin: 'progress of replication',
  pg_shdepend: 'follows from owners and privileges',
  pg_statistic: 'data of ANALYZE',
  pg_statistic_ext_data: 'data of ANALYZE',
};

/** What is kept apart from an object, and goes when the object goes: the address of a part, and of its whole. */
export const partsElsewhere = `
  select 'pg_attrdef:' || oid, 'pg_class:' || adrelid || ':' || adnum from pg_attrdef
  union all select 'pg_rewrite:' || oid, 'pg_class:' || ev_class from pg_rewrite where rulename = '_RETURN'
  union all select 'not null ' || conrelid || ':' || conkey[1], 'pg_class:' || conrelid || ':' || conkey[1]
    from pg_constraint where contype = 'n' and conrelid > 0
  union all select 'pg_trigger:' || oid, 'pg_constraint:' || tgconstraint from pg_trigger where tgisinternal and tgconstraint <> 0
  union all select 'pg_amop:' || oid, 'pg_opfamily:' || amopfamily from pg_amop where oid >= 16384
  union all select 'pg_amproc:' || oid, 'pg_opfamily:' || amprocfamily from pg_amproc where oid >= 16384
  union all select 'pg_publication_rel:' || oid, 'pg_publication:' || prpubid from pg_publication_rel
  union all select 'pg_publication_namespace:' || oid, 'pg_publication:' || pnpubid from pg_publication_namespace
  union all select 'pg_auth_members:' || oid, 'pg_authid:' || roleid from pg_auth_members where oid >= 16384`;
