/** Reads constraints of tables, with the names and indexes that PostgreSQL makes for them. */

import type { Constraint } from '@pgsql/types';
import { present } from '../../../present.js';
import {
  chooseName,
  constraintColumns,
  constraintLabels,
  constraintNameParts,
} from '../../postgres/chosen-names.js';
import { joinNames } from '../../syntax/identifiers.js';
import { nodesOf } from '../../syntax/node-of.js';
import type { ObjectId } from '../../syntax/object-id.js';
import { namePartsOf, partOf } from '../../syntax/object-names.js';
import { findMadeKey } from '../../syntax/repeated-keys.js';
import { textOfNode } from '../../syntax/text-of-node.js';
import type { ConstraintType } from '../change.js';
import { contextOfDefinition, emit, emitCreate, emitUse, type ReaderContext } from '../context.js';
import type { DefinitionParts, Effect } from '../effect.js';
import { readExpression, useOperator } from '../expressions/expressions.js';
import { readIndexElements } from '../expressions/index-elements.js';
import { scopeOf } from '../expressions/scope.js';
import { simpleChecks } from '../expressions/simple-checks.js';
import { usedRelation } from '../resolve-names.js';
import type { ColumnOwner } from './column-owner.js';
import { indexText } from './indexes.js';

/** The constraints of the grammar that are some. */
const kinds: Readonly<Record<string, { type: ConstraintType; hasIndex?: boolean }>> = {
  CONSTR_PRIMARY: { type: 'primary key', hasIndex: true },
  CONSTR_UNIQUE: { type: 'unique', hasIndex: true },
  CONSTR_EXCLUSION: { type: 'exclude', hasIndex: true },
  CONSTR_FOREIGN: { type: 'foreign key' },
  CONSTR_CHECK: { type: 'check' },
  CONSTR_NOTNULL: { type: 'not null' },
};

/** The constraints to which foreign keys can refer. */
const keyKinds: Partial<Record<ConstraintType, string>> = { 'primary key': 'primary', unique: 'unique' };

/** A constraint in a column definition. */
export function readColumnConstraint(
  context: ReaderContext,
  owner: ColumnOwner,
  column: ObjectId,
  constraint: Constraint,
): void {
  const own = [{ String: { sval: column.name } }];
  const isForeign = constraint.contype === 'CONSTR_FOREIGN';
  readConstraintEffects(
    context,
    owner,
    isForeign ? { ...constraint, fk_attrs: own } : { ...constraint, keys: own },
  );
}

/** A constraint of a table, new or not. */
export function readConstraintEffects(
  context: ReaderContext,
  owner: ColumnOwner,
  constraint: Constraint,
): void {
  const { contype = '' } = constraint;
  const kind = kinds[contype];
  if (!kind) return;
  const { table, hasRows } = owner;
  const columns = constraintColumns(constraint);
  if (isRepeated(context, owner, constraint)) return;
  const given = givenName(owner, constraint, columns);
  const name = given ?? generatedName(context, table, constraint, constraintLabels[contype] ?? '');
  context.state.generated.add(joinNames(table.schema, name));
  const object = partOf(table, 'constraint', name);
  const isGenerated = given === undefined;
  const key = keyKinds[kind.type];
  emitCreate(context, object, {
    at: constraint.location,
    constraint: kind.type,
    ...(key ? { sets: { key } } : {}),
    ...foreignKeyParts(constraint),
    columns,
    ...checksOf(constraint),
    ...(contype === 'CONSTR_NOTNULL' ? { parts: { isNotNull: true } } : {}),
    ...(isGenerated ? { isGenerated } : {}),
    ...(isPartOfColumn(owner, constraint) ? { isImplicit: true } : {}),
    ...(owner.isConditional ? { isConditional: true } : {}),
    ...reachOf(owner, constraint),
  });
  const inner = contextOfDefinition(context, object);
  for (const column of columns) useConstrained(inner, partOf(table, 'column', column), constraint);
  if (kind.hasIndex) readIndexPart(inner, table, constraint, name);
  for (const column of columns) readKeyColumn(context, inner, { owner, constraint, column });
  readExpression(inner, constraint.raw_expr, scopeOf(table));
  if (constraint.contype === 'CONSTR_FOREIGN') readForeignKey(inner, constraint);
  if (hasRows && !constraint.skip_validation && !isPartOfColumn(owner, constraint))
    validate(context, table, constraint);
}

