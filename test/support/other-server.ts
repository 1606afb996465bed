/**
 * Plays servers that speak PostgreSQL's protocol and are something else, as their documentation describes them: a real server with other
 * functions in `pg_catalog`, and before it a proxy that rewrites messages. Whatever is not rewritten is PostgreSQL's own.
 */

import { majors } from './database.js';
import { type DatabaseProject, type MigrationSource, projectOn } from './kat-project.js';
import { startProxy, type TestProxy } from './proxy.js';

export const cockroachVersion =
  'CockroachDB CCL v25.1.2 (x86_64-pc-linux-gnu, built 2025/03/12 18:09:37, go1.22.8)';
export const yugabyteVersion =
  'PostgreSQL 15.2-YB-2.25.0.0-b489 on x86_64-pc-linux-gnu, compiled by clang version 17.0.6, 64-bit';

/** What is played. */
export interface Played {
  /** What `version()` says. */
  version: string;
  /** What its functions do otherwise, as SQL. */
  setUp?: string;
  /** What the real server gets instead of a message. */
  rewrite?: (sql: string) => string;
  migrations?: Record<string, MigrationSource>;
}

export interface PlayedProject extends DatabaseProject {
  proxy: TestProxy;
  /** The database's URL by way of the proxy, which the configuration has, too. */
  url: string;
}

/** A project on a database of such a server. */
export async function playServer({
  version,
  setUp = '',
  rewrite,
  migrations = {},
}: Played): Promise<PlayedProject> {
  const project = await projectOn(majors().at(-1) as number, { migrations });
  await project.database.query(
    `CREATE OR REPLACE FUNCTION pg_catalog.version() RETURNS text LANGUAGE sql AS $$SELECT '${version}'$$;${setUp}`,
  );
  const proxy = await startProxy(project.database, rewrite ? { rewrite } : {});
  const url = proxy.urlOf(project.database);
  project.write('kat.conf.yaml', `database:\n  url: ${url}\n`);
  return { ...project, proxy, url };
}

/** In SQL, so that the planner puts the body in its place: the server calls its own functions by number. */
export function lockReturns(body: string, name = 'pg_try_advisory_lock'): string {
  return `CREATE OR REPLACE FUNCTION pg_catalog.${name}(bigint) RETURNS boolean LANGUAGE sql AS 'SELECT ${body}'`;
}

/** `pg_advisory_lock` and its like do nothing; https://www.cockroachlabs.com/docs/stable/functions-and-operators. */
export const cockroach = {
  version: cockroachVersion,
  setUp: lockReturns('true'),
  rewrite: commitBeforeDdl,
} as const;

/** DDL has transactions of its own, and advisory locks are an error; https://docs.yugabyte.com/stable/explore/transactions. */
export const yugabyte = {
  version: yugabyteVersion,
  setUp: lockReturns('$1 / 0 = 1'),
  rewrite: commitBeforeDdl,
} as const;

/** https://docs.aws.amazon.com/aurora-dsql/latest/userguide/working-with-ddl.html; it has no advisory locks. */
export const dsql = {
  version: 'PostgreSQL 16 on aarch64-unknown-linux-gnu, Aurora DSQL',
  setUp: lockReturns('$1 / 0 = 1'),
  rewrite: refuseMixedTransactions,
} as const;

/** The beginning of a statement; no statement of these tests has a semicolon in itself. */
const starts = String.raw`(?<=^|;|\*/)(\s*)`;
const ddl = new RegExp(String.raw`${starts}((?:CREATE|ALTER|DROP|TRUNCATE|COMMENT)\s[^;]*)`, 'g');
const rows = new RegExp(String.raw`${starts}((?:INSERT|UPDATE|DELETE)\s)`, 'g');
const begins = new RegExp(String.raw`${starts}BEGIN\b`);

/** `autocommit_before_ddl`; https://www.cockroachlabs.com/docs/stable/online-schema-changes#schema-changes-within-transactions */
function commitBeforeDdl(sql: string): string {
  return begins.test(sql) ? sql.replaceAll(ddl, '$1COMMIT; $2; COMMIT') : sql;
}

function refuseMixedTransactions(sql: string): string {
  const [definitions, writes] = [[...sql.matchAll(ddl)], [...sql.matchAll(rows)]];
  if (definitions.length > 1)
    return `${sql.slice(0, definitions[1]?.index)};${raise('0A000', 'multiple ddl statements are not supported in a transaction')}`;
  if (definitions.length === 0 || writes.length === 0) return sql;
  return `${sql.slice(0, writes[0]?.index)};${raise('0A000', 'ddl and dml are not supported in the same transaction')}`;
}

/** A statement that fails so. */
export function raise(sqlstate: string, message: string): string {
  return `DO $kat$BEGIN RAISE '${message}' USING ERRCODE = '${sqlstate}'; END$kat$`;
}

/** Makes the next message that has a text fail, once for each sqlstate, and do nothing. */
export function failNext(text: string, sqlstates: string[], rewrite: (sql: string) => string = (sql) => sql) {
  return (sql: string) => {
    const sqlstate = sql.includes(text) ? sqlstates.shift() : undefined;
    return sqlstate === undefined ? rewrite(sql) : raise(sqlstate, 'played');
  };
}
