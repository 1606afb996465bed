/** Predicts what ALTER TABLE does to constraints: added, validated, altered and dropped ones. */

import type { AlterTableCmd, Constraint as ConstraintNode } from '@pgsql/types';
import { partitionsOf, referencesTo, tableFamily } from '../schema/relatives.js';
import { findRelation, type Relation, resolveRange } from '../schema/schema.js';
import { nodeOf } from '../syntax/node-of.js';
import { namePartsOf } from '../syntax/object-names.js';
import type { RelationName } from '../syntax/relation-name.js';
import type { AlterCommand } from './alter-command.js';
import { lockDroppedKeys } from './dropped-keys.js';
import type { LockMode } from './impact.js';
import type { ImpactContext } from './impact-builder.js';
import { provesNotNull } from './proofs.js';

/** A foreign key lets reads go on; everything else does not. */
export function lockOfAdding({ def }: AlterTableCmd): LockMode {
  return nodeOf(def, 'Constraint')?.contype === 'CONSTR_FOREIGN' ? 'SHARE ROW EXCLUSIVE' : 'ACCESS EXCLUSIVE';
}

const indexedKinds: ReadonlySet<string> = new Set(['CONSTR_PRIMARY', 'CONSTR_UNIQUE', 'CONSTR_EXCLUSION']);

/**
 * Whether partitions and heirs are locked like their table. An index that becomes a key stays with it. Before 18 so did checks
 * with NO INHERIT, and a new key locked only the partitions, as the index that is built there does.
 */
export function isInheritedConstraint({ def }: AlterTableCmd, oldestServer: number): boolean {
  const constraint = nodeOf(def, 'Constraint');
  if (constraint?.indexname !== undefined) return false;
  const isOwn = constraint?.is_no_inherit === true || indexedKinds.has(constraint?.contype ?? '');
  return oldestServer >= 18 || !isOwn;
}

/** ADD CONSTRAINT. */
export function predictAddConstraint(context: ImpactContext, alter: AlterCommand): void {
  const constraint = nodeOf(alter.command.def, 'Constraint');
  if (constraint) adders[constraint.contype ?? '']?.(context, alter, constraint);
}

type Adder = (context: ImpactContext, alter: AlterCommand, constraint: ConstraintNode) => void;

const adders: Readonly<Record<string, Adder>> = {
  CONSTR_FOREIGN: addForeignKey,
  CONSTR_NOTNULL: (context, alter, constraint) =>
    addNotNull(context, alter, { names: namePartsOf(constraint.keys), constraint }),
  CONSTR_PRIMARY: addPrimaryKey,
  CONSTR_UNIQUE: addIndexed,
  CONSTR_EXCLUSION: addIndexed,
  CONSTR_CHECK: (context, alter, { skip_validation, is_no_inherit }) => {
    if (!skip_validation) scanAll(context, alter, is_no_inherit === true);
  },
};

function addIndexed(context: ImpactContext, alter: AlterCommand, { indexname }: ConstraintNode): void {
  if (indexname === undefined) scanIndexed(context, alter);
}

function scanAll(
  { schema, builder }: ImpactContext,
  { table, isOnly }: AlterCommand,
  isAlone: boolean,
): void {
  builder.scan(table);
  for (const relative of tableFamily(schema, table, { isOnly: isOnly || isAlone })) builder.scan(relative);
}

/** An index is built on the table, and on partitions; tables that inherit have their own. */
function scanIndexed(context: ImpactContext, alter: AlterCommand): void {
  const { schema, builder } = context;
  const partitions = partitionsOf(schema, alter.table);
  scanAll(context, alter, partitions.length === 0);
  if (alter.isOnly) return;
  for (const partition of partitions) builder.lock(partition, 'SHARE');
}

function addForeignKey(
  context: ImpactContext,
  alter: AlterCommand,
  { pktable, skip_validation }: ConstraintNode,
): void {
  const referenced = resolveRange(context.schema, pktable);
  for (const name of [referenced, ...partitionsOf(context.schema, referenced)])
    context.builder.lock(name, 'SHARE ROW EXCLUSIVE');
  if (skip_validation) return;
  scanAll(context, alter, false);
  context.builder.query(referenced);
}