function useConstrained(context: ReaderContext, object: ObjectId, constraint: Constraint): void {
  const method = needsDefaultClass(constraint) ? { method: 'btree' } : {};
  emit(context, { action: 'use', object, at: constraint.location, ...method });
}

/** A key whose index PostgreSQL builds. */
function needsDefaultClass({ contype, indexname, without_overlaps: isTemporal }: Constraint): boolean {
  return (
    (contype === 'CONSTR_PRIMARY' || contype === 'CONSTR_UNIQUE') && indexname === undefined && !isTemporal
  );
}

function checksOf({ contype, raw_expr }: Constraint): Pick<Effect, 'checks' | 'sets'> {
  if (contype !== 'CONSTR_CHECK') return {};
  const checks = simpleChecks(raw_expr);
  return { sets: { check: textOfNode(raw_expr) }, ...(checks ? { checks } : {}) };
}

/** Which tables and rows it is for: NO INHERIT leaves out children, and NOT VALID the rows that exist. */
function reachOf(
  { hasRows, isConditional }: ColumnOwner,
  { is_no_inherit, skip_validation }: Constraint,
): Pick<Effect, 'isOnly' | 'isUnchecked'> {
  // Columns of a primary key are checked for NULL with the key.
  const isUnchecked = hasRows && skip_validation === true && !isConditional;
  return { ...(is_no_inherit ? { isOnly: true } : {}), ...(isUnchecked ? { isUnchecked } : {}) };
}

/** NOT NULL of a new column with a default is nothing that rows could break. */
function isPartOfColumn({ isFilled }: ColumnOwner, { contype }: Constraint): boolean {
  return isFilled === true && contype === 'CONSTR_NOTNULL';
}

function givenName(
  owner: ColumnOwner,
  constraint: Constraint,
  columns: readonly string[],
): string | undefined {
  const shared = owner.keys && findMadeKey(owner.keys, constraint, columns).name;
  const isNotNull = constraint.contype === 'CONSTR_NOTNULL';
  const said = isNotNull ? owner.notNullNames?.get(columns.join()) : undefined;
  return constraint.conname ?? said ?? shared ?? constraint.indexname;
}

function readKeyColumn(
  context: ReaderContext,
  inner: ReaderContext,
  { owner, constraint, column }: { owner: ColumnOwner; constraint: Constraint; column: string },
): void {
  if (constraint.contype === 'CONSTR_PRIMARY') makeNotNull(context, owner, column);
  if (constraint.contype !== 'CONSTR_NOTNULL' || isPartOfColumn(owner, constraint)) return;
  emit(inner, {
    action: 'alter',
    object: partOf(owner.table, 'column', column),
    change: {
      kind: 'not null',
      isOn: true,
      ...present({ name: constraint.conname, isForKey: owner.isForKey }),
    },
    sets: { null: 'forbidden' },
    ...(constraint.skip_validation && !owner.isForKey ? { isUnchecked: true } : {}),
  });
}

/** Taken are the names that the text has given or generated in the schema. */
function generatedName(
  context: ReaderContext,
  table: ObjectId,
  constraint: Constraint,
  label: string,
): string {
  const { generated } = context.state;
  return chooseName({ table: table.name, columns: constraintNameParts(constraint), label }, (name) =>
    generated.has(joinNames(table.schema, name)),
  );
}

function readIndexPart(context: ReaderContext, table: ObjectId, constraint: Constraint, name: string): void {
  const { indexname, including, exclusions, where_clause } = constraint;
  const index: ObjectId = { ...table, kind: 'index', name: indexname ?? name };
  if (indexname === undefined) {
    const isGenerated = constraint.conname === undefined;
    emitCreate(context, index, {
      isImplicit: true,
      beside: table,
      constraint: 'unique',
      parts: { keyColumns: constraintColumns(constraint), ...equalIndex(constraint) },
      ...(isGenerated ? { isGenerated } : {}),
    });
  } else {
    if (constraint.contype === 'CONSTR_PRIMARY') emitUse(context, index, undefined, 'key index');
    // USING INDEX takes the index over and gives it the constraint's name.
    emit(context, {
      action: 'alter',
      object: index,
      change: { kind: 'rename' },
      to: { ...index, name: constraint.conname ?? indexname },
    });
  }
  for (const column of namePartsOf(including)) emitUse(context, partOf(table, 'column', column));
  for (const { items = [] } of nodesOf(exclusions, 'List')) {
    readIndexElements(context, table, items.slice(0, 1), constraint.access_method);
    const operator = items[1];
    if (operator && 'List' in operator) useOperator(context, namePartsOf(operator.List.items));
  }
  readExpression(context, where_clause, scopeOf(table));
}

