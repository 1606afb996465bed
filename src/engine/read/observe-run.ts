/** Observes a run that another process is carrying out. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Driver, Session } from '../../connections/driver.js';
import type { Direction } from '../../graph/migration.js';
import { present } from '../../present.js';
import type { Activity, ServerSession } from '../events.js';
import { findLedger } from '../ledger/find-ledger.js';
import { forReading, openWithRetries, type ShortSessionOptions, shortRetries } from '../session/connect.js';
import { findLockHolders, findWorkers, type LockPlace } from '../session/lock.js';
import { describeWaits, readActivity } from '../session/read-activity.js';
import { refuseStandby } from '../session/server-state.js';
import { type BlockingSession, readBlockers } from './read-blockers.js';

/** A migration that a run is at work on. */
export interface ObservedMigration extends Omit<Activity, 'blockers' | 'runningMs'> {
  id: string;
  direction: Direction;
  /** User and host of the computer that Kat runs on, as `user@host`. */
  client: string;
  /** Its process id there. */
  clientPid: number;
  command?: string;
  /** The server's process id of the session. */
  processId: number;
  /** How long its transaction is open; absent outside of one. */
  transactionMs?: number;
  /** The sessions that it waits for, and those that they wait for in turn. */
  blockers: readonly BlockingSession[];
}

/** What a look at the database shows of runs. */
export interface RunObservation {
  /** When, by this computer's clock; ISO 8601 in UTC. */
  at: string;
  /** The sessions that hold the lock of the tracking table; empty if no run is in progress. */
  runners: readonly ServerSession[];
  /** Empty also between two migrations, and if this role may not see the statements of the run. */
  migrations: readonly ObservedMigration[];
}

const pollMs = 1_000;

/**
 * Looks once a second at the runs on a tracking table.
 * @throws what opening or a look throws; a look at the end of the signal throws nothing.
 */
export async function* observeRuns(
  getDriver: () => Promise<Driver>,
  tableName: string,
  options: ShortSessionOptions,
): AsyncGenerator<RunObservation, void, undefined> {
  const { signal } = options;
  const driver = forReading(await getDriver());
  const session = await openWithRetries(driver, 'kat watch', { ...shortRetries, ...options });
  try {
    await refuseStandby(session);
    const ledger = await findLedger(session, tableName);
    await session.execute('SET search_path = pg_catalog; SET lock_timeout = 900');
    while (!signal?.aborted) {
      yield await observe(session, ledger);
      await sleep(pollMs, undefined, signal ? { signal } : {}).catch(() => undefined);
    }
  } finally {
    await session.close();
  }
}

async function observe(session: Session, place: LockPlace): Promise<RunObservation> {
  const [runners, workers] = await Promise.all([
    findLockHolders(session, place),
    findWorkers(session, place),
  ]);
  const migrations: ObservedMigration[] = [];
  for (const worker of workers) migrations.push(...(await observeWorker(session, worker)));
  return { at: new Date().toISOString(), runners, migrations };
}

/** @returns nothing for a session that is between two messages, or that shows nothing of its work. */
async function observeWorker(
  session: Session,
  { work, processId, state, transactionMs }: ServerSession,
): Promise<ObservedMigration[]> {
  const { migration: id, direction, ...others } = work ?? {};
  if (!work || id === undefined || direction === undefined || state === 'idle') return [];
  const [{ waits, progress, table }, blockers] = await Promise.all([
    readActivity(session, processId),
    readBlockers(session, processId),
  ]);
  const waiting = await describeWaits(session, waits);
  return [
    {
      ...{ id, direction, ...others, client: work.client, clientPid: work.clientPid, processId },
      ...present({ transactionMs }),
      ...(progress && { progress }),
      ...(table && { table }),
      ...{ blockers, waiting },
    },
  ];
}
