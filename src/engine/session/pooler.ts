/** Detects a proxy that gives our transactions to different backends, as PgBouncer may. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Driver, Session } from '../../connections/driver.js';
import { KatError } from '../../errors.js';

const rounds = 3;

/** A pooler in session mode that has no other connection to the server lets a second session wait; PgBouncer for two minutes. */
const patienceMs = 5_000;

/**
 * Detects a proxy by a process id that is not the backend's (BackendKeyData against `pg_backend_pid()`). Session mode
 * is harmless. In transaction mode clients share sessions with their locks and settings, so Kat must stop.
 * @param backendPid what the session answered to `pg_backend_pid()`.
 * @returns the driver, or one that has no second session where the pooler gives none.
 * @throws KatError CONNECTION_FAILED behind a proxy in transaction or statement mode.
 */
export async function refuseTransactionPooler(
  driver: Driver,
  session: Session,
  backendPid: number,
): Promise<Driver> {
  const isDirect = session.processId === undefined || session.processId === backendPid;
  if (isDirect || session.isBorrowed || !driver.hasManySessions) return driver;
  const shares = await sharesBackends(driver, session);
  if (shares === 'no answer') return withoutSecond(driver);
  if (shares === 'yes') {
    throw new KatError('CONNECTION_FAILED', 'this connection goes through a pooler in transaction mode', {
      help: 'Give Kat a direct connection to the server, or a pool in session mode: locks and settings must stay with one session.',
    });
  }
  return driver;
}

/** Only a pooler in session mode gives no second connection: otherwise our connection is free between transactions. */
function withoutSecond(driver: Driver): Driver {
  const why =
    'the pooler gives Kat no second connection, so Kat uses one connection and cannot name the sessions that block a migration';
  return { ...driver, hasManySessions: false, whyOneSession: () => why };
}

/**
 * Marks our backend and looks whether somebody else meets the mark, or we lose it: a quiet pool gives our backend
 * to the next client, a busy one gives us another.
 */
async function sharesBackends(driver: Driver, session: Session): Promise<'yes' | 'no' | 'no answer'> {
  const other = await driver.open('kat (probe)');
  try {
    const answering = isAnswered(other);
    const isAnsweredWithin = (ms: number) => Promise.race([answering, sleep(ms, false, { ref: false })]);
    if (!(await isAnsweredWithin(patienceMs)) && (await keepsBackend(session))) {
      if (!(await isAnsweredWithin(patienceMs / rounds))) return 'no answer';
    }
    for (let round = 0; round < rounds; round += 1) {
      const mark = `${process.pid}-${round}-${Date.now()}`;
      await session.execute(`SELECT pg_catalog.set_config('kat.probe', '${mark}', false)`);
      if ((await readMark(other)) === mark || (await readMark(session)) !== mark) return 'yes';
    }
    return 'no';
  } finally {
    await other.close();
  }
}

/** Each question gives the backend back to a pooler in transaction mode, which hands it to the session that waits. */
async function keepsBackend(session: Session): Promise<boolean> {
  const mark = `${process.pid}-kept-${Date.now()}`;
  await session.execute(`SELECT pg_catalog.set_config('kat.probe', '${mark}', false)`);
  for (let round = 0; round < rounds; round += 1) {
    if ((await readMark(session)) !== mark) return false;
  }
  return true;
}

/** False when the pooler ends the session instead (query_wait_timeout). */
function isAnswered(session: Session): Promise<boolean> {
  return readMark(session).then(
    () => true,
    () => false,
  );
}

async function readMark(session: Session): Promise<string | null | undefined> {
  const [result] = await session.execute(`SELECT pg_catalog.current_setting('kat.probe', true) AS mark`);
  return result?.rows[0]?.mark;
}
