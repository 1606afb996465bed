/** Predicts what ALTER TABLE does to columns: new ones, dropped ones, other types, NOT NULL. */

import type { ColumnDef, Constraint as ConstraintNode } from '@pgsql/types';
import { isSerialType } from '../postgres/serial-types.js';
import { columnConstraints } from '../schema/read-table.js';
import { readType } from '../schema/read-type.js';
import { tableFamily, viewsOf } from '../schema/relatives.js';
import { findRelation, type Relation, resolveRange } from '../schema/schema.js';
import { nodeOf } from '../syntax/node-of.js';
import type { RelationName } from '../syntax/relation-name.js';
import type { AlterCommand } from './alter-command.js';
import { changeKeys } from './change-keys.js';
import { lockDroppedKeys, lockReferrers } from './dropped-keys.js';
import type { ImpactContext } from './impact-builder.js';
import { isProvenNotNull } from './proofs.js';
import { hasConstraints, readTypeChange } from './type-change.js';
import { isVolatile } from './volatile.js';

/** The table with its partitions and heirs; an unknown table is alone. */
function tablesOf({ schema }: ImpactContext, { table, isOnly }: AlterCommand): RelationName[] {
  const family = tableFamily(schema, table, { isOnly });
  return family.length > 0 ? family : [table];
}

/** ADD COLUMN. */
export function predictAddColumn(context: ImpactContext, alter: AlterCommand): void {
  const { schema, builder } = context;
  const definition = nodeOf(alter.command.def, 'ColumnDef');
  const known = findRelation(schema, alter.table);
  if (!definition || (alter.command.missing_ok && known?.columns.has(definition.colname ?? ''))) return;
  const constraints = columnConstraints(definition);
  const isFilled = fillsRows(context, definition, constraints);
  for (const constraint of constraints) lockReferenced(context, constraint);
  for (const table of tablesOf(context, alter)) {
    if (isFilled) builder.rewrite(table);
    else if (readsRows(constraints)) builder.scan(table);
  }
}

/** Up to 18 a domain with constraints is filled in even where there is no default (tablecmds.c, ATExecAddColumn). */
function fillsRows(
  { schema }: ImpactContext,
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

function lockReferenced(context: ImpactContext, constraint: ConstraintNode): void {
  if (constraint.contype !== 'CONSTR_FOREIGN') return;
  const referenced = resolveRange(context.schema, constraint.pktable);
  context.builder.lock(referenced, 'SHARE ROW EXCLUSIVE');
  context.builder.query(referenced);
}

/** DROP COLUMN: foreign keys on both of its sides go, and with CASCADE views. */
export function predictDropColumn(context: ImpactContext, { table, command, isOnly }: AlterCommand): void {
  const { schema, builder } = context;
  const { name = '', behavior } = command;
  for (const known of tableFamily(schema, table, { isOnly })) {
    for (const constraint of known.constraints.values()) {
      if (constraint.columns.includes(name)) lockDroppedKeys(context, [constraint]);
    }
  }
  const relation = findRelation(schema, table);
  const isThere = !command.missing_ok || !relation || relation.columns.has(name);
  if (behavior !== 'DROP_CASCADE' || !isThere) return;
  lockReferrers(context, table, name);
  for (const view of viewsOf(schema, table, name)) builder.lock(view, 'ACCESS EXCLUSIVE');
}

/** ALTER COLUMN TYPE: rows, indexes, checks and foreign keys that the column belongs to. */
export function predictType(context: ImpactContext, alter: AlterCommand): void {
  const { schema } = context;
  const { name = '', def } = alter.command;
  const definition = nodeOf(def, 'ColumnDef');
  if (!definition) return;
  const from = findRelation(schema, alter.table)?.columns.get(name)?.type;
  const change = readTypeChange(schema, from, { name, definition });
  for (const table of tablesOf(context, alter)) {
    const known = findRelation(schema, table);
    if (change.isRewritten) context.builder.rewrite(table);
    else if (known && needsReading(known, name, change.keepsOrder)) context.builder.scan(table);
    if (known) changeKeys(context, known, { name, to: readType(definition.typeName), change });
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

/** SET NOT NULL reads all rows, unless a valid check or key says it already. */
export function predictSetNotNull(context: ImpactContext, alter: AlterCommand): void {
  const { name = '' } = alter.command;
  for (const table of tablesOf(context, alter)) {
    if (!isProvenNotNull(context.schema, table, name)) context.builder.scan(table);
  }
}

/** SET EXPRESSION computes stored values anew. */
export function predictSetExpression(context: ImpactContext, alter: AlterCommand): void {
  const { name = '' } = alter.command;
  for (const table of tablesOf(context, alter)) {
    const known = findRelation(context.schema, table)?.columns.get(name);
    if (!known?.isVirtual) context.builder.rewrite(table);
    else if (known.isNotNull) context.builder.scan(table);
  }
}
