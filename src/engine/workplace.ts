/** Where a run does its work: a session, the runner's lock, and the ledger; all of it can be taken up again when a connection is lost. */

import type { Driver, Session } from '../drivers/driver.js';
import { openWithRetries } from './connect.js';
import type { EventListener } from './events.js';
import { ensureLedger, findLedger, type Ledger } from './ledger.js';
import { type RunnerLock, takeRunnerLock } from './lock.js';
import { refuseTransactionPooler } from './pooler.js';
import { ensureWritable } from './server-state.js';
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
    return { session, backendPid, lock, ledger, hygiene: await findHygiene(session) };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** How often a lost connection is tried again: for about half a minute. */
const reconnectRetries = 8;

/**
 * Replaces what a lost connection took with it. The old backend may still be at work; its lock is waited for, so that
 * afterwards the ledger tells how everything ended.
 * @throws KatError when the database cannot be reached, or the lock not be had.
 */
export async function reopenWorkplace(setting: WorkplaceSetting, workplace: Workplace): Promise<void> {
  await closeWorkplace(workplace);
  const session = await openWithRetries(setting.driver, 'kat (recovery)', {
    retries: reconnectRetries,
    delayMs: 250,
    isWorthRetrying: (error) => error.isTransient,
    onEvent: setting.onEvent,
  });
  try {
    Object.assign(workplace, await openWorkplace(setting, session));
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** Never throws. */
export async function closeWorkplace({ lock, session }: Workplace): Promise<void> {
  await lock.release();
  await session.close();
}
