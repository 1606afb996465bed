/** Keeps migrations on a throwaway database from changing what all databases of its server share, whatever code does it. */

import type { Session } from '../../connections/driver.js';
import { ensureLedger } from '../ledger/create-ledger.js';

/** The SQLSTATE of such a migration: of no class of PostgreSQL's. */
export const sharedChangeState = 'KT001';

const message = 'it changes roles, databases or tablespaces, which all databases of the server share';

/**
 * Whoever writes into a shared catalog holds a lock on it until the transaction ends (`table_close(…, NoLock)` in PostgreSQL's
 * user.c, dbcommands.c, tablespace.c and pg_db_role_setting.c). What cannot run in a transaction is found in the SQL before.
 */
const check = `IF EXISTS (
    SELECT FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) l.relation
    WHERE l.pid OPERATOR(pg_catalog.=) pg_catalog.pg_backend_pid() AND l.database OPERATOR(pg_catalog.=) 0 AND l.mode OPERATOR(pg_catalog.=) 'RowExclusiveLock'
      AND c.relname::pg_catalog.text OPERATOR(pg_catalog.~) '^pg_(?:authid|auth_members|database|tablespace|db_role_setting|parameter_acl|subscription)$')
  THEN RAISE EXCEPTION '${message}' USING ERRCODE = '${sharedChangeState}'; END IF;`;

/** A statement that fails in a transaction that has changed such a thing. */
export const refuseSharedChange = `DO $kat$ BEGIN ${check} END $kat$`;

/**
 * Creates the tracking table, and lets each record of a migration fail that has changed such a thing: the record is written in the
 * transaction of the migration.
 * @param schema of Kat's own in the throwaway database, as SQL
 */
export async function guardShared(session: Session, schema: string, table: string): Promise<void> {
  await ensureLedger(session, { name: { schema, table }, shape: undefined, hasLog: false });
  const guard = `${schema}.refuse_shared_change`;
  await session.execute(`CREATE FUNCTION ${guard}() RETURNS trigger LANGUAGE plpgsql AS $kat$ BEGIN ${check} RETURN NULL; END $kat$;
CREATE TRIGGER refuse_shared_change AFTER INSERT OR DELETE ON ${schema}.${table} FOR EACH STATEMENT EXECUTE FUNCTION ${guard}()`);
}
