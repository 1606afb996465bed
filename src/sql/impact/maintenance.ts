/** Predicts what keeps tables in order: TRUNCATE, CLUSTER, VACUUM, ANALYZE, REFRESH, LOCK. */

import type { RangeVar } from '@pgsql/types';
import { isOptionOn } from '../postgres/option-values.js';
import { descendantsOf, referencesTo, tableFamily } from '../schema/relatives.js';
import { findRelation, keyOfName, type Relation, resolveRange, type Schema } from '../schema/schema.js';
import { type NodeOf, nodesOf } from '../syntax/node-of.js';
import { reachableFrom } from '../syntax/reachable.js';
import type { RelationName } from '../syntax/relation-name.js';
import { lockModes } from './impact.js';
import type { ImpactContext } from './impact-builder.js';
import { useTable } from './use-tables.js';

/** TRUNCATE makes new files; with CASCADE also for tables whose foreign keys refer to it. */
export function predictTruncate(
  context: ImpactContext,
  { relations, behavior }: NodeOf<'TruncateStmt'>,
): void {
  const { schema, builder } = context;
  const named = nodesOf(relations, 'RangeVar').flatMap((range) => {
    const name = resolveRange(schema, range);
    return [name, ...tableFamily(schema, name, { isOnly: range.inh !== true })];
  });
  const next = (name: RelationName) => (behavior === 'DROP_CASCADE' ? referringTo(schema, name) : []);
  for (const table of reachableFrom(named, { keyOf: keyOfName, next })) {
    builder.lock(table, 'ACCESS EXCLUSIVE');
    builder.rewrite(table);
  }
}

function referringTo(schema: Schema, name: RelationName): Relation[] {
  return referencesTo(schema, name).flatMap(({ table }) => tableFamily(schema, table));
}

/** ALTER TABLE ALL IN TABLESPACE, also of materialized views; indexes are not known by their tablespaces. */
export function predictMoveAll(
  { schema, builder }: ImpactContext,
  { objtype, orig_tablespacename: from, new_tablespacename: to }: NodeOf<'AlterTableMoveAllStmt'>,
): void {
  const kinds =
    objtype === 'OBJECT_TABLE'
      ? ['table', 'partitioned table']
      : objtype === 'OBJECT_MATVIEW'
        ? ['materialized view']
        : [];
  if (from === to) return;
  for (const relation of schema.relations.values()) {
    if (relation.tablespace !== from || !kinds.includes(relation.kind)) continue;
    builder.lock(relation, 'ACCESS EXCLUSIVE');
    if (relation.kind !== 'partitioned table') builder.rewrite(relation);
  }
}

/** CLUSTER of one table, or of all that were clustered before. */
export function predictCluster(
  { schema, builder }: ImpactContext,
  { relation }: NodeOf<'ClusterStmt'>,
): void {
  if (!relation) {
    builder.hide();
    return;
  }
  const name = resolveRange(schema, relation);
  for (const table of [name, ...tableFamily(schema, name)]) {
    builder.lock(table, 'ACCESS EXCLUSIVE');
    builder.rewrite(table);
  }
}

/** VACUUM and ANALYZE. VACUUM skips pages that need nothing, ANALYZE reads a sample: neither counts as a scan. */
export function predictVacuum(
  context: ImpactContext,
  { options, rels, is_vacuumcmd }: NodeOf<'VacuumStmt'>,
): void {
  const { schema, builder } = context;
  const isFull = isOptionOn(options, 'full');
  for (const table of vacuumed(context, rels)) {
    builder.lock(table, isFull ? 'ACCESS EXCLUSIVE' : 'SHARE UPDATE EXCLUSIVE');
    if (isFull) builder.rewrite(table);
  }
  if (is_vacuumcmd) return;
  // The statistics of a parent are made of its heirs, too.
  for (const range of rangesOf(rels))
    for (const child of descendantsOf(schema, resolveRange(schema, range)))
      builder.lock(child, 'ACCESS SHARE');
}

function rangesOf(rels: NodeOf<'VacuumStmt'>['rels']): RangeVar[] {
  return nodesOf(rels, 'VacuumRelation').flatMap(({ relation }) => relation ?? []);
}

/** Without a list: all known tables. Inheriting tables are included since 18, partitions always. */
function vacuumed(
  { schema, oldestServer }: ImpactContext,
  rels: NodeOf<'VacuumStmt'>['rels'],
): RelationName[] {
  const ranges = rangesOf(rels);
  if (ranges.length === 0) return [...schema.relations.values()].filter(({ kind }) => kind !== 'view');
  return ranges.flatMap((range) => {
    const name = resolveRange(schema, range);
    const isPartitioned = findRelation(schema, name)?.kind === 'partitioned table';
    return [
      name,
      ...tableFamily(schema, name, { isOnly: range.inh !== true || (oldestServer < 18 && !isPartitioned) }),
    ];
  });
}

/** REFRESH MATERIALIZED VIEW. */
export function predictRefresh(context: ImpactContext, statement: NodeOf<'RefreshMatViewStmt'>): void {
  const { schema, builder } = context;
  const name = resolveRange(schema, statement.relation);
  builder.lock(name, statement.concurrent ? 'EXCLUSIVE' : 'ACCESS EXCLUSIVE');
  if (statement.concurrent) builder.query(name);
  else builder.rewrite(name);
  const view: Relation | undefined = findRelation(schema, name);
  if (!statement.skipData) for (const read of view?.reads ?? []) useTable(context, read, 'ACCESS SHARE');
}

/** LOCK TABLE; a view is locked with the tables that it reads. */
export function predictLock(context: ImpactContext, { relations, mode = 8 }: NodeOf<'LockStmt'>): void {
  const chosen = lockModes[mode - 1] ?? 'ACCESS EXCLUSIVE';
  for (const range of nodesOf(relations, 'RangeVar')) {
    const name = resolveRange(context.schema, range);
    context.builder.lock(name, chosen);
    for (const table of reachedBy(context, name, range.inh !== true)) context.builder.lock(table, chosen);
  }
}

function reachedBy(context: ImpactContext, name: RelationName, isOnly: boolean): Relation[] {
  const { schema } = context;
  const below = (one: Relation) =>
    one.kind === 'view' ? one.reads.flatMap((read) => tableFamily(schema, read)) : [];
  return reachableFrom<Relation>(tableFamily(schema, name, { isOnly }), { keyOf: keyOfName, next: below });
}
