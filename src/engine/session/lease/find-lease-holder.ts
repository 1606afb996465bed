/** Finds the run that holds the lease of a tracking table. */

import type { Session } from '../../../connections/driver.js';
import { SqlError } from '../../../errors.js';
import type { RunningWork, ServerSession } from '../../events.js';
import type { Ledger } from '../../ledger/ledger.js';
import { instantOf } from '../../ledger/log.js';
import { minus, times } from '../../ledger/operators.js';
import { findSessions } from '../server-sessions.js';
import { isHeld, isRunner, leaseTableOf } from './lease-table.js';

/**
 * The holder of the lease, or of the advisory lock: a server may have learnt to lock since the table was made.
 * @param find finds the latter.
 */
export async function findWithLease(
  session: Session,
  ledger: Pick<Ledger, 'name'>,
  find: () => Promise<ServerSession[]>,
): Promise<ServerSession[]> {
  const holders = await findLeaseHolder(session, ledger);
  return holders.length > 0 ? holders : unlessRefused(find);
}

/** @returns nothing where the lease has expired; what it works on only where the server shows that. */
export async function findLeaseHolder(
  session: Session,
  ledger: Pick<Ledger, 'name'>,
): Promise<ServerSession[]> {
  const left = `pg_catalog.round(extract(epoch FROM (expires_at ${minus} pg_catalog.clock_timestamp())) ${times} 1000)`;
  const [result] = await session.execute(
    `SELECT token, holder, backend_pid, ${instantOf('expires_at')} AS expires_at, ${left} AS remaining_ms
     FROM ${leaseTableOf(ledger)} WHERE ${isRunner} AND ${isHeld('')}`,
  );
  const row = result?.rows[0];
  if (!row) return [];
  const processId = Number(row.backend_pid);
  const work = readHolder(row.holder ?? '');
  const seen = (await unlessRefused(() => findSessions(session, String(processId)))).find((one) =>
    isSameProcess(one.work, work),
  );
  const lease = {
    token: row.token ?? '',
    expiresAt: row.expires_at ?? '',
    remainingMs: Number(row.remaining_ms),
  };
  return [{ processId, work, ...seen, lease }];
}

function readHolder(holder: string): RunningWork {
  const blank = holder.lastIndexOf(' ');
  return { client: holder.slice(0, blank), clientPid: Number(holder.slice(blank + 1)) };
}

function isSameProcess(one: RunningWork | undefined, other: RunningWork): boolean {
  return one?.client === other.client && one.clientPid === other.clientPid;
}

/** The server may not show its sessions, or only those of one of its nodes. */
async function unlessRefused(find: () => Promise<ServerSession[]>): Promise<ServerSession[]> {
  try {
    return await find();
  } catch (error) {
    if (!(error instanceof SqlError) || error.isSessionLost) throw error;
    return [];
  }
}
