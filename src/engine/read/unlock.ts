/** Terminates hanging or forgotten sessions that hold the lock. */

import type { Driver, Session } from '../../connections/driver.js';
import { KatError } from '../../errors.js';
import type { ServerSession } from '../events.js';
import { findLedger } from '../ledger/find-ledger.js';
import { type ShortSessionOptions, withSession } from '../session/connect.js';
import { findLockHolders } from '../session/lock.js';
import { refuseStandby } from '../session/server-state.js';

/**
 * The sessions that hold the lock of this tracking table; empty if it is free.
 * @throws KatError CONNECTION_FAILED on a standby.
 */
export async function findRunners(
  driver: Driver,
  tableName: string,
  options: ShortSessionOptions,
): Promise<ServerSession[]> {
  return withSession(driver, 'kat unlock', options, async (session) => {
    await refuseStandby(session);
    return findLockHolders(session, await findLedger(session, tableName));
  });
}

/**
 * Ends these sessions if they still hold the lock: their transactions are rolled back by the server. A lease is taken from its holder,
 * whose next write fails.
 * @returns those that were ended.
 * @throws KatError when this role may not end them.
 */
export async function endRunners(
  driver: Driver,
  tableName: string,
  runners: readonly ServerSession[],
  options: ShortSessionOptions,
): Promise<ServerSession[]> {
  return withSession(driver, 'kat unlock', options, async (session) => {
    const wanted = new Set(runners.map(({ processId }) => processId));
    const ledger = await findLedger(session, tableName);
    const found = (await findLockHolders(session, ledger)).filter(({ processId }) => wanted.has(processId));
    for (const { processId, lease } of found) {
      if (!lease) await terminate(session, processId);
      else await (await import('../session/lease/revoke-lease.js')).revokeLease(session, ledger, lease);
    }
    return found;
  });
}

async function terminate(session: Session, processId: number): Promise<void> {
  try {
    await session.execute(`SELECT pg_catalog.pg_terminate_backend(${processId})`);
  } catch (cause) {
    throw new KatError(
      'SQL_ERROR',
      `process ${processId} cannot be terminated: ${(cause as Error).message}`,
      {
        help: 'Connect as the role that runs it, as a superuser, or as a member of pg_signal_backend.',
        cause,
      },
    );
  }
}
