/** Asks PostgreSQL for what a schema looks like, in words that stay the same when everything is made anew. */

import type { PGlite } from '@electric-sql/pglite';

const own = `n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')`;

/** Relations, columns, constraints, indexes and triggers with their definitions, and all comments. */
const query = `
  select 'relation ' || c.oid::regclass || ' ' || c.relkind::text || ' ' || c.relispartition || ' ' || coalesce(c.relacl::text, '') fact
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where ${own}
  union all select 'column ' || a.attrelid::regclass || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
      || case when a.attnotnull then ' not null' else '' end || ' ' || coalesce(pg_get_expr(d.adbin, d.adrelid), '')
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where ${own} and a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p', 'v', 'm')
  union all select 'constraint ' || coalesce(x.conrelid::regclass::text, x.contypid::regtype::text) || '.' || x.conname || ' '
      || pg_get_constraintdef(x.oid) || case when x.convalidated then '' else ' (not validated)' end
    from pg_constraint x join pg_namespace n on n.oid = x.connamespace where ${own}
  union all select 'index ' || pg_get_indexdef(i.indexrelid) || case when i.indisvalid and i.indisready then '' else ' (invalid)' end
    from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace where ${own}
  union all select 'trigger ' || pg_get_triggerdef(t.oid)
    from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
    where ${own} and not t.tgisinternal
  union all select 'comment ' || pg_describe_object(d.classoid, d.objoid, d.objsubid) || ': ' || d.description
    from pg_description d where d.objoid >= 16384
  order by 1`;

/** Each fact is a line. */
export async function readSchemaFacts(db: PGlite): Promise<string[]> {
  await db.exec(`set search_path = ''`);
  const { rows } = await db.query<{ fact: string }>(query);
  await db.exec('reset all');
  return rows.map(({ fact }) => fact);
}
