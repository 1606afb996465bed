/** Reads types of all sorts: enums, composite types, ranges, base types and domains. */

import type { Node } from '@pgsql/types';
import { firstFree, makeObjectName } from '../../postgres/generated-names.js';
import { joinNames } from '../../syntax/identifiers.js';
import { type NodeOf, nodeOf, nodesOf } from '../../syntax/node-of.js';
import type { ObjectId } from '../../syntax/object-id.js';
import { namePartsOf, partOf, typeText } from '../../syntax/object-names.js';
import { textOfNode } from '../../syntax/text-of-node.js';
import type { Change } from '../change.js';
import {
  conditionally,
  contextOfDefinition,
  emit,
  emitCreate,
  emitUse,
  type ReaderContext,
} from '../context.js';
import type { StatementSettings } from '../effect.js';
import { castBetween } from '../expressions/casts.js';
import { readExpression } from '../expressions/expressions.js';
import { noScope } from '../expressions/scope.js';
import { useTypeAndCollation } from '../expressions/type-names.js';
import { createdRelation, usedName } from '../resolve-names.js';
import { createType } from './create-type.js';
import { readBaseType } from './definitions.js';
import { attributeSettings } from './settings.js';

/** CREATE TYPE … AS ENUM, with its values. */
export function readCreateEnum(context: ReaderContext, { typeName, vals }: NodeOf<'CreateEnumStmt'>): void {
  const type = createType(context, namePartsOf(typeName));
  for (const value of namePartsOf(vals)) emitCreate(context, partOf(type, 'enum value', value));
}

/** ALTER TYPE … ADD VALUE and RENAME VALUE. */
export function readAlterEnum(context: ReaderContext, statement: NodeOf<'AlterEnumStmt'>): void {
  const { typeName, oldVal, newVal, newValNeighbor, newValIsAfter, skipIfNewValExists } = statement;
  const type = usedName(context, 'type', namePartsOf(typeName));
  const value = partOf(type, 'enum value', newVal ?? '');
  if (oldVal !== undefined) {
    emit(context, {
      action: 'alter',
      object: partOf(type, 'enum value', oldVal),
      change: { kind: 'rename' },
      to: value,
    });
    return;
  }
  const anchor =
    newValNeighbor === undefined ? 'end' : `${newValIsAfter ? 'after' : 'before'} ${newValNeighbor}`;
  emitCreate(skipIfNewValExists ? conditionally(context) : context, value, { sets: { anchor } });
  if (newValNeighbor !== undefined) emitUse(context, partOf(type, 'enum value', newValNeighbor));
}

/** CREATE TYPE … AS (…). */
export function readCreateComposite(
  context: ReaderContext,
  { typevar, coldeflist }: NodeOf<'CompositeTypeStmt'>,
): void {
  const { schema = 'public', name } = createdRelation(context, 'type', typevar ?? {});
  const type = createType(context, [schema, name]);
  // A composite type is a relation, too: no table can have its name.
  emit(context, { action: 'create', object: { ...type, kind: 'relation' }, isImplicit: true });
  for (const column of nodesOf(coldeflist, 'ColumnDef')) {
    emit(context, {
      action: 'create',
      object: partOf(type, 'column', column.colname ?? ''),
      at: column.location,
    });
    useTypeAndCollation(contextOfDefinition(context, type), column);
  }
}

/** CREATE TYPE … AS RANGE, with the multirange and the constructors that come with it. */
export function readCreateRange(
  context: ReaderContext,
  { typeName, params }: NodeOf<'CreateRangeStmt'>,
): void {
  const type = createType(context, namePartsOf(typeName));
  const given = nodesOf(params, 'DefElem').find(({ defname }) => defname === 'multirange_type_name')?.arg;
  const name = given
    ? (namePartsOf(nodeOf(given, 'TypeName')?.names).at(-1) ?? '')
    : multirangeName(type.name);
  const multirange = createType(context, [type.schema ?? 'public', name], { isImplicit: true });
  for (const object of [type, multirange]) {
    emitCreate(context, { ...object, kind: 'function' }, { isImplicit: true });
  }
  const [from, to] = [type, multirange].map(({ schema, name }) => joinNames(schema, name)) as [
    string,
    string,
  ];
  emit(context, { action: 'create', object: castBetween(from, to), isImplicit: true });
  readBaseType(contextOfDefinition(context, type), params);
}

/** As makeMultirangeTypeName does it: `range` becomes `multirange`, or it is appended (commands/typecmds.c). */
function multirangeName(range: string): string {
  return range.includes('range') ? range.replace('range', 'multirange') : `${range}_multirange`;
}

