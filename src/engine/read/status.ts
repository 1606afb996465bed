/** Tells what is applied and what is not, without touching anything. */

import type { Driver } from '../../connections/driver.js';
import type { Graph } from '../../graph/graph.js';
import { withoutReplaced } from '../../graph/replaced.js';
import type { ServerSession } from '../events.js';
import { findLedger } from '../ledger/find-ledger.js';
import { type MigrationStatus, type Standing, statusOf } from '../ledger/migration-status.js';
import { type BriefOptions, withSession } from '../session/connect.js';
import { readStanding } from '../session/standing.js';

export interface Status {
  /**
   * Applied and missing ones in the order in which they were applied, then pending ones in the order in which `up` would
   * apply them, then half-done ones whose folder is gone.
   */
  migrations: readonly MigrationStatus[];
  /** What was rolled back is pending; one migration may be changed, unordered and half done, or pending and running. */
  counts: {
    applied: number;
    pending: number;
    missing: number;
    changed: number;
    unordered: number;
    halfDone: number;
    running: number;
  };
  /** Sessions that hold the lock of the tracking table: a run is under way. */
  runners: readonly ServerSession[];
}

/** @throws KatError when the database cannot be asked. */
export async function readStatus(
  driver: Driver,
  tableName: string,
  graph: Graph,
  options: BriefOptions,
): Promise<Status> {
  return withSession(driver, 'kat status', options, async (session) =>
    buildStatus(graph, await readStanding(session, await findLedger(session, tableName), graph)),
  );
}

function buildStatus(graph: Graph, standing: Standing): Status {
  const { applied, halfDone } = standing;
  const rows = withoutReplaced(graph, applied.keys());
  const pending = graph.migrations.filter(({ id }) => !applied.has(id)).map(({ id }) => id);
  const left = [...halfDone.keys()].filter((id) => !applied.has(id) && !graph.has(id));
  const migrations = [...rows, ...pending, ...left].map((id) => statusOf(graph, id, standing));
  return { migrations, counts: countStates(migrations), runners: standing.runners };
}

function countStates(migrations: readonly MigrationStatus[]): Status['counts'] {
  const count = (has: (migration: MigrationStatus) => unknown) => migrations.filter(has).length;
  return {
    applied: count(({ state }) => state === 'applied'),
    pending: count(({ waitsFor }) => waitsFor),
    missing: count(({ state }) => state === 'missing'),
    changed: count(({ isChanged }) => isChanged),
    unordered: count(({ unappliedParents }) => unappliedParents),
    halfDone: count(({ halfDone }) => halfDone),
    running: count(({ running }) => running),
  };
}
