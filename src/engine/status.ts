/** Tells what is applied and what is not, without touching anything. */

import type { Driver, Session } from '../drivers/driver.js';
import type { Graph } from '../graph/graph.js';
import type { Direction, Migration } from '../graph/migration.js';
import { whyPending } from '../graph/plan.js';
import { type BriefOptions, withSession } from './connect.js';
import { isEdited } from './edited.js';
import { readHalfDone } from './journal.js';
import { type AppliedMigration, findLedger, logTableOf, readApplied } from './ledger.js';
import { type LastSuccess, readLastSuccesses } from './log.js';

/** A `no_transaction` migration that stopped between its statements. */
interface HalfDone {
  direction: Direction;
  /** How many statements are done. */
  finished: number;
}

export interface MigrationStatus {
  id: string;
  /** `missing`: applied, but its folder is gone. `rolled back`: pending, and it was applied once. */
  state: 'applied' | 'pending' | 'rolled back' | 'missing';
  description?: string;
  parents: readonly string[];
  /** ISO 8601 in UTC; for what is applied. */
  appliedAt?: string;
  /** For what is applied. */
  durationMs?: number;
  /** ISO 8601 in UTC; for what was rolled back. */
  rolledBackAt?: string;
  /** For what is pending or rolled back: the parents that must be applied first. Empty means that it is ready. */
  waitsFor?: readonly string[];
  halfDone?: HalfDone;
  /** Its up.sql was edited since it was applied; line endings don't count. */
  isChanged?: true;
}

export interface Status {
  /** Applied and missing ones in the order in which they were applied, then pending ones in the order in which `up` would apply them. */
  migrations: readonly MigrationStatus[];
  /** What was rolled back is pending. */
  counts: { applied: number; pending: number; missing: number; changed: number };
}

/** @throws KatError when the database cannot be asked. */
export async function readStatus(
  driver: Driver,
  tableName: string,
  graph: Graph,
  options: BriefOptions,
): Promise<Status> {
  return withSession(driver, 'kat status', options, async (session) => {
    const ledger = await findLedger(session, tableName);
    const applied = await readApplied(session, ledger);
    return buildStatus(graph, applied, ledger.hasLog ? await readPast(session, logTableOf(ledger)) : nothing);
  });
}

/** What the log knows beside the tracking table, by id. */
interface Past {
  halfDone: ReadonlyMap<string, HalfDone>;
  lastSuccesses: ReadonlyMap<string, LastSuccess>;
}

const nothing: Past = { halfDone: new Map(), lastSuccesses: new Map() };

async function readPast(session: Session, logTable: string): Promise<Past> {
  const [halfDone, lastSuccesses] = await Promise.all([
    readHalfDone(session, logTable),
    readLastSuccesses(session, logTable),
  ]);
  return { halfDone, lastSuccesses };
}

function buildStatus(graph: Graph, applied: readonly AppliedMigration[], past: Past): Status {
  const ids = new Set(applied.map(({ id }) => id));
  const done = applied.map((row) => statusOfApplied(row, graph, past));
  const pending = graph.migrations
    .filter(({ id }) => !ids.has(id))
    .map((migration) => statusOfPending(migration, whyPending(graph, ids, migration.id), past));
  const missing = done.filter(({ state }) => state === 'missing').length;
  return {
    migrations: [...done, ...pending].map((status) => withHalfDone(status, past.halfDone.get(status.id))),
    counts: {
      applied: done.length - missing,
      pending: pending.length,
      missing,
      changed: done.filter(({ isChanged }) => isChanged).length,
    },
  };
}

function statusOfApplied(
  { id, appliedAt, durationMs }: AppliedMigration,
  graph: Graph,
  { lastSuccesses }: Past,
): MigrationStatus {
  if (!graph.has(id)) return { id, state: 'missing', parents: [], appliedAt, durationMs };
  const migration = graph.get(id);
  const changed = isEdited(migration, checksumOf(lastSuccesses.get(id)))
    ? ({ isChanged: true } as const)
    : {};
  return { ...describe(migration), state: 'applied', appliedAt, durationMs, ...changed };
}

function checksumOf(last: LastSuccess | undefined): string | undefined {
  return last?.direction === 'up' ? last.checksum : undefined;
}

function statusOfPending(
  migration: Migration,
  waitsFor: readonly string[],
  { lastSuccesses }: Past,
): MigrationStatus {
  const last = lastSuccesses.get(migration.id);
  if (last?.direction !== 'down') return { ...describe(migration), state: 'pending', waitsFor };
  return { ...describe(migration), state: 'rolled back', rolledBackAt: last.at, waitsFor };
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
  const isOnItsWay = halfDone && (halfDone.direction === 'up') === (status.waitsFor !== undefined);
  return isOnItsWay ? { ...status, halfDone } : status;
}
