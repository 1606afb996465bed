/** Predicts what ALTER TABLE does to constraints: added, validated, altered and dropped ones. */

import type { AlterTableCmd, Constraint as ConstraintNode } from '@pgsql/types';
import { descendantsOf, familyOf, referencesTo } from '../schema/relatives.js';
import { findRelation, type Relation, resolveRange } from '../schema/schema.js';
import { nodeOf } from '../syntax/node-of.js';
import { namePartsOf } from '../syntax/object-names.js';
import type { RelationName } from '../syntax/relation-name.js';
import type { AlterCommand } from './alter-command.js';
import { lockDroppedKeys } from './dropped-keys.js';
import type { LockMode } from './impact.js';
import { provesNotNull } from './proofs.js';
import type { Scene } from './tally.js';

/** A foreign key lets reads go on; everything else does not. */
export function lockOfAdding({ def }: AlterTableCmd): LockMode {
  return nodeOf(def, 'Constraint')?.contype === 'CONSTR_FOREIGN' ? 'SHARE ROW EXCLUSIVE' : 'ACCESS EXCLUSIVE';
}

const indexedKinds: ReadonlySet<string> = new Set(['CONSTR_PRIMARY', 'CONSTR_UNIQUE', 'CONSTR_EXCLUSION']);

/**
 * Whether partitions and heirs are locked like their table. Checks with NO INHERIT stay with it, and so does an index that
 * becomes a key. Before 18 a new key locked only the partitions, as the index that is built there does.
 */
export function isInheritedConstraint({ def }: AlterTableCmd, oldestServer: number): boolean {
  const constraint = nodeOf(def, 'Constraint');
  if (constraint?.indexname !== undefined || constraint?.is_no_inherit === true) return false;
  return oldestServer >= 18 || !indexedKinds.has(constraint?.contype ?? '');
}

/** ADD CONSTRAINT. */
export function predictAddConstraint(scene: Scene, alter: AlterCommand): void {
  const constraint = nodeOf(alter.command.def, 'Constraint');
  if (constraint) adders[constraint.contype ?? '']?.(scene, alter, constraint);
}

type Adder = (scene: Scene, alter: AlterCommand, constraint: ConstraintNode) => void;

const adders: Readonly<Record<string, Adder>> = {
  CONSTR_FOREIGN: addForeignKey,
  CONSTR_NOTNULL: (scene, alter, constraint) =>
    addNotNull(scene, alter, { names: namePartsOf(constraint.keys), constraint }),
  CONSTR_PRIMARY: addPrimaryKey,
  CONSTR_UNIQUE: addIndexed,
  CONSTR_EXCLUSION: addIndexed,
  CONSTR_CHECK: (scene, alter, { skip_validation, is_no_inherit }) => {
    if (!skip_validation) scanAll(scene, alter, is_no_inherit === true);
  },
};

function addIndexed(scene: Scene, alter: AlterCommand, { indexname }: ConstraintNode): void {
  if (indexname === undefined) scanIndexed(scene, alter);
}

function scanAll({ schema, tally }: Scene, { table, isOnly }: AlterCommand, isAlone: boolean): void {
  tally.scan(table);
  for (const relative of familyOf(schema, table, isOnly || isAlone)) tally.scan(relative);
}

/** An index is built on the table, and on partitions; tables that inherit have their own. */
function scanIndexed(scene: Scene, alter: AlterCommand): void {
  const { schema, tally } = scene;
  const isPartitioned = findRelation(schema, alter.table)?.kind === 'partitioned table';
  scanAll(scene, alter, !isPartitioned);
  if (!isPartitioned || alter.isOnly) return;
  for (const child of descendantsOf(schema, alter.table)) tally.lock(child, 'SHARE');
}

