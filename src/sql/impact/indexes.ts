/** Predicts CREATE INDEX and REINDEX. */

import { isOptionOn } from '../postgres/option-values.js';
import { descendantsOf } from '../schema/relatives.js';
import { findRelation, keyOfName, type Relation, resolveParts, resolveRange } from '../schema/schema.js';
import type { NodeOf } from '../syntax/node-of.js';
import type { RelationName } from '../syntax/relation-name.js';
import type { LockMode } from './impact.js';
import { lookForCalls } from './queries.js';
import type { Scene } from './tally.js';

/** CREATE INDEX; on a partitioned table without ONLY also on all partitions. */
export function predictIndex(scene: Scene, statement: NodeOf<'IndexStmt'>): void {
  const { schema, tally } = scene;
  const table = resolveRange(schema, statement.relation);
  const known = findRelation(schema, table);
  const mode: LockMode = statement.concurrent ? 'SHARE UPDATE EXCLUSIVE' : 'SHARE';
  tally.lock(table, mode);
  const own = { schema: table.schema, name: statement.idxname ?? '' };
  if (statement.if_not_exists && schema.indexOwners.has(keyOfName(own))) return;
  tally.scan(table);
  lookForCalls(scene, [statement.indexParams, statement.whereClause]);
  if (known?.kind !== 'partitioned table' || statement.relation?.inh !== true) return;
  for (const child of descendantsOf(schema, table)) {
    tally.lock(child, mode);
    tally.scan(child);
  }
}

/** REINDEX of an index, a table, a schema or everything. */
export function predictReindex(scene: Scene, { kind, relation, name, params }: NodeOf<'ReindexStmt'>): void {
  const { schema } = scene;
  const isConcurrent = isOptionOn(params, 'concurrently');
  if (kind === 'REINDEX_OBJECT_INDEX') reindexOne(scene, relation, isConcurrent);
  else if (kind === 'REINDEX_OBJECT_TABLE') reindexTable(scene, resolveRange(schema, relation), isConcurrent);
  else reindexAll(scene, kind === 'REINDEX_OBJECT_SCHEMA' ? name : undefined, isConcurrent);
}

function reindexAll(scene: Scene, inSchema: string | undefined, isConcurrent: boolean): void {
  for (const table of scene.schema.relations.values())
    if (inSchema === undefined || table.schema === inSchema) reindexTable(scene, table, isConcurrent);
}

function reindexOne(scene: Scene, range: NodeOf<'ReindexStmt'>['relation'], isConcurrent: boolean): void {
  const { schema, tally } = scene;
  const parts = range?.schemaname ? [range.schemaname, range.relname ?? ''] : [range?.relname ?? ''];
  const index = resolveParts(schema, parts, schema.indexOwners);
  const table = schema.relations.get(schema.indexOwners.get(keyOfName(index)) ?? '');
  tally.lock(index, isConcurrent ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS EXCLUSIVE');
  if (!table) return;
  tally.lock(table, isConcurrent ? 'SHARE UPDATE EXCLUSIVE' : 'SHARE');
  tally.scan(table);
}

function reindexTable(scene: Scene, name: RelationName, isConcurrent: boolean): void {
  const { schema, tally } = scene;
  const known = findRelation(schema, name);
  for (const table of known?.kind === 'partitioned table'
    ? [known, ...descendantsOf(schema, known)]
    : [name]) {
    tally.lock(table, isConcurrent ? 'SHARE UPDATE EXCLUSIVE' : 'SHARE');
    if (hasIndexes(findRelation(schema, table))) tally.scan(table);
  }
}

/** An unknown table probably has some. */
function hasIndexes(table: Relation | undefined): boolean {
  return !table?.isWhole || table.indexes.size > 0;
}
