/** Renews a lease three times in its life, until it is stopped. */

import type { Session } from '../../../connections/driver.js';
import { ConnectionError, SqlError } from '../../../errors.js';
import { renewStatement } from './lease-table.js';

interface KeptLease {
  /** Stops renewing. @returns the session that was used last. */
  stop(): Promise<Session>;
}

/** @param reopen opens another session where the first one is lost. */
export function keepLease(
  first: Session,
  { table, token, lifeMs }: { table: string; token: string; lifeMs: number },
  reopen: () => Promise<Session>,
): KeptLease {
  let session = first;
  let beat: Promise<void> | undefined;
  const send = () => session.execute(renewStatement(table, token, lifeMs));
  const renewElsewhere = async () => {
    await session.close();
    session = await reopen();
    await send();
  };
  // The next beat tries again what fails, and the fence holds whatever becomes of the lease.
  const renew = async () => {
    try {
      await send();
    } catch (error) {
      if (isLost(error)) await renewElsewhere().catch(() => undefined);
    }
  };
  const timer = setInterval(() => {
    beat ??= renew().finally(() => {
      beat = undefined;
    });
  }, lifeMs / 3);
  const stop = async () => {
    clearInterval(timer);
    await beat;
    return session;
  };
  return { stop };
}

function isLost(error: unknown): boolean {
  return error instanceof ConnectionError || (error instanceof SqlError && error.isSessionLost);
}
