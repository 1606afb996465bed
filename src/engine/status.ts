/** Tells what is applied and what is not, without touching anything. */

import type { Driver } from '../drivers/driver.js';
import type { Graph } from '../graph/graph.js';
import type { Direction, Migration } from '../graph/migration.js';
import { whyPending } from '../graph/plan.js';
import { readHalfDone } from './journal.js';
import { type AppliedMigration, findLedger, logTableOf, readApplied } from './ledger.js';

/** A `no_transaction` migration that stopped between its statements. */
interface HalfDone {
  direction: Direction;
  /** How many statements are done. */
  finished: number;
}

export interface MigrationStatus {
  id: string;
  /** `missing`: applied, but its folder is gone. */
  state: 'applied' | 'pending' | 'missing';
  description?: string;
  parents: readonly string[];
  /** ISO 8601 in UTC; for what is applied. */
  appliedAt?: string;
  /** For what is applied. */
  durationMs?: number;
  /** For what is pending: the parents that must be applied first. Empty means that it is ready. */
  waitsFor?: readonly string[];
  halfDone?: HalfDone;
}

export interface Status {
  /** Applied and missing ones in the order in which they were applied, then pending ones in the order in which `up` would apply them. */
  migrations: readonly MigrationStatus[];
  counts: { applied: number; pending: number; missing: number };
}

/** @throws KatError when the database cannot be asked. */
export async function readStatus(driver: Driver, tableName: string, graph: Graph): Promise<Status> {
  const session = await driver.open('kat status');
  try {
    const ledger = await findLedger(session, tableName);
    const applied = await readApplied(session, ledger);
    const halfDone = ledger.hasLog
      ? await readHalfDone(session, logTableOf(ledger))
      : new Map<string, HalfDone>();
    return buildStatus(graph, applied, halfDone);
  } finally {
    await session.close();
  }
}

function buildStatus(
  graph: Graph,
  applied: readonly AppliedMigration[],
  halfDone: ReadonlyMap<string, HalfDone>,
): Status {
  const ids = new Set(applied.map(({ id }) => id));
  const done = applied.map((row) => statusOfApplied(row, graph));
  const pending = graph.migrations
    .filter(({ id }) => !ids.has(id))
    .map((migration) => statusOfPending(migration, whyPending(graph, ids, migration.id)));
  const missing = done.filter(({ state }) => state === 'missing').length;
  return {
    migrations: [...done, ...pending].map((status) => withHalfDone(status, halfDone.get(status.id))),
    counts: { applied: done.length - missing, pending: pending.length, missing },
  };
}

function statusOfApplied({ id, appliedAt, durationMs }: AppliedMigration, graph: Graph): MigrationStatus {
  if (!graph.has(id)) return { id, state: 'missing', parents: [], appliedAt, durationMs };
  return { ...describe(graph.get(id)), state: 'applied', appliedAt, durationMs };
}

function statusOfPending(migration: Migration, waitsFor: readonly string[]): MigrationStatus {
  return { ...describe(migration), state: 'pending', waitsFor };
}

function describe({
  id,
  description,
  parents,
}: Migration): Pick<MigrationStatus, 'id' | 'description' | 'parents'> {
  return { id, parents, ...(description === undefined ? {} : { description }) };
}

/** What is applied can only be half way down, what is pending only half way up. */
function withHalfDone(status: MigrationStatus, halfDone: HalfDone | undefined): MigrationStatus {
  const isOnItsWay = halfDone && (halfDone.direction === 'up') === (status.state === 'pending');
  return isOnItsWay ? { ...status, halfDone } : status;
}