interface NotNull {
  names: readonly string[];
  constraint: Pick<ConstraintNode, 'skip_validation' | 'is_no_inherit'>;
}

function addNotNull(
  { schema, builder }: ImpactContext,
  alter: AlterCommand,
  { names, constraint }: NotNull,
): void {
  if (constraint.skip_validation) return;
  const family = tableFamily(schema, alter.table, {
    isOnly: alter.isOnly || constraint.is_no_inherit === true,
  });
  if (family.length === 0) builder.scan(alter.table);
  for (const table of family) {
    if (isProven(table, names)) continue;
    builder.lock(table, 'ACCESS EXCLUSIVE');
    builder.scan(table);
  }
}

function isProven(table: Relation, names: readonly string[]): boolean {
  return names.every((name) => provesNotNull(table, name));
}

/** Its columns become NOT NULL, which must be true of all rows even where the index is there already. */
function addPrimaryKey(context: ImpactContext, alter: AlterCommand, constraint: ConstraintNode): void {
  const { indexname, keys } = constraint;
  const known = findRelation(context.schema, alter.table);
  const index = indexname === undefined ? undefined : known?.indexes.get(indexname);
  const names = index ? index.columns.flatMap((name) => name ?? []) : namePartsOf(keys);
  if (indexname === undefined) scanIndexed(context, alter);
  addNotNull(context, alter, { names, constraint: {} });
}

/** VALIDATE CONSTRAINT; a valid constraint costs nothing. */
export function predictValidate(context: ImpactContext, { table, command, isOnly }: AlterCommand): void {
  const { schema, builder } = context;
  const constraint = findRelation(schema, table)?.constraints.get(command.name ?? '');
  if (constraint?.isValidated) return;
  builder.scan(table);
  for (const relative of tableFamily(schema, table, { isOnly })) builder.scan(relative);
  if (!constraint?.references) return;
  builder.lock(constraint.references, 'ROW SHARE');
  builder.query(constraint.references);
}

/** DROP CONSTRAINT: a foreign key locks its other side, a key with CASCADE the tables that refer to it. */
export function predictDropConstraint(context: ImpactContext, { table, command }: AlterCommand): void {
  const { schema, builder } = context;
  const constraint = findRelation(schema, table)?.constraints.get(command.name ?? '');
  if (constraint) lockDroppedKeys(context, [constraint]);
  if (!constraint || !isKey(constraint.kind)) return;
  // The index goes with those of its partitions, also where ONLY the table is named.
  for (const partition of partitionsOf(schema, table)) builder.lock(partition, 'ACCESS EXCLUSIVE');
  if (command.behavior !== 'DROP_CASCADE') return;
  for (const { table: other, constraint: reference } of referencesTo(schema, table)) {
    const columns = reference.referencedColumns;
    const isMeant = columns
      ? columns.join() === constraint.columns.join()
      : constraint.kind === 'primary key';
    if (isMeant) builder.lock(other, 'ACCESS EXCLUSIVE');
  }
}

function isKey(kind: string): boolean {
  return kind === 'primary key' || kind === 'unique';
}

/** ALTER CONSTRAINT: whether a foreign key is enforced changes the triggers on both sides (18). */
export function predictAlterConstraint(context: ImpactContext, { table, command }: AlterCommand): void {
  const change = nodeOf(command.def, 'ATAlterConstraint');
  const constraint = findRelation(context.schema, table)?.constraints.get(change?.conname ?? '');
  if (!change?.alterEnforceability || !constraint?.references) return;
  const isAgain = change.is_enforced === true && !constraint.isEnforced;
  context.builder.lock(constraint.references, isAgain ? 'SHARE ROW EXCLUSIVE' : 'ACCESS EXCLUSIVE');
  if (isAgain) validateAgain(context, table, constraint.references);
}

function validateAgain({ builder }: ImpactContext, table: RelationName, referenced: RelationName): void {
  builder.scan(table);
  builder.query(referenced);
}
