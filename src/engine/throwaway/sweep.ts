/** Drops the throwaway databases of runs that were killed. */

import type { Session } from '../../connections/driver.js';
import { quoteIdentifier } from '../../quote.js';

/**
 * A database is in use as long as a session bears its name or is connected to it, wherever its process runs: the server ends the
 * sessions of a process that is gone. Every role sees these columns (`pg_stat_get_activity`).
 */
const leftOvers = `SELECT d.datname AS name FROM pg_catalog.pg_database d
WHERE d.datname OPERATOR(pg_catalog.~) '^kat_verify_[0-9a-f]{8}_[0-9]+$' AND pg_catalog.pg_has_role(d.datdba, 'USAGE')
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity a
                  WHERE a.application_name OPERATOR(pg_catalog.=) d.datname::pg_catalog.text OR a.datid OPERATOR(pg_catalog.=) d.oid)`;

/** Never throws for a database that another run drops meanwhile, or that cannot be dropped. */
export async function sweepLeftOvers(session: Session): Promise<void> {
  const [found] = await session.execute(leftOvers);
  for (const { name } of found?.rows ?? []) {
    if (name === null || name === undefined) continue;
    await session.execute(`DROP DATABASE IF EXISTS ${quoteIdentifier(name)}`).catch(() => undefined);
  }
}
