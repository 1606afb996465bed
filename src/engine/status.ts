/** Tells what is applied and what is not, without touching anything. */

import type { Graph } from '../graph/graph.js';
import type { Migration } from '../graph/migration.js';
import { whyPending } from '../graph/plan.js';
import type { AppliedMigration } from './ledger.js';

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
}

export interface Status {
  /** Applied and missing ones in the order in which they were applied, then pending ones in the order in which `up` would apply them. */
  migrations: readonly MigrationStatus[];
  counts: { applied: number; pending: number; missing: number };
}

/** @param applied oldest first. */
export function buildStatus(graph: Graph, applied: readonly AppliedMigration[]): Status {
  const ids = new Set(applied.map(({ id }) => id));
  const done = applied.map((row) => statusOfApplied(row, graph));
  const pending = graph.migrations
    .filter(({ id }) => !ids.has(id))
    .map((migration) => statusOfPending(migration, whyPending(graph, ids, migration.id)));
  const missing = done.filter(({ state }) => state === 'missing').length;
  return {
    migrations: [...done, ...pending],
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
