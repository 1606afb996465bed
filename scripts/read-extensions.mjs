// Reads from a server what its extensions bring without being named, and writes it down as data for src/sql.
//
//   node scripts/read-extensions.mjs postgres://localhost/somewhere
//
// Creates each available extension in a transaction that is rolled back. Extensions that the server cannot create are left out, so
// use one that has all of contrib.

import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import pg from 'pg';
import { listOf } from './extension-lists.mjs';

const target = resolve(import.meta.dirname, '../src/sql/postgres/contrib-extensions.ts');
const client = new pg.Client(process.argv[2]);
await client.connect();

const members = (catalog) =>
  `select objid from pg_depend where refclassid = 'pg_extension'::regclass and deptype = 'e'
     and classid = '${catalog}'::regclass and refobjid = (select oid from pg_extension where extname = $1)`;

/** @type {Readonly<Record<string, string>>} Each gives the words of one list. */
const queries = {
  names: `select proname from pg_proc p where oid in (${members('pg_proc')})
      and not (2281 = any (p.proargtypes::oid[] || p.prorettype) and p.prorettype <> 3310) and 2275 <> all (p.proargtypes::oid[] || p.prorettype)
    union select typname from pg_type where oid in (${members('pg_type')}) and typname !~ '^_'
    union select opcname from pg_opclass where oid in (${members('pg_opclass')})
    union select relname from pg_class where oid in (${members('pg_class')})
    union select oprname from pg_operator o where oid in (${members('pg_operator')})
      and not exists (select from pg_operator b where b.oid < 16384 and b.oprname = o.oprname)
    union select amname from pg_am where oid in (${members('pg_am')})
    union select fdwname from pg_foreign_data_wrapper where oid in (${members('pg_foreign_data_wrapper')})
    union select lanname from pg_language where oid in (${members('pg_language')})
    union select cfgname from pg_ts_config where oid in (${members('pg_ts_config')})
    union select dictname from pg_ts_dict where oid in (${members('pg_ts_dict')})
    union select tmplname from pg_ts_template where oid in (${members('pg_ts_template')})
    union select prsname from pg_ts_parser where oid in (${members('pg_ts_parser')})`,
  classes: `select amname || ':' || format_type(opcintype, null) from pg_opclass c join pg_am a on a.oid = c.opcmethod
      where c.oid in (${members('pg_opclass')}) and opcdefault and opcintype not in (select objid from pg_depend where deptype = 'e' and classid = 'pg_type'::regclass)`,
  coercions: `select format_type(castsource, null) || ':' || format_type(casttarget, null) from pg_cast c where castmethod = 'b' and castcontext = 'i'
      and oid in (${members('pg_cast')}) and casttarget < 16384 and casttarget in (select opcintype from pg_opclass where opcdefault and oid < 16384)
      and (select typispreferred from pg_type where oid = casttarget)`,
  operators: `select distinct o.oprname || ':' || format_type(t, null) from pg_operator o, unnest(array[o.oprleft, o.oprright]) t
      where o.oid in (${members('pg_operator')}) and t <> 0 and t < 16384
        and (select typtype from pg_type where oid = t) <> 'p'
        and not exists (select from pg_operator b where b.oid < 16384 and b.oprname = o.oprname and (t in (b.oprleft, b.oprright)
          or ((select typcategory from pg_type where oid = t) = 'A' and b.oprleft in (2277, 5078))))`,
};

const { rows: available } = await client.query(
  `select e.name, coalesce(v.requires, '{}')::text[] as requires from pg_available_extensions e
     join pg_available_extension_versions v on v.name = e.name and v.version = e.default_version
   where e.name <> 'plpgsql' order by e.name collate "C"`,
);
const entries = [];
for (const { name, requires } of available) entries.push(await readExtension(name, requires));
await client.end();
await writeFile(
  target,
  listOf({
    name: 'contribExtensions',
    summary:
      "What PostgreSQL's own extensions bring. Made by scripts/read-extensions.mjs from the catalogs of a server.",
    entries: entries.filter((entry) => entry !== undefined),
  }),
);

/** What one extension has; undefined when it cannot be created here. */
async function readExtension(name, requires) {
  await client.query('begin');
  try {
    await client.query(`create extension "${name}" cascade`);
    const found = { name, requires: requires.join(' ') };
    for (const [list, query] of Object.entries(queries)) found[list] = await wordsOf(query, name);
    return found;
  } catch (error) {
    process.stderr.write(`${name} left out: ${error.message}\n`);
    return undefined;
  } finally {
    await client.query('rollback');
  }
}

async function wordsOf(query, name) {
  const { rows } = await client.query({ text: query, values: [name], rowMode: 'array' });
  return [...new Set(rows.map(([word]) => internalNames(word)))].sort().join(' ');
}

/** Types have their internal names in texts that are parsed. */
function internalNames(word) {
  const names = {
    integer: 'int4',
    bigint: 'int8',
    smallint: 'int2',
    real: 'float4',
    'double precision': 'float8',
    'character varying': 'varchar',
    character: 'bpchar',
    boolean: 'bool',
    '"char"': 'char',
    'timestamp without time zone': 'timestamp',
    'timestamp with time zone': 'timestamptz',
    'time without time zone': 'time',
    'time with time zone': 'timetz',
    'bit varying': 'varbit',
  };
  const at = word.lastIndexOf(':');
  if (at < 1) return word;
  const type = word.slice(at + 1);
  const base = type.replace('[]', '');
  return `${word.slice(0, at + 1)}${(names[base] ?? base).replaceAll(' ', '_')}${type.endsWith('[]') ? '[]' : ''}`;
}
