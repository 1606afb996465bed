/**
 * Asks PostgreSQL's catalogs for the objects that they hold: every column of every row counts, but for those named here.
 * The catalogs are described at https://www.postgresql.org/docs/current/catalogs.html.
 */

/** One catalog whose rows are objects. The query gives address, key, addresses of what it lies in and inherits from, and the row. */
export interface Entities {
  catalog: string;
  sql: string;
}

/** Schemas that are not PostgreSQL's own. */
const own = `not in ('pg_catalog', 'information_schema', 'pg_toast') and n.nspname !~ '^pg_'`;

interface Columns {
  key: string;
  /** The rest of the query, from FROM on, where `x` is the catalog. */
  from: string;
  /** Columns that statements do not set: statistics, storage, or what other rows say. */
  without?: readonly string[];
  of?: string;
  heirOf?: string;
}

function entities(catalog: string, { key, from, without = [], of, heirOf }: Columns): Entities {
  const row = `(to_jsonb(x) - '{${['oid', ...without].join(',')}}'::text[])::text`;
  const sql = `select '${catalog}:' || x.oid, ${key}, ${of ?? 'null::text'}, ${heirOf ?? 'null::text[]'}, ${row} from ${from}`;
  return { catalog, sql };
}

function inSchema(kind: string, catalog: string, prefix: string): Entities {
  return entities(catalog, {
    key: `'${kind}:' || n.nspname || '.' || x.${prefix}name`,
    from: `${catalog} x join pg_namespace n on n.oid = x.${prefix}namespace where n.nspname ${own}`,
  });
}

function global(kind: string, catalog: string, name: string, without: readonly string[] = []): Entities {
  return entities(catalog, { key: `'${kind}:' || x.${name}`, from: `${catalog} x`, without });
}

function inTable(catalog: string, table: string): string {
  return `${catalog} x join pg_class c on c.oid = x.${table} join pg_namespace n on n.oid = c.relnamespace
     where n.nspname ${own}`;
}

function part(kind: string, catalog: string, [name, table]: [string, string]): Entities {
  return entities(catalog, {
    key: `'${kind}:' || n.nspname || '.' || c.relname || '.' || x.${name}`,
    from: `${inTable(catalog, table)} and x.${name} <> '_RETURN'`,
    of: `'pg_class:' || c.oid`,
  });
}

const relations = entities('pg_class', {
  key: `'rel:' || n.nspname || '.' || x.relname`,
  from: `pg_class x join pg_namespace n on n.oid = x.relnamespace where n.nspname ${own}`,
  without: [
    ...[
      'relfilenode',
      'relpages',
      'reltuples',
      'relallvisible',
      'relallfrozen',
      'relfrozenxid',
      'relminmxid',
    ],
    ...['relhasindex', 'relchecks', 'relhasrules', 'relhastriggers', 'relhassubclass', 'relnatts'],
    ...['reltoastrelid', 'relrewrite'],
  ],
  // Indexes lie in their table; so do sequences that a column owns.
  of: `(select 'pg_class:' || i.indrelid from pg_index i where i.indexrelid = x.oid
     union all select 'pg_class:' || d.refobjid from pg_depend d where d.objid = x.oid and x.relkind = 'S'
       and d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjsubid > 0 limit 1)`,
  heirOf: `(select array_agg('pg_class:' || i.inhparent) from pg_inherits i where i.inhrelid = x.oid and x.relkind in ('i', 'I'))`,
});

const columns: Entities = {
  catalog: 'pg_attribute',
  sql: `select 'pg_class:' || c.oid || ':' || x.attnum, 'column:' || n.nspname || '.' || c.relname || '.' || x.attname,
       'pg_class:' || c.oid,
       (select array_agg('pg_class:' || p.attrelid || ':' || p.attnum) from pg_attribute p where p.attname = x.attname
          and (p.attrelid in (select inhparent from pg_inherits where inhrelid = c.oid)
            or p.attrelid = (select typrelid from pg_type where oid = c.reloftype))),
       (to_jsonb(x) - '{atthasmissing,attmissingval,attcacheoff}'::text[])::text
     from pg_attribute x join pg_class c on c.oid = x.attrelid join pg_namespace n on n.oid = c.relnamespace
     where x.attnum > 0 and not x.attisdropped and c.relkind in ('r', 'p', 'f', 'c', 'v', 'm') and n.nspname ${own}`,
};

const constraints = entities('pg_constraint', {
  key: `'constraint:' || n.nspname || '.' || coalesce(c.relname, t.typname) || '.' || x.conname`,
  from: `pg_constraint x join pg_namespace n on n.oid = x.connamespace left join pg_class c on c.oid = x.conrelid
     left join pg_type t on t.oid = x.contypid where n.nspname ${own} and x.contype <> 't'`,
  // Changing a column's type makes the index of a key anew.
  without: ['conindid'],
  of: `coalesce('pg_class:' || c.oid, 'pg_type:' || t.oid)`,
  heirOf: `(select array_agg('pg_constraint:' || p.oid) from pg_constraint p where p.oid = x.conparentid
     or x.coninhcount > 0 and p.conrelid in (select i.inhparent from pg_inherits i where i.inhrelid = c.oid)
       and (p.conname = x.conname or p.contype = 'n' and x.contype = 'n' and p.conkey = x.conkey))`,
});