function addForeignKey(
  scene: Scene,
  alter: AlterCommand,
  { pktable, skip_validation }: ConstraintNode,
): void {
  const referenced = resolveRange(scene.schema, pktable);
  for (const name of [referenced, ...familyOf(scene.schema, referenced, false)])
    scene.tally.lock(name, 'SHARE ROW EXCLUSIVE');
  if (skip_validation) return;
  scanAll(scene, alter, false);
  scene.tally.query(referenced);
}

interface NotNull {
  names: readonly string[];
  constraint: Pick<ConstraintNode, 'skip_validation' | 'is_no_inherit'>;
}

function addNotNull({ schema, tally }: Scene, alter: AlterCommand, { names, constraint }: NotNull): void {
  if (constraint.skip_validation) return;
  const family = familyOf(schema, alter.table, alter.isOnly || constraint.is_no_inherit === true);
  if (family.length === 0) tally.scan(alter.table);
  for (const table of family) {
    if (isProven(table, names)) continue;
    tally.lock(table, 'ACCESS EXCLUSIVE');
    tally.scan(table);
  }
}

function isProven(table: Relation, names: readonly string[]): boolean {
  return names.every((name) => provesNotNull(table, name));
}

/** Its columns become NOT NULL, which must be true of all rows even where the index is there already. */
function addPrimaryKey(scene: Scene, alter: AlterCommand, constraint: ConstraintNode): void {
  const { indexname, keys } = constraint;
  const known = findRelation(scene.schema, alter.table);
  const index = indexname === undefined ? undefined : known?.indexes.get(indexname);
  const names = index ? index.columns.flatMap((name) => name ?? []) : namePartsOf(keys);
  if (indexname === undefined) scanIndexed(scene, alter);
  addNotNull(scene, alter, { names, constraint: {} });
}

/** VALIDATE CONSTRAINT; one that is valid already costs nothing. */
export function predictValidate(scene: Scene, { table, command, isOnly }: AlterCommand): void {
  const { schema, tally } = scene;
  const constraint = findRelation(schema, table)?.constraints.get(command.name ?? '');
  if (constraint?.isValidated) return;
  tally.scan(table);
  for (const relative of familyOf(schema, table, isOnly)) tally.scan(relative);
  if (!constraint?.references) return;
  tally.lock(constraint.references, 'ROW SHARE');
  tally.query(constraint.references);
}

/** DROP CONSTRAINT: a foreign key locks its other side, a key with CASCADE the tables that refer to it. */
export function predictDropConstraint(scene: Scene, { table, command }: AlterCommand): void {
  const constraint = findRelation(scene.schema, table)?.constraints.get(command.name ?? '');
  if (constraint) lockDroppedKeys(scene, [constraint]);
  if (!constraint || command.behavior !== 'DROP_CASCADE' || !isKey(constraint.kind)) return;
  for (const { table: other, constraint: reference } of referencesTo(scene.schema, table)) {
    const columns = reference.referencedColumns;
    const isMeant = columns
      ? columns.join() === constraint.columns.join()
      : constraint.kind === 'primary key';
    if (isMeant) scene.tally.lock(other, 'ACCESS EXCLUSIVE');
  }
}

function isKey(kind: string): boolean {
  return kind === 'primary key' || kind === 'unique';
}

/** ALTER CONSTRAINT: whether a foreign key is enforced changes the triggers on both sides (18). */
export function predictAlterConstraint(scene: Scene, { table, command }: AlterCommand): void {
  const change = nodeOf(command.def, 'ATAlterConstraint');
  const constraint = findRelation(scene.schema, table)?.constraints.get(change?.conname ?? '');
  if (!change?.alterEnforceability || !constraint?.references) return;
  scene.tally.lock(constraint.references, 'ACCESS EXCLUSIVE');
  if (change.is_enforced && !constraint.isEnforced) validateAgain(scene, table, constraint.references);
}

function validateAgain({ tally }: Scene, table: RelationName, referenced: RelationName): void {
  tally.scan(table);
  tally.query(referenced);
}
