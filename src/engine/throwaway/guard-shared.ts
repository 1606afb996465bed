/** Keeps migrations on a throwaway database from changing what all databases of its server share, whatever code does it. */

import type { RunSetting } from '../session/run-setting.js';
import type { Throwaway } from './throwaway.js';

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

/** What lets each migration of a run fail that has changed such a thing. */
export function guardShared({ kind }: Pick<Throwaway, 'kind'>): Pick<RunSetting, 'beforeCommit'> {
  return kind === 'shared server' ? { beforeCommit: refuseSharedChange } : {};
}
