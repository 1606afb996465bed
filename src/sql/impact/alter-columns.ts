/** Predicts what ALTER TABLE does to columns: new ones, dropped ones, other types, NOT NULL. */

import type { ColumnDef, Constraint as ConstraintNode } from '@pgsql/types';
import { columnConstraints } from '../schema/read-table.js';
import { isSerialType, readType } from '../schema/read-type.js';
import { familyOf, referencesTo, viewsOf } from '../schema/relatives.js';
import { findRelation, type Relation, resolveRange } from '../schema/schema.js';
import { nodeOf } from '../syntax/node-of.js';
import type { RelationName } from '../syntax/relation-name.js';
import type { AlterCommand } from './alter-command.js';
import { lockDroppedKeys, lockReferrers } from './dropped-keys.js';
import { provesNotNull } from './proofs.js';
import type { Scene } from './tally.js';
import { hasConstraints, readTypeChange } from './type-change.js';
import { isVolatile } from './volatile.js';

/** The table with its partitions and heirs; an unknown table is alone. */
function tablesOf({ schema }: Scene, { table, isOnly }: AlterCommand): RelationName[] {
  const family = familyOf(schema, table, isOnly);
  return family.length > 0 ? family : [table];
}

/** ADD COLUMN. */
export function predictAddColumn(scene: Scene, alter: AlterCommand): void {
  const { schema, tally } = scene;
  const definition = nodeOf(alter.command.def, 'ColumnDef');
  const known = findRelation(schema, alter.table);
  if (!definition || (alter.command.missing_ok && known?.columns.has(definition.colname ?? ''))) return;
  const constraints = columnConstraints(definition);
  const isFilled = fillsRows(scene, definition, constraints);
  for (const constraint of constraints) lockReferenced(scene, constraint);
  for (const table of tablesOf(scene, alter)) {
    if (isFilled) tally.rewrite(table);
    else if (readsRows(constraints)) tally.scan(table);
  }
}

/** Up to 18 a domain with constraints is filled in even where there is no default (tablecmds.c, ATExecAddColumn). */
function fillsRows(
  { schema }: Scene,
  definition: ColumnDef,
  constraints: readonly ConstraintNode[],
): boolean {
  if (isSerialType(definition.typeName) || hasConstraints(schema, readType(definition.typeName))) return true;
  return constraints.some(({ contype, raw_expr, generated_kind }) => {
    if (contype === 'CONSTR_IDENTITY') return true;
    if (contype === 'CONSTR_GENERATED') return generated_kind !== 'v';
    return contype === 'CONSTR_DEFAULT' && isVolatile(schema, raw_expr);
  });
}

const readingKinds: ReadonlySet<string> = new Set(['CONSTR_PRIMARY', 'CONSTR_UNIQUE', 'CONSTR_CHECK']);

function readsRows(constraints: readonly ConstraintNode[]): boolean {
  const value = defaultOf(constraints);
  return constraints.some(({ contype = '', skip_validation }) => {
    if (contype === 'CONSTR_FOREIGN') return value !== 'none' && !skip_validation;
    if (contype === 'CONSTR_NOTNULL') return value !== 'constant';
    return readingKinds.has(contype) && !skip_validation;
  });
}

/** NULL that is written down is no value, but enough for a foreign key to be checked. */
function defaultOf(constraints: readonly ConstraintNode[]): 'none' | 'null' | 'constant' {
  const found = constraints.find(({ contype }) => contype === 'CONSTR_DEFAULT');
  if (!found) return 'none';
  return nodeOf(found.raw_expr, 'A_Const')?.isnull ? 'null' : 'constant';
}

function lockReferenced(scene: Scene, constraint: ConstraintNode): void {
  if (constraint.contype !== 'CONSTR_FOREIGN') return;
  const referenced = resolveRange(scene.schema, constraint.pktable);
  scene.tally.lock(referenced, 'SHARE ROW EXCLUSIVE');
  scene.tally.query(referenced);
}

/** DROP COLUMN: foreign keys on both of its sides go, and with CASCADE views. */
export function predictDropColumn(scene: Scene, { table, command, isOnly }: AlterCommand): void {
  const { schema, tally } = scene;
  const { name = '', behavior } = command;
  for (const known of familyOf(schema, table, isOnly)) {
    for (const constraint of known.constraints.values()) {
      if (constraint.columns.includes(name)) lockDroppedKeys(scene, [constraint]);
    }
  }
  if (behavior !== 'DROP_CASCADE') return;
  lockReferrers(scene, table, name);
  for (const view of viewsOf(schema, table, name)) tally.lock(view, 'ACCESS EXCLUSIVE');
}

/** ALTER COLUMN TYPE: rows, indexes, checks and foreign keys that the column belongs to. */
export function predictType(scene: Scene, alter: AlterCommand): void {
  const { schema } = scene;
  const { name = '', def } = alter.command;
  const definition = nodeOf(def, 'ColumnDef');
  if (!definition) return;
  const from = findRelation(schema, alter.table)?.columns.get(name)?.type;
  const change = readTypeChange(schema, from, { name, definition });
  for (const table of tablesOf(scene, alter)) {
    const known = findRelation(schema, table);
    if (change.isRewritten) scene.tally.rewrite(table);
    else if (known && needsReading(known, name, change.keepsOrder)) scene.tally.scan(table);
    if (known) changeKeys(scene, known, { name, isChecked: change.isRewritten || !change.keepsOrder });
  }
}

/** Checks are added again; indexes are built again unless they stay as they are, which those with expressions never do. */
function needsReading({ constraints, indexes }: Relation, name: string, keepsOrder: boolean): boolean {
  const isChecked = [...constraints.values()].some(
    ({ kind, columns, isEnforced, isValidated }) =>
      kind === 'check' && isEnforced && isValidated && columns.includes(name),
  );
  const isSorted = [...indexes.values()].some(
    ({ columns, needs, predicate }) =>
      needs.includes(name) && (!keepsOrder || predicate !== undefined || columns.includes(undefined)),
  );
  return isChecked || isSorted;
}

/** Foreign keys are dropped and added again; their rows are checked unless both sides compare as before. */
function changeKeys(
  scene: Scene,
  table: Relation,
  { name, isChecked }: { name: string; isChecked: boolean },
): void {
  const { schema, tally } = scene;
  for (const constraint of table.constraints.values()) {
    if (!constraint.references || !constraint.columns.includes(name)) continue;
    tally.lock(constraint.references, 'ACCESS EXCLUSIVE');
    if (!isChecked) continue;
    tally.scan(table);
    tally.query(constraint.references);
  }
  for (const { table: other, constraint } of referencesTo(schema, table)) {
    if (!(constraint.referencedColumns ?? primaryKeyOf(table)).includes(name)) continue;
    tally.lock(other, 'ACCESS EXCLUSIVE');
    if (isChecked) tally.scan(other);
  }
}

function primaryKeyOf({ constraints }: Relation): readonly string[] {
  return [...constraints.values()].find(({ kind }) => kind === 'primary key')?.columns ?? [];
}

/** SET NOT NULL reads all rows, unless a valid check or key says it already. */
export function predictSetNotNull(scene: Scene, alter: AlterCommand): void {
  const { name = '' } = alter.command;
  for (const table of tablesOf(scene, alter)) {
    const known = findRelation(scene.schema, table);
    if (!known || !provesNotNull(known, name)) scene.tally.scan(table);
  }
}

/** SET EXPRESSION computes stored values anew. */
export function predictSetExpression(scene: Scene, alter: AlterCommand): void {
  for (const table of tablesOf(scene, alter)) scene.tally.rewrite(table);
}
