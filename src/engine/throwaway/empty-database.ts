/** Empties a database that is Kat's alone, which is faster than a new one. */

import type { Session } from '../../connections/driver.js';
import { SqlError } from '../../errors.js';
import { compareSnapshots } from '../../sql/snapshot/compare.js';
import type { SchemaSnapshot } from '../../sql/snapshot/snapshot.js';
import { readSnapshot } from '../snapshot/read-snapshot.js';

/** Event triggers go first, so that they do not see the rest. */
const dropAll = `DO $kat$
DECLARE command text;
BEGIN
  FOR command IN SELECT c FROM (
    SELECT 1 AS place, pg_catalog.format('DROP EVENT TRIGGER IF EXISTS %I CASCADE', evtname) AS c FROM pg_catalog.pg_event_trigger
    UNION ALL SELECT 2, pg_catalog.format('DROP PUBLICATION IF EXISTS %I', pubname) FROM pg_catalog.pg_publication
    UNION ALL SELECT 3, pg_catalog.format('DROP EXTENSION IF EXISTS %I CASCADE', extname) FROM pg_catalog.pg_extension WHERE extname <> 'plpgsql'
    UNION ALL SELECT 4, pg_catalog.format('DROP FOREIGN DATA WRAPPER IF EXISTS %I CASCADE', fdwname) FROM pg_catalog.pg_foreign_data_wrapper
    UNION ALL SELECT 5, pg_catalog.format('DROP SCHEMA IF EXISTS %I CASCADE', nspname) FROM pg_catalog.pg_namespace
      WHERE nspname !~ '^pg_' AND nspname <> 'information_schema') x ORDER BY place
  LOOP EXECUTE command; END LOOP;
END $kat$;
CREATE SCHEMA public AUTHORIZATION pg_database_owner;
GRANT USAGE ON SCHEMA public TO PUBLIC;
COMMENT ON SCHEMA public IS 'standard public schema'`;

/** What a snapshot does not have, and a migration may leave. */
const leftOvers = `SELECT FROM pg_catalog.pg_roles WHERE oid >= 16384 UNION ALL SELECT FROM pg_catalog.pg_db_role_setting
UNION ALL SELECT FROM pg_catalog.pg_largeobject_metadata UNION ALL SELECT FROM pg_catalog.pg_subscription`;

/**
 * Drops all objects.
 * @param empty the database as it was at first
 * @returns whether the database equals that again: roles, settings and what has no schema may be left.
 */
export async function emptyDatabase(session: Session, empty: SchemaSnapshot): Promise<boolean> {
  try {
    const results = await session.execute(`${dropAll};\n${leftOvers}`);
    const isClean = results.at(-1)?.rows.length === 0;
    return isClean && compareSnapshots(empty, await readSnapshot(session)).length === 0;
  } catch (error) {
    if (error instanceof SqlError) return false;
    throw error;
  }
}
