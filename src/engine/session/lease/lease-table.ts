/** The table of the lease, which two rows share: one is renewed, and the other one guards every write of the run. */

import { quoteLiteral } from '../../../quote.js';
import type { Ledger } from '../../ledger/ledger.js';
import { eq, gt, plus } from '../../ledger/operators.js';
import { claim } from '../../ledger/proof.js';
import { formatTableName, leaseNameOf } from '../../ledger/table-name.js';
import { leaseTaken, leaseTakenSince } from '../lock-taken.js';

/** Its name as SQL. */
export function leaseTableOf({ name }: Pick<Ledger, 'name'>): string {
  return formatTableName({ schema: name.schema, table: leaseNameOf(name.table) });
}

/** The row that is renewed has the key `runner`; the other one, `fence`, changes only when a run takes or loses the lease. */
export function createLeaseTable(table: string): string {
  return `CREATE TABLE IF NOT EXISTS ${table} (
  key pg_catalog.text PRIMARY KEY,
  token BIGINT NOT NULL,
  holder pg_catalog.text NOT NULL,
  backend_pid INTEGER NOT NULL,
  expires_at TIMESTAMP WITH TIME ZONE NOT NULL
)`;
}

/** A condition on the row that is renewed. */
export const isRunner = `key ${eq} 'runner'`;

const isFence = `key ${eq} 'fence'`;

const now = 'pg_catalog.clock_timestamp()';

/** A condition on a row. @param alias with a dot behind it; empty for none. */
export function isHeld(alias: string): string {
  return `(${alias}expires_at ${gt} ${now})`;
}

/** When a lease ends that is taken or renewed at this moment, as SQL. @param ms its life. */
function endAfter(ms: number): string {
  return `${now} ${plus} interval '${ms} milliseconds'`;
}

/** An instant that has passed, as SQL. */
const ended = 'pg_catalog.to_timestamp(0)';

/** Who takes a lease. */
export interface LeaseHolder {
  /** `user@host` and the process id there. */
  holder: string;
  /** The server's process id of the session that works. */
  backendPid: number;
  lifeMs: number;
}

/**
 * The statement that takes it if it has expired, or if a lost connection of the same run had it; it returns the new token.
 * @param formerToken of that connection.
 */
export function takeStatement(
  table: string,
  { holder, backendPid, lifeMs }: LeaseHolder,
  formerToken: string | undefined,
): string {
  const isOurs = formerToken === undefined ? '' : ` OR l.token ${eq} ${formerToken}`;
  return `INSERT INTO ${table} AS l (key, token, holder, backend_pid, expires_at)
VALUES ('runner', 1, ${quoteLiteral(holder)}, ${backendPid}, ${endAfter(lifeMs)})
ON CONFLICT (key) DO UPDATE SET token = l.token ${plus} 1, holder = EXCLUDED.holder, backend_pid = EXCLUDED.backend_pid,
  expires_at = EXCLUDED.expires_at
WHERE NOT ${isHeld('l.')}${isOurs}
RETURNING token`;
}

/**
 * The statement behind it in the same message. It waits for writes that have passed the fence, and lets no further ones pass. Where
 * another run has the lease it changes nothing.
 */
export function fenceStatement(table: string, { holder, backendPid }: LeaseHolder): string {
  return `INSERT INTO ${table} (key, token, holder, backend_pid, expires_at)
SELECT 'fence', token, '', 0, ${ended} FROM ${table}
WHERE ${isRunner} AND holder ${eq} ${quoteLiteral(holder)} AND backend_pid ${eq} ${backendPid} AND ${isHeld('')}
ON CONFLICT (key) DO UPDATE SET token = EXCLUDED.token`;
}

/** The statement that lengthens it; it changes no row if another run has taken it. */
export function renewStatement(table: string, token: string, lifeMs: number): string {
  return `UPDATE ${table} SET expires_at = ${endAfter(lifeMs)} WHERE ${isRunner} AND token ${eq} ${token}`;
}

/** The statement that gives it back; the tokens of later leases are higher all the same. */
export function releaseStatement(table: string, token: string): string {
  return `UPDATE ${table} SET expires_at = ${ended} WHERE ${isRunner} AND token ${eq} ${token}`;
}

/** The statements of one transaction that take the lease from its holder. */
export function revokeStatements(table: string, token: string): string[] {
  const held = `token = token ${plus} 1`;
  return [
    `UPDATE ${table} SET ${held}, expires_at = ${ended} WHERE ${isRunner} AND token ${eq} ${token}`,
    `UPDATE ${table} SET ${held} WHERE ${isFence} AND token ${eq} ${token}`,
  ];
}

/**
 * An expression that fails if another run has taken the lease. It keeps the row locked to the end of the transaction, so that a run that
 * takes the lease waits for what passes here.
 */
export function fenceOf(table: string, token: string): string {
  return claim(
    `EXISTS (SELECT 1 FROM ${table} WHERE ${isFence} AND token ${eq} ${token} FOR UPDATE)`,
    leaseTaken,
  );
}

/** The same behind a COMMIT, where nothing is written any more. */
export function renewalOf(table: string, token: string): string {
  return claim(`EXISTS (SELECT 1 FROM ${table} WHERE ${isFence} AND token ${eq} ${token})`, leaseTakenSince);
}
