/** Reads the definition of a column, with the sequence that serial and identity bring along. */

import type { ColumnDef, Constraint, Node } from '@pgsql/types';
import { firstFree, makeObjectName } from '../../postgres/generated-names.js';
import { isSerialType } from '../../postgres/serial-types.js';
import { joinNames } from '../../syntax/identifiers.js';
import { literalOf, nodeOf, nodesOf, withoutCasts } from '../../syntax/node-of.js';
import type { ObjectId } from '../../syntax/object-id.js';
import { namePartsOf, partOf, typeText } from '../../syntax/object-names.js';
import { textOfNode } from '../../syntax/text-of-node.js';
import { contextOfDefinition, emit, emitCreate, emitUse, type ReaderContext } from '../context.js';
import type { Effect, StatementSettings } from '../effect.js';
import { useAssignment } from '../expressions/casts.js';
import { readExpression } from '../expressions/expressions.js';
import { noScope, scopeOf } from '../expressions/scope.js';
import { useTypeAndCollation } from '../expressions/type-names.js';
import { resolveCreatedName, usedName } from '../resolve-names.js';
import type { ColumnOwner } from './column-owner.js';
import { readColumnConstraint } from './constraints.js';

/** A column that a statement adds or creates. */
export function readColumnDef(context: ReaderContext, owner: ColumnOwner, definition: ColumnDef): void {
  const { table, isConditional } = owner;
  const column = partOf(table, 'column', definition.colname ?? '');
  const constraints = nodesOf(definition.constraints, 'Constraint');
  emitCreate(context, column, {
    at: definition.location,
    ...(isConditional ? { isConditional } : {}),
    ...(owner.isCascade ? { isCascade: true } : {}),
    sets: columnSettings(definition, constraints),
    ...defaultOf(constraints),
    ...(owner.hasRows ? fillingOf(definition, constraints) : {}),
  });
  const inner = contextOfDefinition(context, column);
  useTypeAndCollation(inner, definition);
  if (owner.hasRows && !isFilled(definition, constraints))
    emitUse(context, column, undefined, 'added column');
  if (isSerialType(definition.typeName)) ownSequence(context, column);
  if (definition.raw_default) readOwnDefault(context, owner, column, definition.raw_default);
  const filled: ColumnOwner = { ...owner, isFilled: owner.hasRows && !isRequired(definition, constraints) };
  for (const constraint of constraints) readPart(context, filled, column, constraint);
  if (isSerialType(definition.typeName)) {
    readColumnConstraint(context, filled, column, { contype: 'CONSTR_NOTNULL' });
  }
}

function defaultOf(constraints: readonly Constraint[]): Pick<Effect, 'parts'> {
  const found = constraints.find(({ contype }) => contype === 'CONSTR_DEFAULT');
  const defaultValue = literalOf(found?.raw_expr);
  return defaultValue === undefined ? {} : { parts: { defaultValue } };
}

/** The effects of a new column itself. */
function columnSettings(definition: ColumnDef, constraints: readonly Constraint[]): StatementSettings {
  const has = (...kinds: string[]) => constraints.some(({ contype = '' }) => kinds.includes(contype));
  const isNumbered = isSerialType(definition.typeName);
  const hasDefault = isNumbered || has('CONSTR_DEFAULT', 'CONSTR_GENERATED') || definition.raw_default;
  const isForbidden = isNumbered || has('CONSTR_NOTNULL', 'CONSTR_PRIMARY', 'CONSTR_IDENTITY');
  return {
    'type name': typeText(definition.typeName),
    'whole type': wholeType(definition),
    ...(hasDefault ? { default: 'given' } : {}),
    ...(has('CONSTR_IDENTITY') ? { identity: identityOf(constraints) } : {}),
    ...(has('CONSTR_GENERATED') ? { expression: 'given' } : {}),
    ...(isForbidden ? { null: 'forbidden' } : {}),
  };
}

/** The type with its length and collation. */
export function wholeType({ typeName, collClause }: ColumnDef): string {
  return textOfNode([typeText(typeName), typeName?.typmods, typeName?.arrayBounds, collClause]);
}

/** In the words of ADD GENERATED. */
function identityOf(constraints: readonly Constraint[]): string {
  const found = constraints.find(({ contype }) => contype === 'CONSTR_IDENTITY');
  return `added ${found?.generated_when}`;
}

/** The source of its values for existing rows, as far as it matters. */
function fillingOf(definition: ColumnDef, constraints: readonly Constraint[]): Pick<Effect, 'filling'> {
  if (isRequired(definition, constraints)) return { filling: 'required' };
  const isIdentity = constraints.some(({ contype }) => contype === 'CONSTR_IDENTITY');
  const isDrawn = constraints.some(
    ({ contype, raw_expr }) => contype === 'CONSTR_DEFAULT' && drawsNumber(raw_expr),
  );
  return isIdentity || isDrawn || isSerialType(definition.typeName) ? { filling: 'numbered' } : {};
}

