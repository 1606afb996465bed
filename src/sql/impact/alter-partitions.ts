/** Predicts how tables become partitions or heirs of others, and stop being so. */

import type { AlterTableCmd, PartitionCmd } from '@pgsql/types';
import { defaultPartitionOf, descendantsOf, familyOf } from '../schema/relatives.js';
import { findRelation, keyOfName, type Relation, resolveRange } from '../schema/schema.js';
import { nodeOf } from '../syntax/node-of.js';
import type { RelationName } from '../syntax/relation-name.js';
import type { AlterCommand } from './alter-command.js';
import { provesBound } from './bound-proofs.js';
import type { LockMode } from './impact.js';
import type { Scene } from './tally.js';

/** DETACH PARTITION CONCURRENTLY (14 and later) lets reads and writes go on. */
export function lockOfDetaching({ def }: AlterTableCmd): LockMode {
  return nodeOf(def, 'PartitionCmd')?.concurrent ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS EXCLUSIVE';
}

/** ATTACH PARTITION, of a table or of an index. */
export function predictAttach(scene: Scene, { table, command }: AlterCommand): void {
  const { schema } = scene;
  const partition = nodeOf(command.def, 'PartitionCmd');
  if (schema.indexOwners.has(keyOfName(table))) attachIndex(scene, table, partition?.name);
  else attachTable(scene, table, partition);
}

function attachTable(scene: Scene, table: RelationName, partition: PartitionCmd | undefined): void {
  const { schema, tally } = scene;
  const child = resolveRange(schema, partition?.name);
  const [parent, known] = [findRelation(schema, table), findRelation(schema, child)];
  for (const name of [child, ...familyOf(schema, child, false)]) tally.lock(name, 'ACCESS EXCLUSIVE');
  const isReady =
    parent && known && isPrepared(parent, known) && provesBound(parent, known, partition?.bound);
  if (!isReady) for (const name of [child, ...familyOf(schema, child, false)]) tally.scan(name);
  lockKeys(scene, parent, known);
  searchDefault(scene, table);
}

/** An index of a partition becomes part of that of its table. */
function attachIndex(
  { schema, tally }: Scene,
  index: RelationName,
  range: Parameters<typeof resolveRange>[1],
): void {
  const name = { schema: range?.schemaname ?? index.schema, name: range?.relname ?? '' };
  tally.lock(index, 'SHARE UPDATE EXCLUSIVE');
  tally.lock(name, 'ACCESS EXCLUSIVE');
  for (const one of [index, name]) {
    const owner = schema.relations.get(schema.indexOwners.get(keyOfName(one)) ?? '');
    if (owner) tally.lock(owner, 'ACCESS SHARE');
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
function lockKeys({ tally }: Scene, parent: Relation | undefined, child: Relation | undefined): void {
  const own = child ? foreignKeysOf(child).map(signature) : [];
  for (const key of parent ? foreignKeysOf(parent) : []) {
    if (!key.references) continue;
    tally.lock(key.references, own.includes(signature(key)) ? 'ACCESS EXCLUSIVE' : 'SHARE ROW EXCLUSIVE');
    tally.query(key.references);
  }
}

/** Rows in the default partition could belong into a new one. */
export function searchDefault({ schema, tally }: Scene, table: RelationName): void {
  const rest = defaultPartitionOf(schema, table);
  if (!rest) return;
  for (const name of [rest, ...familyOf(schema, rest, false)]) {
    tally.lock(name, 'ACCESS EXCLUSIVE');
    tally.scan(name);
  }
}

/** DETACH PARTITION. */
export function predictDetach(scene: Scene, { table, command }: AlterCommand): void {
  const { schema, tally } = scene;
  const partition = nodeOf(command.def, 'PartitionCmd');
  const child = resolveRange(schema, partition?.name);
  tally.lock(child, 'ACCESS EXCLUSIVE');
  const rest = defaultPartitionOf(schema, table);
  if (rest) tally.lock(rest, 'ACCESS EXCLUSIVE');
  lockKeys(scene, findRelation(schema, table), undefined);
}

/** DETACH PARTITION … FINALIZE ends one that was interrupted. */
export function predictFinalize({ schema, tally }: Scene, { command }: AlterCommand): void {
  tally.lock(resolveRange(schema, nodeOf(command.def, 'PartitionCmd')?.name), 'ACCESS EXCLUSIVE');
}

/** INHERIT. */
export function predictInherit({ schema, tally }: Scene, { table, command }: AlterCommand): void {
  tally.lock(resolveRange(schema, nodeOf(command.def, 'RangeVar')), 'SHARE UPDATE EXCLUSIVE');
  for (const child of descendantsOf(schema, table)) tally.lock(child, 'ACCESS EXCLUSIVE');
}

/** NO INHERIT. */
export function predictNoInherit({ schema, tally }: Scene, { command }: AlterCommand): void {
  tally.lock(resolveRange(schema, nodeOf(command.def, 'RangeVar')), 'ACCESS SHARE');
}
