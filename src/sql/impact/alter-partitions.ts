/** Predicts how tables become partitions or heirs of others, and stop being so. */

import type { AlterTableCmd, PartitionCmd } from '@pgsql/types';
import { defaultPartitionOf, descendantsOf, tableFamily } from '../schema/relatives.js';
import { findRelation, keyOfName, type Relation, resolveRange } from '../schema/schema.js';
import { nodeOf } from '../syntax/node-of.js';
import type { RelationName } from '../syntax/relation-name.js';
import type { AlterCommand } from './alter-command.js';
import { provesBound } from './bound-proofs.js';
import type { LockMode } from './impact.js';
import type { ImpactContext } from './impact-builder.js';

/** DETACH PARTITION CONCURRENTLY (14 and later) lets reads and writes go on. */
export function lockOfDetaching({ def }: AlterTableCmd): LockMode {
  return nodeOf(def, 'PartitionCmd')?.concurrent ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS EXCLUSIVE';
}

/** ATTACH PARTITION, of a table or of an index. */
export function predictAttach(context: ImpactContext, { table, command }: AlterCommand): void {
  const { schema } = context;
  const partition = nodeOf(command.def, 'PartitionCmd');
  if (schema.indexOwners.has(keyOfName(table))) attachIndex(context, table, partition?.name);
  else attachTable(context, table, partition);
}

function attachTable(context: ImpactContext, table: RelationName, partition: PartitionCmd | undefined): void {
  const { schema, builder } = context;
  const child = resolveRange(schema, partition?.name);
  const [parent, known] = [findRelation(schema, table), findRelation(schema, child)];
  for (const name of [child, ...tableFamily(schema, child)]) builder.lock(name, 'ACCESS EXCLUSIVE');
  const isReady =
    parent && known && isPrepared(parent, known) && provesBound(parent, known, partition?.bound);
  if (!isReady) for (const name of [child, ...tableFamily(schema, child)]) builder.scan(name);
  lockKeys(context, parent, known);
  searchDefault(context, table);
}

/** An index of a partition becomes part of that of its table. */
function attachIndex(
  { schema, builder }: ImpactContext,
  index: RelationName,
  range: Parameters<typeof resolveRange>[1],
): void {
  const name = { schema: range?.schemaname ?? index.schema, name: range?.relname ?? '' };
  builder.lock(index, 'SHARE UPDATE EXCLUSIVE');
  builder.lock(name, 'ACCESS EXCLUSIVE');
  for (const one of [index, name]) {
    const owner = schema.relations.get(schema.indexOwners.get(keyOfName(one)) ?? '');
    if (owner) builder.lock(owner, 'ACCESS SHARE');
  }
}

/** Indexes and foreign keys of the table that the partition has not got yet are made, for which its rows are read. */
function isPrepared(parent: Relation, child: Relation): boolean {
  const own = [...child.indexes.values()].map(({ columns }) => columns.join());
  const keys = foreignKeysOf(child).map(signature);
  return (
    [...parent.indexes.values()].every(({ columns }) => own.includes(columns.join())) &&
    foreignKeysOf(parent).every((key) => keys.includes(signature(key)))
  );
}

function foreignKeysOf({ constraints }: Relation) {
  return [...constraints.values()].filter(({ references }) => references);
}

function signature({ columns, references }: ReturnType<typeof foreignKeysOf>[number]): string {
  return `${columns.join()}>${references?.schema}.${references?.name}`;
}

/** A foreign key that the partition has already becomes one with that of the table, so that its own triggers go. */
function lockKeys(
  { builder }: ImpactContext,
  parent: Relation | undefined,
  child: Relation | undefined,
): void {
  const own = child ? foreignKeysOf(child).map(signature) : [];
  for (const key of parent ? foreignKeysOf(parent) : []) {
    if (!key.references) continue;
    builder.lock(key.references, own.includes(signature(key)) ? 'ACCESS EXCLUSIVE' : 'SHARE ROW EXCLUSIVE');
    builder.query(key.references);
  }
}

/** Rows in the default partition could belong into a new one. */
export function searchDefault({ schema, builder }: ImpactContext, table: RelationName): void {
  const rest = defaultPartitionOf(schema, table);
  if (!rest) return;
  for (const name of [rest, ...tableFamily(schema, rest)]) {
    builder.lock(name, 'ACCESS EXCLUSIVE');
    builder.scan(name);
  }
}

/** DETACH PARTITION. */
export function predictDetach(context: ImpactContext, { table, command }: AlterCommand): void {
  const { schema, builder } = context;
  const partition = nodeOf(command.def, 'PartitionCmd');
  const child = resolveRange(schema, partition?.name);
  builder.lock(child, 'ACCESS EXCLUSIVE');
  const rest = defaultPartitionOf(schema, table);
  if (rest) builder.lock(rest, 'ACCESS EXCLUSIVE');
  lockKeys(context, findRelation(schema, table), undefined);
}

/** DETACH PARTITION … FINALIZE completes an interrupted detach. */
export function predictFinalize({ schema, builder }: ImpactContext, { command }: AlterCommand): void {
  builder.lock(resolveRange(schema, nodeOf(command.def, 'PartitionCmd')?.name), 'ACCESS EXCLUSIVE');
}

/** INHERIT. */
export function predictInherit({ schema, builder }: ImpactContext, { table, command }: AlterCommand): void {
  builder.lock(resolveRange(schema, nodeOf(command.def, 'RangeVar')), 'SHARE UPDATE EXCLUSIVE');
  for (const child of descendantsOf(schema, table)) builder.lock(child, 'ACCESS EXCLUSIVE');
}

/** NO INHERIT. */
export function predictNoInherit({ schema, builder }: ImpactContext, { command }: AlterCommand): void {
  builder.lock(resolveRange(schema, nodeOf(command.def, 'RangeVar')), 'ACCESS SHARE');
}
