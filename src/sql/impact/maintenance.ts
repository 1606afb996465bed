/** Predicts what keeps tables in order: TRUNCATE, CLUSTER, VACUUM, ANALYZE, REFRESH, LOCK. */

import type { RangeVar } from '@pgsql/types';
import { isOptionOn } from '../postgres/option-values.js';
import { descendantsOf, familyOf, referencesTo } from '../schema/relatives.js';
import { findRelation, keyOfName, type Relation, resolveRange, type Schema } from '../schema/schema.js';
import { type NodeOf, nodesOf } from '../syntax/node-of.js';
import { reachableFrom } from '../syntax/reachable.js';
import type { RelationName } from '../syntax/relation-name.js';
import { lockModes } from './impact.js';
import type { Scene } from './tally.js';
import { useTable } from './use-tables.js';

/** TRUNCATE makes new files; with CASCADE also for tables whose foreign keys refer to it. */
export function predictTruncate(scene: Scene, { relations, behavior }: NodeOf<'TruncateStmt'>): void {
  const { schema, tally } = scene;
  const named = nodesOf(relations, 'RangeVar').flatMap((range) => {
    const name = resolveRange(schema, range);
    return [name, ...familyOf(schema, name, range.inh !== true)];
  });
  const next = (name: RelationName) => (behavior === 'DROP_CASCADE' ? referringTo(schema, name) : []);
  for (const table of reachableFrom(named, { keyOf: keyOfName, next })) {
    tally.lock(table, 'ACCESS EXCLUSIVE');
    tally.rewrite(table);
  }
}

function referringTo(schema: Schema, name: RelationName): Relation[] {
  return referencesTo(schema, name).flatMap(({ table }) => familyOf(schema, table, false));
}

/** CLUSTER of one table, or of all that were clustered before. */
export function predictCluster({ schema, tally }: Scene, { relation }: NodeOf<'ClusterStmt'>): void {
  if (!relation) {
    tally.hide();
    return;
  }
  const name = resolveRange(schema, relation);
  for (const table of [name, ...familyOf(schema, name, false)]) {
    tally.lock(table, 'ACCESS EXCLUSIVE');
    tally.rewrite(table);
  }
}

/** VACUUM and ANALYZE. VACUUM skips pages that need nothing, ANALYZE reads a sample: neither counts as a scan. */
export function predictVacuum(scene: Scene, { options, rels, is_vacuumcmd }: NodeOf<'VacuumStmt'>): void {
  const { schema, tally } = scene;
  const isFull = isOptionOn(options, 'full');
  for (const table of vacuumed(scene, rels)) {
    tally.lock(table, isFull ? 'ACCESS EXCLUSIVE' : 'SHARE UPDATE EXCLUSIVE');
    if (isFull) tally.rewrite(table);
  }
  if (is_vacuumcmd) return;
  // The statistics of a parent are made of its heirs, too.
  for (const range of rangesOf(rels))
    for (const child of descendantsOf(schema, resolveRange(schema, range))) tally.lock(child, 'ACCESS SHARE');
}

function rangesOf(rels: NodeOf<'VacuumStmt'>['rels']): RangeVar[] {
  return nodesOf(rels, 'VacuumRelation').flatMap(({ relation }) => relation ?? []);
}

/** Without a list: all tables that are known. Tables that inherit come along since 18, partitions always. */
function vacuumed({ schema, oldestServer }: Scene, rels: NodeOf<'VacuumStmt'>['rels']): RelationName[] {
  const ranges = rangesOf(rels);
  if (ranges.length === 0) return [...schema.relations.values()].filter(({ kind }) => kind !== 'view');
  return ranges.flatMap((range) => {
    const name = resolveRange(schema, range);
    const isPartitioned = findRelation(schema, name)?.kind === 'partitioned table';
    return [name, ...familyOf(schema, name, range.inh !== true || (oldestServer < 18 && !isPartitioned))];
  });
}

/** REFRESH MATERIALIZED VIEW. */
export function predictRefresh(scene: Scene, statement: NodeOf<'RefreshMatViewStmt'>): void {
  const { schema, tally } = scene;
  const name = resolveRange(schema, statement.relation);
  tally.lock(name, statement.concurrent ? 'EXCLUSIVE' : 'ACCESS EXCLUSIVE');
  if (statement.concurrent) tally.query(name);
  else tally.rewrite(name);
  const view: Relation | undefined = findRelation(schema, name);
  if (!statement.skipData) for (const read of view?.reads ?? []) useTable(scene, read, 'ACCESS SHARE');
}

/** LOCK TABLE; a view is locked with the tables that it reads. */
export function predictLock(scene: Scene, { relations, mode = 8 }: NodeOf<'LockStmt'>): void {
  const chosen = lockModes[mode - 1] ?? 'ACCESS EXCLUSIVE';
  for (const range of nodesOf(relations, 'RangeVar')) {
    const name = resolveRange(scene.schema, range);
    scene.tally.lock(name, chosen);
    for (const table of reachedBy(scene, name, range.inh !== true)) scene.tally.lock(table, chosen);
  }
}

function reachedBy(scene: Scene, name: RelationName, isOnly: boolean): Relation[] {
  const { schema } = scene;
  const below = (one: Relation) =>
    one.kind === 'view' ? one.reads.flatMap((read) => familyOf(schema, read, false)) : [];
  return reachableFrom<Relation>(familyOf(schema, name, isOnly), { keyOf: keyOfName, next: below });
}