/** CREATE DOMAIN, with its checks. */
export function readCreateDomain(context: ReaderContext, statement: NodeOf<'CreateDomainStmt'>): void {
  const { domainname, typeName, constraints } = statement;
  const domain: ObjectId = {
    ...createType(context, namePartsOf(domainname), { sets: { 'type name': typeText(typeName) } }),
    kind: 'domain',
  };
  useTypeAndCollation(contextOfDefinition(context, domain), statement);
  for (const constraint of nodesOf(constraints, 'Constraint'))
    readDomainConstraint(context, domain, constraint);
}

function readDomainConstraint(
  context: ReaderContext,
  domain: ObjectId,
  constraint: NodeOf<'Constraint'>,
): void {
  const { contype, conname, raw_expr, location } = constraint;
  if (contype === 'CONSTR_NOTNULL' && isKnownNotNull(context, domain)) return;
  if (contype === 'CONSTR_CHECK' || contype === 'CONSTR_NOTNULL') {
    const isCheck = contype === 'CONSTR_CHECK';
    const name = conname ?? freeName(context, domain, isCheck ? 'check' : 'not_null');
    context.state.generated.add(joinNames(domain.schema, name));
    emitCreate(context, partOf(domain, 'constraint', name), {
      at: location,
      constraint: isCheck ? 'check' : 'not null',
      ...(conname ? {} : { isGenerated: true }),
    });
  }
  readExpression(contextOfDefinition(context, domain), raw_expr, noScope);
}

/** A domain is NOT NULL once, however often it is said. */
function isKnownNotNull({ state }: ReaderContext, domain: ObjectId): boolean {
  const key = notNullKey(domain);
  const isKnown = state.generated.has(key);
  state.generated.add(key);
  return isKnown;
}

function notNullKey({ schema, name }: ObjectId): string {
  return `not null ${joinNames(schema, name)}`;
}

function freeName(context: ReaderContext, domain: ObjectId, label: string): string {
  return firstFree(
    (suffix) => makeObjectName(domain.name, undefined, label + suffix),
    (name) => context.state.generated.has(joinNames(domain.schema, name)),
  );
}

/** The letters of the grammar (AlterDomainStmt in gram.y). */
function domainChange(subtype: string, def: Node | undefined): Change {
  if (subtype === 'T') return { kind: 'default', isOn: def !== undefined };
  if (subtype === 'N' || subtype === 'O') return { kind: 'not null', isOn: subtype === 'O' };
  return subtype === 'V' ? { kind: 'validation' } : { kind: 'domain constraint', isOn: subtype === 'C' };
}

/** ALTER DOMAIN, except for its name, schema and owner. */
export function readAlterDomain(context: ReaderContext, statement: NodeOf<'AlterDomainStmt'>): void {
  const { subtype = '', typeName, name, def, behavior } = statement;
  const domain = usedName(context, 'domain', namePartsOf(typeName));
  const change = domainChange(subtype, def);
  const isUnchecked = nodeOf(def, 'Constraint')?.skip_validation === true;
  emit(context, {
    ...{ action: 'alter', object: domain, change, sets: domainSettings(subtype, name, def) },
    ...(isUnchecked ? { isUnchecked } : {}),
  });
  if (subtype === 'O') {
    readDomainConstraint(context, domain, { contype: 'CONSTR_NOTNULL' });
  } else if (subtype === 'N') {
    const constraint = partOf(domain, 'constraint', makeObjectName(domain.name, undefined, 'not_null'));
    context.state.generated.delete(notNullKey(domain));
    emit(context, { action: 'drop', object: constraint, isImplicit: true, isConditional: true });
  } else if (name !== undefined) {
    const action = subtype === 'X' ? 'drop' : 'alter';
    const isCascade = behavior === 'DROP_CASCADE';
    emit(context, {
      action,
      object: partOf(domain, 'constraint', name),
      change,
      ...(isCascade ? { isCascade } : {}),
    });
  }
  readDomainPart(context, domain, def);
}

/** Constraints are objects of their own. */
function domainSettings(subtype: string, name: string | undefined, def: Node | undefined): StatementSettings {
  if (subtype === 'T') return { default: textOfNode(def) };
  if (subtype === 'N' || subtype === 'O') return { null: subtype === 'O' ? 'forbidden' : 'allowed' };
  return subtype === 'V' ? { [`validated ${name}`]: 'yes' } : {};
}

function readDomainPart(context: ReaderContext, domain: ObjectId, def: Node | undefined): void {
  const constraint = nodeOf(def, 'Constraint');
  if (constraint) readDomainConstraint(context, domain, constraint);
  else readExpression(contextOfDefinition(context, domain), def, noScope);
}

/** ALTER TYPE … SET (…) of base types. */
export function readAlterType(context: ReaderContext, { typeName, options }: NodeOf<'AlterTypeStmt'>): void {
  emit(context, {
    action: 'alter',
    object: usedName(context, 'type', namePartsOf(typeName)),
    change: { kind: 'options' },
    sets: attributeSettings(options),
  });
}
