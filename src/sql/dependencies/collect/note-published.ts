/** Notes which tables are published, and whose rows are changed: these must have a replica identity then (CheckCmdReplicaIdentity). */

import type { Effect } from '../../effects/effect.js';
import { keyOf } from '../../effects/object-key.js';
import type { ObjectId } from '../../syntax/object-id.js';
import { type Catalogue, primaryKeyColumns } from '../catalogue.js';
import { aspect, describeObject } from '../keys.js';
import { type Collector, causeOf, noteAccess, withDescendants } from './collector.js';

/** @param effect the use of a table, of a schema, or of the publication itself where it has all tables. */
export function notePublished(collector: Collector, effect: Effect): void {
  const { catalogue } = collector;
  const sets = catalogue.properties.get(keyOf(effect.by ?? effect.object)) ?? {};
  const cause = causeOf({ ...effect, sets });
  for (const table of publishedTables(catalogue, effect.object)) {
    const what = describeObject(catalogue.objects.get(keyOf(table)) ?? table);
    const told = isUncovered(catalogue, table, effect)
      ? causeOf({ ...effect, sets, isUnidentified: true })
      : cause;
    noteAccess(collector, aspect('published', table), 'add', { ...told, verb: 'publishes', what });
  }
}

/** Whether columns or filter of a publication leave rows without what identifies them, which is the primary key unless somebody says otherwise (pub_contains_invalid_column). */
function isUncovered(catalogue: Catalogue, table: ObjectId, { columns, filter = [] }: Effect): boolean {
  const key = keyOf(table);
  if (catalogue.properties.get(key)?.['replica identity'] !== undefined) return false;
  const identity = primaryKeyColumns(catalogue, table).map(({ name }) => name);
  if (identity.length === 0) return false;
  const isLeftOut = columns !== undefined && identity.some((name) => !columns.includes(name));
  return isLeftOut || filter.some((name) => !identity.includes(name));
}

function publishedTables(catalogue: Catalogue, object: ObjectId): ObjectId[] {
  if (object.kind !== 'publication' && object.kind !== 'schema') return withDescendants(catalogue, object);
  const isAmong = ({ kind, schema }: ObjectId) =>
    kind === 'table' && (object.kind === 'publication' || schema === object.name);
  return [...catalogue.objects.values()].filter(isAmong);
}

/** Rows of the table and of its children are changed or deleted. A partitioned table has no rows of its own. */
export function noteIdentified(collector: Collector, effect: Effect): void {
  const { catalogue } = collector;
  for (const table of withDescendants(catalogue, effect.object))
    if (!isPartitioned(catalogue, table))
      noteAccess(collector, aspect('published', table), 'read', causeOf(effect));
}

function isPartitioned({ definitions, children, partitions }: Catalogue, table: ObjectId): boolean {
  const key = keyOf(table);
  const hasPartitions = [...(children.get(key) ?? [])].some((child) => partitions.has(child));
  return hasPartitions || definitions.get(key)?.partitionKey !== undefined;
}
