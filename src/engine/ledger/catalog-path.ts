/**
 * Runs queries in which unqualified operators, functions and types are PostgreSQL's own, whatever schema comes first on the
 * session's search path. Shorter than naming the schema of each, for queries that start no transaction and name all tables with schemas.
 */

import type { Session, StatementResult } from '../../connections/driver.js';
import { executeUnder, localSettings } from './local-settings.js';

const inCatalog = localSettings('kat.search_path', { search_path: 'pg_catalog, pg_temp' });

/**
 * Sends the statements as one message.
 * @returns their results.
 * @throws SqlError
 */
export function executeInCatalog(
  session: Session,
  ...statements: readonly string[]
): Promise<StatementResult[]> {
  return executeUnder(session, inCatalog, statements);
}