/** Whether it is `nextval`, or a call or cast of it. */
function drawsNumber(value: Node | undefined): boolean {
  const pending = [value];
  while (pending.length > 0) {
    const call = nodeOf(withoutCasts(pending.pop()), 'FuncCall');
    if (namePartsOf(call?.funcname).at(-1) === 'nextval') return true;
    for (const argument of call?.args ?? []) pending.push(argument);
  }
  return false;
}

/** Rows that exist could have no value for it. */
function isRequired(definition: ColumnDef, constraints: readonly Constraint[]): boolean {
  const isForbidden = constraints.some(
    ({ contype }) => contype === 'CONSTR_NOTNULL' || contype === 'CONSTR_PRIMARY',
  );
  return isForbidden && !isFilled(definition, constraints);
}

/** Whether it says itself what rows get in it. */
function isFilled({ typeName, raw_default }: ColumnDef, constraints: readonly Constraint[]): boolean {
  const isGiven = constraints.some(({ contype = '' }) => fillings.has(contype));
  return isGiven || raw_default !== undefined || isSerialType(typeName);
}

const fillings: ReadonlySet<string> = new Set(['CONSTR_DEFAULT', 'CONSTR_IDENTITY', 'CONSTR_GENERATED']);

function readPart(
  context: ReaderContext,
  owner: ColumnOwner,
  column: ObjectId,
  constraint: Constraint,
): void {
  const { contype, raw_expr, options } = constraint;
  if (contype === 'CONSTR_DEFAULT' && raw_expr) {
    readOwnDefault(context, owner, column, raw_expr);
  } else if (contype === 'CONSTR_GENERATED') {
    const inner = contextOfDefinition(context, column);
    readExpression(inner, raw_expr, scopeOf(owner.table));
    if (owner.hasRows) readExpression(context, raw_expr, scopeOf(owner.table));
  } else if (contype === 'CONSTR_IDENTITY') {
    ownSequence(context, column, options);
    readColumnConstraint(context, owner, column, { contype: 'CONSTR_NOTNULL' });
  } else {
    readColumnConstraint(context, owner, column, constraint);
  }
}

/** Of a new column: rows that exist get the default at once. */
function readOwnDefault(context: ReaderContext, owner: ColumnOwner, column: ObjectId, value: Node): void {
  readDefault(context, column, value);
  if (owner.hasRows) readExpression(context, value, noScope);
}

/** The default of rows that are inserted later. */
export function readDefault(context: ReaderContext, column: ObjectId, value: Node): void {
  const literal = literalOf(value);
  if (literal !== undefined) emit(context, { action: 'use', object: column, literals: [literal] });
  useAssignment(context, column, value, noScope);
  const values = nodeOf(value, 'RowExpr')?.args?.length;
  if (values !== undefined)
    emit(context, { action: 'use', object: column, usage: 'row', counts: { values, columns: 0 } });
  readExpression(contextOfDefinition(context, column), value, noScope);
}

/** The sequence of a serial or identity column, called `table_column_seq` unless SEQUENCE NAME says otherwise. */
export function ownSequence(context: ReaderContext, column: ObjectId, options?: readonly Node[]): void {
  if (column.schema === 'pg_temp') return;
  const { generated } = context.state;
  const named = nodesOf(options, 'DefElem').find(({ defname }) => defname === 'sequence_name')?.arg;
  const parts = named && 'List' in named ? namePartsOf(named.List.items) : undefined;
  const schema = column.schema ?? 'public';
  const name = (label: string) => makeObjectName(column.parent ?? '', column.name, label);
  const sequence: ObjectId = parts
    ? resolveCreatedName(context, 'sequence', parts)
    : {
        kind: 'sequence',
        schema,
        name: firstFree(
          (suffix) => name(`seq${suffix}`),
          (candidate) => generated.has(joinNames(schema, candidate)),
        ),
      };
  generated.add(joinNames(sequence.schema, sequence.name));
  const inner = { ...context, by: sequence };
  emitCreate(inner, sequence, { isImplicit: true, isGenerated: !parts });
  emit(inner, { action: 'use', object: column, usage: 'owner', isImplicit: true });
  emitUse(contextOfDefinition(context, column), sequence);
  emit({ ...context, by: column, when: 'later' }, { action: 'update', object: sequence });
}

/** The column that OWNED BY names, as its parts; undefined for NONE. */
export function ownerColumn(context: ReaderContext, parts: readonly string[]): ObjectId | undefined {
  if (parts.length < 2) return undefined;
  const table = usedName(context, 'relation', parts.slice(0, -1));
  return partOf(table, 'column', parts.at(-1) ?? '');
}
