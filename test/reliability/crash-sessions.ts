/** Finds and ends sessions of Kat's, for the tests that strike at random moments. */

import type { TestDatabase } from '../support/database.js';

const sessionsOfKat = `SELECT pid FROM pg_stat_activity
  WHERE datname = current_database() AND application_name LIKE 'kat %' ORDER BY random() LIMIT 1`;

/** @returns the process id of one of Kat's sessions, undefined where there is none, or where the server is just starting again. */
export async function findSession(database: TestDatabase): Promise<number | undefined> {
  const [row] = await database.query(sessionsOfKat).catch(unlessStarting);
  return row?.pid as number | undefined;
}

/**
 * Ends one of Kat's sessions, as an administrator would.
 * @returns whether there was one.
 */
export async function terminateSession(database: TestDatabase): Promise<boolean> {
  const pid = await findSession(database);
  if (pid === undefined) return false;
  const [row] = await database.query(`SELECT pg_terminate_backend(${pid}) AS is_done`).catch(unlessStarting);
  return row?.is_done === true;
}

/** A server whose backend was killed ends all connections, and refuses new ones until it has recovered. */
function unlessStarting(error: Error): [] {
  if (/terminat|recovery mode|starting up|shutting down|ECONNREFUSED|ECONNRESET/.test(String(error)))
    return [];
  throw error;
}
