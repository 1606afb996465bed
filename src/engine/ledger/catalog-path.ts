/**
 * Runs queries in which unqualified operators, functions and types are PostgreSQL's own, whatever schema comes first on the
 * session's search path. Shorter than naming the schema of each, for queries that start no transaction and name all tables with schemas.
 */

import type { Session, StatementResult } from '../../connections/driver.js';

const saved = 'kat.search_path';

/** A local setting lasts to the end of a message without BEGIN; in a transaction the last statement gives it back. */
const before = [
  `SELECT pg_catalog.set_config('${saved}', pg_catalog.current_setting('search_path'), true)`,
  `SELECT pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true)`,
];

const after = `SELECT set_config('search_path', current_setting('${saved}'), true)`;

/**
 * Sends the statements as one message.
 * @returns their results.
 * @throws SqlError
 */
export async function executeInCatalog(
  session: Session,
  ...statements: readonly string[]
): Promise<StatementResult[]> {
  const results = await session.execute([...before, ...statements, after].join(';\n'));
  return results.slice(before.length, before.length + statements.length);
}
