/**
 * Plays servers that speak PostgreSQL's protocol and are something else, by their documentation: a real server with other functions in
 * `pg_catalog`.
 */

import { majors } from './database.js';
import { type DatabaseProject, type MigrationSource, projectOn } from './kat-project.js';

/** https://www.cockroachlabs.com/docs/stable/functions-and-operators */
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
  migrations?: Record<string, MigrationSource>;
}

/** A project on a database of such a server. */
export async function playServer({ version, setUp = '', migrations = {} }: Played): Promise<DatabaseProject> {
  const project = await projectOn(majors().at(-1) as number, { migrations });
  await project.database.query(
    `CREATE OR REPLACE FUNCTION pg_catalog.version() RETURNS text LANGUAGE sql AS $$SELECT '${version}'$$;${setUp}`,
  );
  return project;
}

/** In SQL, so that the planner puts the body in its place: the server calls its own functions by number. */
export function lockReturns(body: string): string {
  return `CREATE OR REPLACE FUNCTION pg_catalog.pg_try_advisory_lock(bigint) RETURNS boolean LANGUAGE sql AS 'SELECT ${body}'`;
}
