/** What the tests of faults have in common: migrations that can be told apart in the schema, and looks at the server. */

import pg from 'pg';
import { expect } from 'vitest';
import type { TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import type { KatRun, RunningKat } from '../support/kat-command.js';
import type { DatabaseProject, MigrationSource } from '../support/kat-project.js';
import type { TestProxy } from '../support/proxy.js';

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

/** A migration that is at work until `holdBack` lets it go. */
export function waitingMigration(number: number): MigrationSource {
  return tableMigration(number, ' SET lock_timeout = 0; SELECT pg_advisory_xact_lock(4711);');
}

/** Keeps `waitingMigration` from ending until it is released. */
export function holdBack(database: TestDatabase): Promise<OtherSession> {
  return holdTransaction(database, 'SELECT pg_advisory_xact_lock(4711)');
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

/**
 * Waits until a session of Kat's runs a statement with this text, and gives its process id.
 * @param application a pattern of its name; sessions of a pool have the caller's.
 */
export function untilRunning(database: TestDatabase, text: string, application = 'kat %'): Promise<number> {
  // The statement is one of several in its message; that it sleeps can be seen.
  const moment = text.startsWith('pg_sleep') ? "AND wait_event = 'PgSleep'" : '';
  const sql = `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND state = 'active'
    AND application_name LIKE '${application}'
    AND query LIKE '%${text}%' AND pid <> pg_backend_pid() ${moment}`;
  return eventually(
    `a session that runs ${text}`,
    async () => (await database.query(sql))[0]?.pid as number | undefined,
  );
}

/** Waits until a session of Kat's sleeps in whichever statement of its message: of a long one, the server shows the beginning alone. */
export async function untilSleeping(database: TestDatabase): Promise<void> {
  const sql = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'
    AND application_name LIKE 'kat %'`;
  await eventually('a session that sleeps', async () => (await database.query(sql)).length > 0);
}

/** Waits until a session waits for another one's lock on a table. */
export async function untilBlocked(database: TestDatabase): Promise<void> {
  const sql = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND wait_event = 'relation'`;
  await eventually('a session that waits for a lock', async () => (await database.query(sql)).length > 0);
}

/** Waits until no session of Kat's is left. */
export async function untilGone(database: TestDatabase): Promise<void> {
  const sql = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'kat %'`;
  await eventually('the end of the sessions of Kat', async () => (await database.query(sql)).length === 0);
}

/** A run that ended well, shown whole when it did not. */
export function expectDone(run: KatRun): void {
  expect(run, run.stderr).toMatchObject({ code: 0 });
}

/** A session of an application's, with an open transaction. */
export interface OtherSession {
  processId: number;
  query(sql: string): Promise<unknown>;
  /** Ends it; what it had locked is free. */
  release(): Promise<void>;
}

/** Opens a session that begins a transaction with this SQL and keeps it open. */
export async function holdTransaction(database: TestDatabase, sql: string): Promise<OtherSession> {
  const client = new pg.Client({ connectionString: database.url, application_name: 'the application' });
  client.on('error', () => undefined);
  await client.connect();
  await client.query(`BEGIN; ${sql}`);
  const { processID } = client as unknown as { processID: number };
  return { processId: processID, query: (text) => client.query(text), release: () => client.end() };
}

/** A transaction that every concurrent build of an index waits for. */
export function holdSnapshot(database: TestDatabase): Promise<OtherSession> {
  return holdTransaction(database, 'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; SELECT 1');
}

/** Waits until a run has written this to stderr; call it as soon as the run is started. */
export function untilSays({ child, ended }: RunningKat, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes(text)) resolve();
    });
    void ended.then(({ stderr }) => reject(new Error(`it ended without saying ${text}:\n${stderr}`)));
  });
}
