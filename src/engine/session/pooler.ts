/** Finds out whether a proxy hands our connection's transactions to different backends, as PgBouncer may. */

import type { Driver, Session } from '../../connections/driver.js';
import { KatError } from '../../errors.js';

const rounds = 3;

/**
 * A proxy shows by a process id that is not the backend's (BackendKeyData against `pg_backend_pid()`). In session mode
 * that is all it does; in transaction mode locks and settings of a session belong to nobody, so Kat must not go on.
 * @param backendPid what the session answered to `pg_backend_pid()`.
 * @throws KatError CONNECTION_FAILED behind a proxy in transaction or statement mode.
 */
export async function refuseTransactionPooler(
  driver: Driver,
  session: Session,
  backendPid: number,
): Promise<void> {
  const isDirect = session.processId === undefined || session.processId === backendPid;
  if (isDirect || session.isBorrowed || !driver.hasManySessions) return;
  if (await sharesBackends(driver, session)) {
    throw new KatError('CONNECTION_FAILED', 'this connection goes through a pooler in transaction mode', {
      help: 'Give Kat a direct connection to the server, or a pool in session mode: locks and settings must stay with one session.',
    });
  }
}

/**
 * Marks our backend and looks whether somebody else meets the mark, or we lose it: a quiet pool gives our backend
 * to the next client, a busy one gives us another.
 */
async function sharesBackends(driver: Driver, session: Session): Promise<boolean> {
  const other = await driver.open('kat (probe)');
  try {
    for (let round = 0; round < rounds; round += 1) {
      const mark = `${process.pid}-${round}-${Date.now()}`;
      await session.execute(`SELECT pg_catalog.set_config('kat.probe', '${mark}', false)`);
      if ((await readMark(other)) === mark || (await readMark(session)) !== mark) return true;
    }
    return false;
  } finally {
    await other.close();
  }
}

async function readMark(session: Session): Promise<string | null | undefined> {
  const [result] = await session.execute(`SELECT pg_catalog.current_setting('kat.probe', true) AS mark`);
  return result?.rows[0]?.mark;
}
