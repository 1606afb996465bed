/** Lets Kat write under its own role while the session keeps the migration's. The session is asked, as any code may change its role. */

import { quoteLiteral } from '../../quote.js';
import { ne } from './operators.js';

const roleMark = 'kat.role';
const loginMark = 'kat.login';

/** The values of `role` and `session_authorization`, as SQL. */
export interface SessionRole {
  role: string;
  login: string;
}

/** What the session has. */
export const currentRole: SessionRole = {
  role: "pg_catalog.current_setting('role')",
  login: 'session_user::pg_catalog.text',
};

/** What `noteRole` has noted. */
export const notedRole: SessionRole = {
  role: `pg_catalog.current_setting('${roleMark}', true)`,
  login: `pg_catalog.current_setting('${loginMark}', true)`,
};

/** Expressions that note the current role until the end of the transaction. */
export const noteRole = note(true);

/** The same until the session gets another note, as in a script outside of a transaction. */
export const noteRoleForSession = note(false);

function note(isLocal: boolean): string {
  return `pg_catalog.set_config('${loginMark}', ${currentRole.login}, ${isLocal}), pg_catalog.set_config('${roleMark}', ${currentRole.role}, ${isLocal})`;
}

/** Expressions that give the session the noted role. The login is first, as it resets the role. */
export const returnRole = `pg_catalog.set_config('session_authorization', ${notedRole.login}, false), pg_catalog.set_config('role', ${notedRole.role}, false)`;

const ownRoleMark = 'kat.own_role';
const ownLoginMark = 'kat.own_login';

/** Expressions that note the current role as Kat's own, in the session of a script. */
export const noteOwn = `pg_catalog.set_config('${ownLoginMark}', ${currentRole.login}, false), pg_catalog.set_config('${ownRoleMark}', ${currentRole.role}, false)`;

/** What `noteOwn` has noted, or the current role where a statement has reset all settings. */
export const ownRole: SessionRole = {
  role: markOr(ownRoleMark, currentRole.role),
  login: markOr(ownLoginMark, currentRole.login),
};

function markOr(mark: string, otherwise: string): string {
  const noted = `pg_catalog.current_setting('${mark}', true)`;
  return `CASE WHEN ${noted} ${ne} '' THEN ${noted} ELSE ${otherwise} END`;
}

const roleColumn = 'kat_own_role';
const loginColumn = 'kat_own_login';

/** A query for `findRole`. */
export const askRole = `SELECT ${currentRole.role} AS ${roleColumn}, ${currentRole.login} AS ${loginColumn}`;

/** The answer to `askRole` among the rows of a message, as SQL. */
export function findRole(rows: readonly Readonly<Record<string, string | null>>[]): SessionRole | undefined {
  const row = rows.find((one) => roleColumn in one);
  return row && { role: quoteLiteral(row[roleColumn] ?? ''), login: quoteLiteral(row[loginColumn] ?? '') };
}

/**
 * Statements that set the role to the end of the transaction, when the session has its role again: also where a migration has set that
 * one only to the end of the transaction. The login is left where it is the same: until CVE-2024-10978, its return reset the role.
 */
export function takeRole({ role, login }: SessionRole): string[] {
  return [
    `SELECT pg_catalog.set_config('session_authorization', ${login}, true) WHERE ${currentRole.login} ${ne} ${login}`,
    `SELECT pg_catalog.set_config('role', ${role}, true)`,
  ];
}
