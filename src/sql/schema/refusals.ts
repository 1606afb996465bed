/** Finds statements that the server refuses in a transaction because of the database state after the history. */

import type { Node, RangeVar } from '@pgsql/types';
import { nodeOf } from '../syntax/node-of.js';
import { partsOfRange } from '../syntax/object-names.js';
import { findRefusal, ownTransactions, type Refusal, remote } from '../transactions/refusals.js';
import { findRelation, keyOfName, resolveParts, resolveRange, type Schema } from './schema.js';

/** Why a statement cannot run inside a transaction; undefined when nothing that is known says so. */
export function findRefusalIn(schema: Schema, node: Node): Refusal | undefined {
  return findRefusal(node) ?? findPartitioned(schema, node) ?? findSlot(schema, node);
}

/** Of a partitioned table or index, each partition is done in a transaction of its own (ReindexPartitions, indexcmds.c). */
function findPartitioned(schema: Schema, node: Node): Refusal | undefined {
  const reindex = nodeOf(node, 'ReindexStmt');
  if (reindex?.kind === 'REINDEX_OBJECT_TABLE' && isPartitioned(schema, reindex.relation))
    return { command: 'REINDEX TABLE', because: ownTransactions };
  if (reindex?.kind === 'REINDEX_OBJECT_INDEX' && isOfPartitioned(schema, reindex.relation))
    return { command: 'REINDEX INDEX', because: ownTransactions };
  const cluster = nodeOf(node, 'ClusterStmt');
  return cluster && isPartitioned(schema, cluster.relation)
    ? { command: 'CLUSTER', because: ownTransactions }
    : undefined;
}

function isPartitioned(schema: Schema, range: RangeVar | undefined): boolean {
  return (
    range !== undefined && findRelation(schema, resolveRange(schema, range))?.kind === 'partitioned table'
  );
}

function isOfPartitioned(schema: Schema, range: RangeVar | undefined): boolean {
  if (!range) return false;
  const index = resolveParts(schema, partsOfRange(range), schema.indexOwners);
  const owner = schema.indexOwners.get(keyOfName(index));
  return owner !== undefined && schema.relations.get(owner)?.kind === 'partitioned table';
}

/** Every subscription has a slot that is dropped with it, unless it was set to NONE (DropSubscription, subscriptioncmds.c). */
function findSlot({ slotless }: Schema, node: Node): Refusal | undefined {
  const drop = nodeOf(node, 'DropSubscriptionStmt');
  if (!drop || slotless.has(drop.subname ?? '')) return undefined;
  return { command: 'DROP SUBSCRIPTION', because: remote };
}
