/** Finds out whether a server may have syntax of its own, once a text does not parse. */

import type { Session } from '../../../connections/driver.js';
import { isPlainPostgres } from '../server-promises.js';

/** @returns whether it is not PostgreSQL itself; then the session's texts are read with the clauses of others. */
export async function mayHaveOwnSyntax(session: Session): Promise<boolean> {
  const isEmbedded = session.processId === undefined;
  if (isEmbedded || session.sqlite || session.literals !== 'standard') return false;
  const [result] = await session.execute('SELECT pg_catalog.version() AS version');
  if (isPlainPostgres(result?.rows[0]?.version ?? '')) return false;
  session.literals = 'other syntax';
  return true;
}
