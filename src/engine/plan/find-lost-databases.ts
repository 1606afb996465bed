/** Finds the databases that a rollback drops: their tables cannot be seen from here. */

import type { Session } from '../../connections/driver.js';
import { quoteTextArray } from '../../quote.js';
import type { LostObject } from '../../sql/effects/lost-objects.js';
import { executeInCatalog } from '../ledger/catalog-path.js';

/** @returns those that exist, each with the reason why nobody knows what it holds. */
export async function findLostDatabases(session: Session, objects: readonly LostObject[]): Promise<string[]> {
  const names = objects.flatMap((object) => (object.kind === 'database' ? object.names : []));
  if (names.length === 0) return [];
  const [result] = await executeInCatalog(
    session,
    `SELECT pg_catalog.quote_ident(datname) AS name FROM pg_catalog.pg_database WHERE datname = ANY (${quoteTextArray(names)}) ORDER BY 1`,
  );
  return (result?.rows ?? []).map(({ name }) => `${name} (another database)`);
}
