/** Keeps what one migration sets (settings, role, temporary tables) from reaching the next one. */

import type { Session } from '../drivers/driver.js';
import { quoteIdentifier, quoteLiteral } from './quote.js';

/** Statements that bring a session back to how the run found it. None of them ends a transaction or drops a lock. */
export interface Hygiene {
  /** Undoes SET ROLE and SET SESSION AUTHORIZATION, so that the ledger is written as who we are. */
  restoreRole: readonly string[];
  /** Undoes everything else. Outside of a migration's transaction. */
  clean: readonly string[];
}

/** For a session that Kat opened: nothing on it is anybody else's. */
const ownHygiene: Hygiene = {
  restoreRole: ['RESET SESSION AUTHORIZATION', 'RESET ROLE'],
  clean: ['RESET ALL', 'CLOSE ALL', 'UNLISTEN *', 'DEALLOCATE ALL', 'DISCARD TEMP'],
};

/**
 * For a session that the caller owns: its settings and role come back as they were, and its temporary tables,
 * prepared statements and listeners stay.
 */
async function borrowedHygiene(session: Session): Promise<Hygiene> {
  const [settings, role] = await session.execute(`
    SELECT name, pg_catalog.current_setting(name) AS value FROM pg_catalog.pg_settings WHERE source = 'session'
      AND name NOT IN ('role', 'session_authorization');
    SELECT pg_catalog.current_setting('role') AS name`);
  const roleName = role?.rows[0]?.name ?? 'none';
  const setBack = (settings?.rows ?? []).map(
    (row) => `SELECT pg_catalog.set_config(${quoteLiteral(row.name)}, ${quoteLiteral(row.value)}, false)`,
  );
  return {
    restoreRole: [roleName === 'none' ? 'SET ROLE NONE' : `SET ROLE ${quoteIdentifier(roleName)}`],
    clean: ['RESET ALL', ...setBack],
  };
}

export async function findHygiene(session: Session): Promise<Hygiene> {
  return session.isBorrowed ? borrowedHygiene(session) : ownHygiene;
}
