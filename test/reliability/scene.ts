/** What the tests of faults have in common: migrations that can be told apart in the schema, and looks at the server. */

import { expect } from 'vitest';
import type { TestDatabase } from '../support/database.js';
import type { KatRun } from '../support/kat-command.js';
import type { DatabaseProject, MigrationSource } from '../support/kat-project.js';
import type { TestProxy } from '../support/proxy.js';
import { until } from '../support/until.js';

/** Migrations of one table each, named like them, one behind the other: `1_t1`, `2_t2` and so on. */
export function tableMigrations(count: number): Record<string, MigrationSource> {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  return Object.fromEntries(numbers.map((number) => [`${number}_t${number}`, tableMigration(number)]));
}

export function tableMigration(number: number, more = ''): MigrationSource {
  return {
    up: `CREATE TABLE t${number} ();${more}`,
    down: `DROP TABLE t${number};`,
    parents: number === 1 ? [] : [number - 1],
  };
}

/** The ids of `tableMigrations` from the first to a last. */
export function idsUpTo(last: number): string[] {
  return Array.from({ length: last }, (_, index) => `${index + 1}_t${index + 1}`);
}

/** Lets Kat reach its database by way of a proxy; further lines of the configuration may be added. */
export function routeThrough(proxy: TestProxy, project: DatabaseProject, databaseLines = ''): void {
  project.write('kat.conf.yaml', `database:\n  url: ${proxy.urlOf(project.database)}\n${databaseLines}`);
}

/** What is applied, after checking that the ledger and the tables agree to the row. */
export async function appliedTables({ database }: DatabaseProject): Promise<string[]> {
  const [row] = await database.query(`
    SELECT to_regclass('migrations') IS NOT NULL AS is_there,
           (SELECT json_agg(relname ORDER BY length(relname), relname) FROM pg_class
            WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname ~ '^t[0-9]+$') AS tables`);
  const ids = row?.is_there
    ? (await database.query('SELECT name FROM migrations ORDER BY id')).map(nameOf)
    : [];
  expect(ids.map((id) => id.replace(/^\d+_/, ''))).toEqual(row?.tables ?? []);
  return ids;
}

function nameOf({ name }: Record<string, unknown>): string {
  return String(name);
}

/** Waits until a session of Kat's runs a statement with this text, and gives its process id. */
export function untilRunning(database: TestDatabase, text: string): Promise<number> {
  const sql = `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND state = 'active'
    AND application_name LIKE 'kat %' AND query LIKE '%${text}%' AND pid <> pg_backend_pid()`;
  return until(async () => (await database.query(sql))[0]?.pid as number | undefined);
}

/** Waits until no session of Kat's is left. */
export async function untilGone(database: TestDatabase): Promise<void> {
  const sql = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'kat %'`;
  await until(async () => (await database.query(sql)).length === 0);
}

/** A run that ended well, shown whole when it did not. */
export function expectDone(run: KatRun): void {
  expect(run, run.stderr).toMatchObject({ code: 0 });
}
