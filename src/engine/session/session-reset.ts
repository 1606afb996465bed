/** Resets settings, role and temporary tables of one migration before the next one. */

import type { Session } from '../../connections/driver.js';
import { SqlError } from '../../errors.js';
import { quoteIdentifier, quoteLiteral, quoteTextArray } from '../../quote.js';
import { eq, ne } from '../ledger/operators.js';
import type { RunnerLock } from './lock.js';

/** Statements that bring a session back to how the run found it. None of them ends a transaction or drops our lock. */
export interface SessionReset {
  /** Undoes SET ROLE and SET SESSION AUTHORIZATION, so that the ledger is written as who we are. */
  restoreRole: readonly string[];
  /** Undoes everything else. Outside of a migration's transaction. */
  clean: readonly string[];
}

/** Undoes SET ROLE and SET SESSION AUTHORIZATION in a session of Kat's own. */
export const restoreLogin: readonly string[] = ['RESET SESSION AUTHORIZATION', 'RESET ROLE'];

/** Undoes everything else in it but advisory locks. */
export const cleanSession: readonly string[] = [
  'RESET ALL',
  'CLOSE ALL',
  'UNLISTEN *',
  'DEALLOCATE ALL',
  'DISCARD TEMP',
  // What currval() and lastval() say, and the numbers that the session has cached.
  'DISCARD SEQUENCES',
];

export async function findSessionReset(session: Session, lock: RunnerLock): Promise<SessionReset> {
  return session.isBorrowed ? borrowedReset(session, lock) : ownReset(session, lock);
}

/** For a session that Kat opened: nothing on it is anybody else's. */
async function ownReset(session: Session, { renewal }: RunnerLock): Promise<SessionReset> {
  const settings = await applyAttention(session);
  return {
    restoreRole: restoreLogin,
    clean: [...cleanSession, `SELECT ${[renewal, ...settings].join(', ')}`],
  };
}

/** Expressions by which the server lets an idle session live, as while others of the run work, or a person thinks. */
function patienceOf({ server }: Session): string[] {
  return server.versionNumber < 140000 ? [] : ["pg_catalog.set_config('idle_session_timeout', '0', false)"];
}

/** Keeps a session of Kat's own open while somebody is asked. */
export async function waitPatiently(session: Session): Promise<void> {
  if (!session.isBorrowed && !session.sqlite) await apply(session, patienceOf(session));
}

/** Of a session that waits while others of the run work: each reset keeps it open. */
export async function findPatientReset(session: Session, lock: RunnerLock): Promise<SessionReset> {
  const reset = await findSessionReset(session, lock);
  const patience = session.isBorrowed ? [] : await apply(session, patienceOf(session));
  return patience.length === 0
    ? reset
    : { ...reset, clean: [...reset.clean, `SELECT ${patience.join(', ')}`] };
}

/** How soon the server detects a lost client, while it works (14+) or is idle. */
const attention: readonly [name: string, value: string, since: number][] = [
  ['client_connection_check_interval', '500', 140000],
  ['tcp_keepalives_idle', '30', 0],
  ['tcp_keepalives_interval', '10', 0],
  ['tcp_keepalives_count', '3', 0],
];

/**
 * Makes the backend end soon after its client, so that a killed run is rolled back and its locks don't stay behind.
 * @returns the expressions that do it again after RESET ALL; none where the server's platform cannot do it.
 */
async function applyAttention(session: Session): Promise<string[]> {
  const { server, processId } = session;
  if (processId === undefined) return [];
  const settings = attention
    .filter(([, , since]) => server.versionNumber >= since)
    .map(([name, value]) => `pg_catalog.set_config('${name}', '${value}', false)`);
  try {
    return await apply(session, settings);
  } catch (error) {
    if (error instanceof SqlError && !error.isSessionLost) return [];
    throw error;
  }
}

async function apply(session: Session, expressions: string[]): Promise<string[]> {
  if (expressions.length > 0) await session.execute(`SELECT ${expressions.join(', ')}`);
  return expressions;
}

/** Settings that belong to a transaction, or that `restoreRole` takes care of. */
const otherSettings = [
  ...['role', 'session_authorization', 'is_superuser', 'seed'],
  ...['transaction_isolation', 'transaction_read_only', 'transaction_deferrable'],
];

/**
 * For a session that the caller owns: its settings and role come back as they were, and its temporary tables,
 * prepared statements, locks and listeners stay. RESET ALL would empty the caller's custom settings
 * (`SET myapp.tenant = …`), which the server does not list.
 */
async function borrowedReset(session: Session, { renewal }: RunnerLock): Promise<SessionReset> {
  const isOurs = `name ${ne} ALL (${quoteTextArray(otherSettings)})`;
  const [settings, names] = await session.execute(`
    SELECT name, pg_catalog.current_setting(name) AS value FROM pg_catalog.pg_settings
    WHERE source ${eq} 'session' AND ${isOurs};
    SELECT pg_catalog.current_setting('role') AS role, session_user AS login`);
  const { role = 'none', login = '' } = names?.rows[0] ?? {};
  const setBack = (settings?.rows ?? []).map(
    ({ name, value }) => `pg_catalog.set_config(${quoteLiteral(name)}, ${quoteLiteral(value)}, false)`,
  );
  return {
    restoreRole: [
      `SET SESSION AUTHORIZATION ${quoteIdentifier(login ?? '')}`,
      role === 'none' ? 'SET ROLE NONE' : `SET ROLE ${quoteIdentifier(role ?? '')}`,
    ],
    clean: [
      `SELECT pg_catalog.set_config(name, reset_val, false) FROM pg_catalog.pg_settings
       WHERE source ${eq} 'session' AND ${isOurs}`,
      `SELECT ${[renewal, ...setBack].join(', ')}`,
    ],
  };
}