const types = entities('pg_type', {
  key: `'type:' || n.nspname || '.' || x.typname`,
  from: `pg_type x join pg_namespace n on n.oid = x.typnamespace where x.oid >= 16384 and n.nspname ${own}`,
  of: `case when x.typrelid <> 0 then 'pg_class:' || x.typrelid else (select 'pg_type:' || e.oid from pg_type e where e.typarray = x.oid
     union all select 'pg_type:' || r.rngtypid from pg_range r where r.rngmultitypid = x.oid limit 1) end`,
});

const functions = entities('pg_proc', {
  key: `'fn:' || n.nspname || '.' || x.proname`,
  from: `pg_proc x join pg_namespace n on n.oid = x.pronamespace where x.oid >= 16384 and n.nspname ${own}`,
});

const enumValues = entities('pg_enum', {
  key: `'enum value:' || n.nspname || '.' || t.typname || '.' || x.enumlabel`,
  from: `pg_enum x join pg_type t on t.oid = x.enumtypid join pg_namespace n on n.oid = t.typnamespace where n.nspname ${own}`,
  of: `'pg_type:' || t.oid`,
});

const typeText = (type: string) =>
  `(select case when n.nspname = 'pg_catalog' then '' else n.nspname || '.' end || t.typname
     from pg_type t join pg_namespace n on n.oid = t.typnamespace where t.oid = ${type})`;

const casts = entities('pg_cast', {
  key: `'cast:' || ${typeText('x.castsource')} || ' as ' || ${typeText('x.casttarget')}`,
  from: 'pg_cast x where x.oid >= 16384',
});

const transforms = entities('pg_transform', {
  key: `'transform:' || ${typeText('x.trftype')} || ' ' || (select lanname from pg_language where oid = x.trflang)`,
  from: 'pg_transform x',
});

const triggers = entities('pg_trigger', {
  key: `'trigger:' || n.nspname || '.' || c.relname || '.' || x.tgname`,
  from: `${inTable('pg_trigger', 'tgrelid')} and not x.tgisinternal`,
  of: `'pg_class:' || c.oid`,
  heirOf: `(select array['pg_trigger:' || x.tgparentid] where x.tgparentid <> 0)`,
});

const userMappings = entities('pg_user_mapping', {
  key: `'user mapping:' || coalesce(r.rolname, 'public') || ' on ' || s.srvname`,
  from: 'pg_user_mapping x join pg_foreign_server s on s.oid = x.umserver left join pg_roles r on r.oid = x.umuser',
});

const defaultPrivileges = entities('pg_default_acl', {
  key: `'default privileges:' || coalesce(n.nspname, '*')`,
  from: 'pg_default_acl x left join pg_namespace n on n.oid = x.defaclnamespace',
});

/** A catalog for each kind of object. */
export const allEntities: readonly Entities[] = [
  entities('pg_namespace', {
    key: `'schema:' || n.nspname`,
    from: `pg_namespace x join pg_namespace n on n.oid = x.oid where n.nspname ${own}`,
  }),
  relations,
  columns,
  constraints,
  types,
  functions,
  enumValues,
  triggers,
  part('policy', 'pg_policy', ['polname', 'polrelid']),
  part('rule', 'pg_rewrite', ['rulename', 'ev_class']),
  casts,
  transforms,
  userMappings,
  defaultPrivileges,
  entities('pg_statistic_ext', {
    key: `'statistics:' || n.nspname || '.' || x.stxname`,
    from: `pg_statistic_ext x join pg_namespace n on n.oid = x.stxnamespace where n.nspname ${own}`,
    of: `'pg_class:' || x.stxrelid`,
  }),
  inSchema('collation', 'pg_collation', 'coll'),
  inSchema('operator', 'pg_operator', 'opr'),
  inSchema('operator class', 'pg_opclass', 'opc'),
  inSchema('operator family', 'pg_opfamily', 'opf'),
  inSchema('conversion', 'pg_conversion', 'con'),
  inSchema('text search configuration', 'pg_ts_config', 'cfg'),
  inSchema('text search dictionary', 'pg_ts_dict', 'dict'),
  inSchema('text search parser', 'pg_ts_parser', 'prs'),
  inSchema('text search template', 'pg_ts_template', 'tmpl'),
  global('extension', 'pg_extension', 'extname'),
  global('publication', 'pg_publication', 'pubname'),
  global('foreign data wrapper', 'pg_foreign_data_wrapper', 'fdwname'),
  global('server', 'pg_foreign_server', 'srvname'),
  global('event trigger', 'pg_event_trigger', 'evtname'),
  global('role', 'pg_authid', 'rolname'),
  global('language', 'pg_language', 'lanname'),
  global('access method', 'pg_am', 'amname'),
  global('database', 'pg_database', 'datname', ['datfrozenxid', 'datminmxid']),
  global('tablespace', 'pg_tablespace', 'spcname'),
  global('subscription', 'pg_subscription', 'subname'),
  global('large object', 'pg_largeobject_metadata', 'oid'),
  global('parameter', 'pg_parameter_acl', 'parname'),
];
