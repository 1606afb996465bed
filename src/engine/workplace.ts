/** Where a run does its work: a session, the runner's lock, and the ledger; all of it can be taken up again when a connection is lost. */

import type { Driver, Session } from '../drivers/driver.js';
import { openWithRetries } from './connect.js';
import type { EventListener } from './events.js';
import { ensureLedger, findLedger, type Ledger } from './ledger.js';
import { endAbandoned, type RunnerLock, takeRunnerLock } from './lock.js';
import { refuseTransactionPooler } from './pooler.js';
import { ensureWritable, refuseOpenTransaction } from './server-state.js';
import { findHygiene, type Hygiene } from './session-hygiene.js';

export interface WorkplaceSetting {
  driver: Driver;
  tableName: string;
  lockWaitMs: number;
  onEvent: EventListener;
  signal: AbortSignal | undefined;
}

export interface Workplace {
  session: Session;
  /** The server's process id of the session. */
  backendPid: number;
  lock: RunnerLock;
  ledger: Ledger;
  hygiene: Hygiene;
}

/**
 * Takes the lock, and creates the tracking table and its log where they are missing.
 * @param session stays the caller's to close until the workplace is open.
 * @throws KatError when the database takes no changes, or another runner keeps the lock.
 */
export async function openWorkplace(setting: WorkplaceSetting, session: Session): Promise<Workplace> {
  await refuseOpenTransaction(session);
  const backendPid = await ensureWritable(session);
  await refuseTransactionPooler(setting.driver, session, backendPid);
  const { name } = await findLedger(session, setting.tableName);
  const lock = await takeRunnerLock(setting.driver, session, name, {
    waitMs: setting.lockWaitMs,
    onEvent: setting.onEvent,
    signal: setting.signal,
  });
  try {
    const ledger = await ensureLedger(session, await findLedger(session, setting.tableName));
    return { session, backendPid, lock, ledger, hygiene: await findHygiene(session, lock) };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** How often a lost connection is tried again: for about half a minute, if each try is answered at once. */
const reconnectRetries = 7;

/**
 * Replaces what a lost connection took with it. The old backend may still be at work; its lock is waited for, so that
 * afterwards the ledger tells how everything ended.
 * @throws KatError when the database cannot be reached, or the lock not be had.
 */
export async function reopenWorkplace(setting: WorkplaceSetting, workplace: Workplace): Promise<void> {
  const lost = [workplace.backendPid, workplace.lock.session?.processId];
  await closeWorkplace(workplace);
  const session = await openWithRetries(setting.driver, 'kat (recovery)', {
    retries: reconnectRetries,
    delayMs: 250,
    isWorthRetrying: (error) => error.isTransient,
    onEvent: setting.onEvent,
  });
  try {
    await endAbandoned(session, workplace.ledger.name, lost);
    Object.assign(workplace, await openWorkplace(setting, session));
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** Gives a session that the caller owns back as it was found. Never throws. */
export async function closeWorkplace({ lock, session, hygiene }: Workplace): Promise<void> {
  if (session.isBorrowed) {
    await session.execute([...hygiene.restoreRole, ...hygiene.clean].join(';\n')).catch(() => undefined);
  }
  await lock.release();
  await session.close();
}
