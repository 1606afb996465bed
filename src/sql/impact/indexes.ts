/** Predicts CREATE INDEX and REINDEX. */

import { isOptionOn } from '../postgres/option-values.js';
import { descendantsOf } from '../schema/relatives.js';
import { findRelation, keyOfName, type Relation, resolveParts, resolveRange } from '../schema/schema.js';
import type { NodeOf } from '../syntax/node-of.js';
import type { RelationName } from '../syntax/relation-name.js';
import type { LockMode } from './impact.js';
import type { ImpactContext } from './impact-builder.js';
import { lookForCalls } from './queries.js';

/** CREATE INDEX; on a partitioned table without ONLY also on all partitions. */
export function predictIndex(context: ImpactContext, statement: NodeOf<'IndexStmt'>): void {
  const { schema, builder } = context;
  const table = resolveRange(schema, statement.relation);
  const known = findRelation(schema, table);
  const mode: LockMode = statement.concurrent ? 'SHARE UPDATE EXCLUSIVE' : 'SHARE';
  builder.lock(table, mode);
  const own = { schema: table.schema, name: statement.idxname ?? '' };
  if (statement.if_not_exists && schema.indexOwners.has(keyOfName(own))) return;
  builder.scan(table);
  lookForCalls(context, [statement.indexParams, statement.whereClause]);
  if (known?.kind !== 'partitioned table' || statement.relation?.inh !== true) return;
  for (const child of descendantsOf(schema, table)) {
    builder.lock(child, mode);
    builder.scan(child);
  }
}

/** REINDEX of an index, a table, a schema or everything. */
export function predictReindex(
  context: ImpactContext,
  { kind, relation, name, params }: NodeOf<'ReindexStmt'>,
): void {
  const { schema } = context;
  const isConcurrent = isOptionOn(params, 'concurrently');
  if (kind === 'REINDEX_OBJECT_INDEX') reindexOne(context, relation, isConcurrent);
  else if (kind === 'REINDEX_OBJECT_TABLE')
    reindexTable(context, resolveRange(schema, relation), isConcurrent);
  else reindexAll(context, kind === 'REINDEX_OBJECT_SCHEMA' ? name : undefined, isConcurrent);
}

function reindexAll(context: ImpactContext, inSchema: string | undefined, isConcurrent: boolean): void {
  for (const table of context.schema.relations.values())
    if (inSchema === undefined || table.schema === inSchema) reindexTable(context, table, isConcurrent);
}

function reindexOne(
  context: ImpactContext,
  range: NodeOf<'ReindexStmt'>['relation'],
  isConcurrent: boolean,
): void {
  const { schema, builder } = context;
  const parts = range?.schemaname ? [range.schemaname, range.relname ?? ''] : [range?.relname ?? ''];
  const index = resolveParts(schema, parts, schema.indexOwners);
  const table = schema.relations.get(schema.indexOwners.get(keyOfName(index)) ?? '');
  builder.lock(index, isConcurrent ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS EXCLUSIVE');
  if (!table) return;
  builder.lock(table, isConcurrent ? 'SHARE UPDATE EXCLUSIVE' : 'SHARE');
  builder.scan(table);
}

function reindexTable(context: ImpactContext, name: RelationName, isConcurrent: boolean): void {
  const { schema, builder } = context;
  const known = findRelation(schema, name);
  for (const table of known?.kind === 'partitioned table'
    ? [known, ...descendantsOf(schema, known)]
    : [name]) {
    builder.lock(table, isConcurrent ? 'SHARE UPDATE EXCLUSIVE' : 'SHARE');
    if (hasIndexes(findRelation(schema, table))) builder.scan(table);
  }
}

/** An unknown table probably has some. */
function hasIndexes(table: Relation | undefined): boolean {
  return !table?.isWhole || table.indexes.size > 0;
}
