/** Renews a lease three times in its life, until it is given back. */

import type { Driver, Session } from '../../../connections/driver.js';
import { ConnectionError, SqlError } from '../../../errors.js';
import { withAnswerLimit } from './answer-limit.js';
import { releaseStatement, renewStatement } from './lease-table.js';

interface KeptLease {
  /** Stops renewing, and gives it back, where the server answers. Never throws. */
  release(): Promise<void>;
}

/** The shortest time that a server has for an answer. */
const shortestLimitMs = 1_000;

/** @param first renews it; where this session is lost or silent, another one of the driver takes its place. */
export function keepLease(
  first: Session,
  { table, token, lifeMs }: { table: string; token: string; lifeMs: number },
  { open, answerTimeoutMs = Number.POSITIVE_INFINITY }: Pick<Driver, 'open' | 'answerTimeoutMs'>,
): KeptLease {
  // A whole number: Node.js takes no other for the limit of a signal.
  const beatMs = Math.floor(lifeMs / 3);
  const limitMs = Math.min(answerTimeoutMs, Math.max(beatMs, shortestLimitMs));
  let session = withAnswerLimit(first, limitMs);
  let beat: Promise<void> | undefined;
  const sendRenewal = () => session.execute(renewStatement(table, token, lifeMs));
  const renewElsewhere = async () => {
    await session.close();
    session = withAnswerLimit(await open('kat (lock)', AbortSignal.timeout(limitMs)), limitMs);
    await sendRenewal();
  };
  // The next beat tries again what fails, and the fence holds whatever becomes of the lease.
  const renew = async () => {
    try {
      await sendRenewal();
    } catch (error) {
      if (isLost(error)) await renewElsewhere().catch(() => undefined);
    }
  };
  const timer = setInterval(() => {
    beat ??= renew().finally(() => {
      beat = undefined;
    });
  }, beatMs);
  const release = async () => {
    clearInterval(timer);
    await beat;
    await session.execute(releaseStatement(table, token)).catch(() => undefined);
    await session.close();
  };
  return { release };
}

function isLost(error: unknown): boolean {
  return error instanceof ConnectionError || (error instanceof SqlError && error.isSessionLost);
}
