/** Computes which migrations are applied and pending, without any change. */

import type { Driver } from '../../connections/driver.js';
import type { Graph } from '../../graph/graph.js';
import { adviseSafely, summarizeMissing } from '../../graph/missing-advice.js';
import type { MissingCause } from '../../graph/missing-cause.js';
import { withoutReplaced } from '../../graph/replaced.js';
import { present } from '../../present.js';
import type { ServerSession } from '../events.js';
import { findLedger } from '../ledger/find-ledger.js';
import { type LedgerSnapshot, type MigrationStatus, statusOf } from '../ledger/migration-status.js';
import { hasOtherSql } from '../ledger/wrong-states.js';
import { findBlocked } from '../plan/find-blocked.js';
import { missingCauseOf } from '../plan/read-missing.js';
import { type ShortSessionOptions, withSession } from '../session/connect.js';
import { readLedgerSnapshot } from '../session/ledger-snapshot.js';

export interface Status {
  /**
   * Applied and missing ones in the order in which they were applied, then pending ones in the order in which `up` would
   * apply them, then half-done ones without a folder.
   */
  migrations: readonly MigrationStatus[];
  /** Rolled back migrations count as pending; one migration may be in several counts. */
  counts: {
    applied: number;
    pending: number;
    missing: number;
    changed: number;
    unordered: number;
    halfDone: number;
    running: number;
  };
  /** Why applied migrations have no folder, and what to do about it without loss; absent where only their branch is known to help. */
  missingAdvice?: string;
  /** Sessions that hold the lock of the tracking table: a run is under way. */
  runners: readonly ServerSession[];
}

/** @throws KatError when the database cannot be asked. */
export async function readStatus(
  driver: Driver,
  tableName: string,
  graph: Graph,
  options: ShortSessionOptions,
): Promise<Status> {
  return withSession(driver, 'kat status', options, async (session) =>
    buildStatus(graph, await readLedgerSnapshot(session, await findLedger(session, tableName), graph)),
  );
}

function buildStatus(graph: Graph, state: LedgerSnapshot): Status {
  const { applied, halfDone } = state;
  const rows = withoutReplaced(graph, applied.keys());
  const pending = graph.migrations.filter(({ id }) => !applied.has(id)).map(({ id }) => id);
  const left = [...halfDone.keys()].filter((id) => !applied.has(id) && !graph.has(id));
  const missing = missingCauseOf(graph, state);
  const renamedTo = new Map(missing?.renames.map(({ from, to }) => [from, to]));
  const blocked = findBlocked(graph, state);
  const migrations = [...rows, ...pending, ...left].map((id) => ({
    ...statusOf(graph, id, state),
    ...present({ renamedTo: renamedTo.get(id), blocked: blocked.get(id) }),
  }));
  return {
    migrations,
    counts: countStates(migrations),
    ...adviceOn(missing),
    runners: state.runners,
  };
}

function adviceOn(missing: MissingCause | undefined): Pick<Status, 'missingAdvice'> {
  const advice = missing && adviseSafely(missing);
  if (!missing || advice === undefined) return {};
  const summary = missing.seemsForeign ? `${capitalize(summarizeMissing(missing))}. ` : '';
  return { missingAdvice: `${summary}${advice}` };
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function countStates(migrations: readonly MigrationStatus[]): Status['counts'] {
  const count = (has: (migration: MigrationStatus) => unknown) => migrations.filter(has).length;
  return {
    applied: count(({ state }) => state === 'applied'),
    pending: count(({ waitsFor }) => waitsFor),
    missing: count(({ state }) => state === 'missing'),
    changed: count(hasOtherSql),
    unordered: count(({ unappliedParents }) => unappliedParents),
    halfDone: count(({ halfDone }) => halfDone),
    running: count(({ running }) => running),
  };
}
