/** Finds what a text really takes away from the rows of a database, by looking before and after. */

import type { TestDatabase } from '../support/database.js';

/** Rows by the number of their table, with values by the number of their column. */
interface Contents {
  tables: ReadonlyMap<string, readonly ReadonlyMap<number, string>[]>;
  /** Column defaults as they are now, by table and column. */
  defaults: ReadonlyMap<string, string>;
  types: ReadonlyMap<string, string>;
  /** Whether the sequence gave out numbers, and no column has them. */
  sequences: ReadonlyMap<string, boolean>;
  names: ReadonlyMap<string, string>;
}

type Query = TestDatabase['query'];

const ownTables = `c.relkind = 'r' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and c.relname !~ '^migrations'`;

async function readContents(query: Query): Promise<Contents> {
  const columns = (await query(
    `select c.oid::text as table, format('%I.%I', n.nspname, c.relname) as name, a.attname, a.attnum, a.atttypid::text as type,
       case when a.attgenerated = '' then pg_get_expr(d.adbin, d.adrelid) end as value
     from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
     left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
     where ${ownTables} and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''`,
  )) as {
    table: string;
    name: string;
    attname: string;
    attnum: number;
    type: string;
    value: string | null;
  }[];
  const names = new Map(columns.map(({ table, name }) => [table, name]));
  const rows = (await query(
    [...names]
      .map(
        ([table, name]) =>
          `select '${table}' as table, to_jsonb(whole_row) as row from only ${name} whole_row`,
      )
      .join(' union all '),
  )) as { table: string; row: Record<string, unknown> }[];
  const tables = new Map<string, Map<number, string>[]>([...names.keys()].map((table) => [table, []]));
  for (const { table, row } of rows) {
    const own = columns.filter((column) => column.table === table && row[column.attname] !== null);
    tables.get(table)?.push(new Map(own.map(({ attname, attnum }) => [attnum, textOf(row[attname])])));
  }
  const sequences = (await query(
    `select seqrelid::text as id, pg_sequence_last_value(seqrelid) is not null and not exists (select from pg_depend d
       where d.refclassid = 'pg_class'::regclass and (d.objid = seqrelid and d.refobjsubid > 0
         or d.refobjid = seqrelid and d.classid = 'pg_attrdef'::regclass)) as counts from pg_sequence`,
  )) as { id: string; counts: boolean }[];
  const defaults = await readDefaults(query, columns);
  const types = new Map(columns.map(({ table, attnum, type }) => [`${table}.${attnum}`, type]));
  return {
    tables,
    defaults,
    types,
    sequences: new Map(sequences.map(({ id, counts }) => [id, counts])),
    names,
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

async function readDefaults(
  query: Query,
  columns: readonly { table: string; attnum: number; value: string | null }[],
): Promise<Map<string, string>> {
  const fixed = columns.filter(({ value }) => value !== null && !value.includes('nextval'));
  const found = new Map<string, string>();
  for (const { table, attnum, value } of fixed) {
    const [row] = (await query(`select to_jsonb(${value}) as value`)) as { value: unknown }[];
    found.set(`${table}.${attnum}`, textOf(row?.value));
  }
  return found;
}

/** Whole tables, whole columns and numbers of sequences that the text takes away; undefined where the database refuses it. */
export async function findRealLosses(query: Query, text: string): Promise<string[] | undefined> {
  const before = await readContents(query);
  await query('begin');
  try {
    await query(`set client_min_messages = error; ${text}`);
    return compare(before, await readContents(query));
  } catch {
    return undefined;
  } finally {
    await query('rollback');
  }
}

function compare(before: Contents, after: Contents): string[] {
  const sequences = [...before.sequences].flatMap(([id, counts]) =>
    counts && !after.sequences.has(id) ? [id] : [],
  );
  const tables = [...before.tables].flatMap(([table, rows]) => lossesOf(table, rows, before, after));
  return [...tables, ...sequences.map((id) => `sequence ${id}`)];
}

function lossesOf(
  table: string,
  rows: readonly ReadonlyMap<number, string>[],
  before: Contents,
  after: Contents,
): string[] {
  const now = after.tables.get(table) ?? [];
  const name = before.names.get(table) ?? '';
  if (rows.length === 0) return [];
  if (now.length === 0) return [name];
  const columns = new Set(rows.flatMap((row) => [...row.keys()]));
  return [...columns]
    .filter((column) =>
      isLost(
        rows.map((row) => row.get(column)),
        now.map((row) => row.get(column)),
        {
          isThere: after.types.has(`${table}.${column}`),
          isRetyped: after.types.get(`${table}.${column}`) !== before.types.get(`${table}.${column}`),
          value: before.defaults.get(`${table}.${column}`),
        },
      ),
    )
    .map((column) => `${name}.${column}`);
}

type Values = readonly (string | undefined)[];

function isLost(
  before: Values,
  after: Values,
  { isThere, isRetyped, value }: { isThere: boolean; isRetyped: boolean; value: string | undefined },
): boolean {
  const known = before.filter((one) => one !== undefined);
  // A dropped column comes back with its default.
  if (!isThere) return known.some((one) => one !== value);
  const isKept = known.every((one) => after.includes(one));
  const isOneValue = after.length >= before.length && new Set(after).size === 1;
  return !isKept && (isRetyped || isOneValue);
}