/** The index of a unique constraint is what CREATE UNIQUE INDEX makes; that of a primary key is another one. */
function equalIndex({
  contype,
  keys,
  including,
  nulls_not_distinct = false,
}: Constraint): Pick<DefinitionParts, 'equal'> {
  if (contype !== 'CONSTR_UNIQUE' && contype !== 'CONSTR_PRIMARY') return {};
  const elementsOf = (names: readonly string[]) => names.map((name) => ({ IndexElem: { name } }));
  const indexParams = elementsOf(namePartsOf(keys));
  const indexIncludingParams = elementsOf(namePartsOf(including));
  const text = indexText({ indexParams, indexIncludingParams, unique: true, nulls_not_distinct });
  return { equal: contype === 'CONSTR_PRIMARY' ? `primary ${text}` : text };
}

/** All of a foreign key but its name and table. */
function foreignKeyParts(constraint: Constraint): Pick<Effect, 'parts' | 'sets'> {
  if (constraint.contype !== 'CONSTR_FOREIGN') return {};
  const { conname: _, skip_validation: __, initially_valid: ___, ...rest } = constraint;
  const refers = constraint.pk_attrs === undefined ? 'primary key' : 'columns';
  return { parts: { equal: textOfNode(rest) }, sets: { refers } };
}

/** A column is NOT NULL once, however often it is said; and of keys with the same columns only one is made. */
function isRepeated(
  { state }: ReaderContext,
  { table, keys: others }: ColumnOwner,
  constraint: Constraint,
): boolean {
  const { contype, keys } = constraint;
  if (others && !findMadeKey(others, constraint, namePartsOf(keys)).isMade) return true;
  if (contype !== 'CONSTR_NOTNULL') return false;
  const key = `not null ${joinNames(table.schema, table.name, ...namePartsOf(keys))}`;
  const isKnown = state.generated.has(key);
  state.generated.add(key);
  return isKnown;
}

/** A primary key makes its columns NOT NULL, which is a constraint of its own since PostgreSQL 18. */
function makeNotNull(context: ReaderContext, owner: ColumnOwner, column: string): void {
  // It may be one already, unless the table is new.
  const inner = { ...owner, isForKey: true, ...(owner.hasRows ? { isConditional: true } : {}) };
  readColumnConstraint(context, inner, partOf(owner.table, 'column', column), {
    contype: 'CONSTR_NOTNULL',
    skip_validation: true,
  });
}

function readForeignKey(context: ReaderContext, constraint: Constraint): void {
  const target = usedRelation(context, constraint.pktable, 'table');
  const at = constraint.pktable?.location;
  emitUse(context, target, at);
  const columns = namePartsOf(constraint.pk_attrs);
  const named = columns.length > 0 ? { columns } : {};
  emit(context, { action: 'use', object: target, at, usage: 'keys', ...named });
  for (const column of columns) emitUse(context, partOf(target, 'column', column), at);
  // Changing the rows of one table looks at those of the other, or changes them.
  emit(context, {
    action: 'alter',
    object: target,
    at,
    change: { kind: 'reference', isCascading: /[cnd]/.test(constraint.fk_del_action ?? '') },
    ...named,
  });
}

/** Rows that exist are checked. */
function validate(
  context: ReaderContext,
  table: ObjectId,
  { contype, pktable, raw_expr, location }: Constraint,
): void {
  emit(context, { action: 'read', object: table, at: location, rowAccess: 'validation' });
  if (contype === 'CONSTR_FOREIGN')
    emit(context, {
      action: 'read',
      object: usedRelation(context, pktable, 'table'),
      at: location,
      constraint: 'foreign key',
    });
  readExpression(context, raw_expr, scopeOf(table));
}
