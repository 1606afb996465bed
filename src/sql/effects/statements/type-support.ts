/** Reads what gives types their behaviour: casts, transforms, operator classes, conversions, access methods, text search. */

import type { ObjectWithArgs } from '@pgsql/types';
import { isBuiltinFunction, isBuiltinOperator } from '../../postgres/builtin-names.js';
import { type NodeOf, nodesOf } from '../../syntax/node-of.js';
import type { ObjectId, ObjectKind } from '../../syntax/object-id.js';
import { namePartsOf, typeText } from '../../syntax/object-names.js';
import { textOfNode } from '../../syntax/text-of-node.js';
import {
  contextOfDefinition,
  emit,
  emitCreate,
  emitOpaque,
  emitUse,
  type ReaderContext,
} from '../context.js';
import { defaultClass, everyProperty, type StatementSettings } from '../effect.js';
import { castObject, typeNameOf } from '../expressions/casts.js';
import { isBuiltin, useType } from '../expressions/type-names.js';
import { resolveCreatedName, usedName, usedWithArgs } from '../resolve-names.js';
import { attributeSettings, optionSettings } from './settings.js';

/** A cast may be applied anywhere without being named. */
export function readCreateCast(context: ReaderContext, statement: NodeOf<'CreateCastStmt'>): void {
  const { sourcetype, targettype, func } = statement;
  const object = castObject(context, sourcetype, targettype);
  emitCreate(context, object);
  const inner = contextOfDefinition(context, object);
  useType(inner, sourcetype);
  useType(inner, targettype);
  useFunction(inner, func);
  emitOpaque(context, 'a cast');
}

/** CREATE TRANSFORM. */
export function readCreateTransform(context: ReaderContext, statement: NodeOf<'CreateTransformStmt'>): void {
  const { type_name, lang = '', fromsql, tosql } = statement;
  const object: ObjectId = { kind: 'transform', name: `${typeText(type_name)} ${lang}` };
  emitCreate(context, object);
  const inner = contextOfDefinition(context, object);
  useType(inner, type_name);
  useFunction(inner, fromsql);
  useFunction(inner, tosql);
}

/** CREATE OPERATOR CLASS, with a family of its own name if none is given. */
export function readCreateOperatorClass(
  context: ReaderContext,
  statement: NodeOf<'CreateOpClassStmt'>,
): void {
  const { opclassname, opfamilyname, datatype, items, isDefault, amname } = statement;
  const object = resolveCreatedName(context, 'operator class', namePartsOf(opclassname));
  const sets = isDefault ? { [defaultClass]: `${amname}:${typeNameOf(context, datatype)}` } : undefined;
  emitCreate(context, object, sets ? { sets } : {});
  const inner = contextOfDefinition(context, object);
  useType(inner, datatype);
  const named = namePartsOf(opfamilyname);
  const own: ObjectId = { ...object, kind: 'operator family' };
  if (named.length === 0) emitCreate(context, own, { isImplicit: true });
  emitUse(inner, named.length === 0 ? own : usedName(context, 'operator family', named));
  readItems(inner, items);
}

function readItems(context: ReaderContext, items: NodeOf<'CreateOpClassStmt'>['items']): void {
  for (const { itemtype, name, storedtype, class_args } of nodesOf(items, 'CreateOpClassItem')) {
    useType(context, storedtype);
    for (const type of nodesOf(class_args, 'TypeName')) useType(context, type);
    // 1 is an operator, 2 a function, 3 the type that is stored (nodes/parsenodes.h).
    if (itemtype === 1) useNamed(context, 'operator', name, isBuiltinOperator);
    if (itemtype === 2) useFunction(context, name);
  }
}

/** CREATE and ALTER OPERATOR FAMILY. */
export function readOperatorFamily(
  action: 'create' | 'alter',
): (context: ReaderContext, statement: NodeOf<'AlterOpFamilyStmt'>) => void {
  return (context, { opfamilyname, items }) => {
    const parts = namePartsOf(opfamilyname);
    const object =
      action === 'create'
        ? resolveCreatedName(context, 'operator family', parts)
        : usedName(context, 'operator family', parts);
    emit(context, { action, object });
    readItems(contextOfDefinition(context, object), items);
  };
}

/** ALTER OPERATOR … SET. */
export function readAlterOperator(
  context: ReaderContext,
  { opername, options }: NodeOf<'AlterOperatorStmt'>,
): void {
  emit(context, {
    action: 'alter',
    object: usedWithArgs(context, 'operator', opername),
    sets: attributeSettings(options),
  });
}

/** CREATE CONVERSION. */
export function readCreateConversion(
  context: ReaderContext,
  statement: NodeOf<'CreateConversionStmt'>,
): void {
  emitCreate(context, resolveCreatedName(context, 'conversion', namePartsOf(statement.conversion_name)));
}

/** CREATE ACCESS METHOD. */
export function readCreateAccessMethod(
  context: ReaderContext,
  { amname = '' }: NodeOf<'CreateAmStmt'>,
): void {
  emitCreate(context, { kind: 'access method', name: amname });
}

/** ALTER TEXT SEARCH CONFIGURATION. */
export function readAlterConfiguration(
  context: ReaderContext,
  statement: NodeOf<'AlterTSConfigurationStmt'>,
): void {
  const object = usedName(context, 'text search configuration', namePartsOf(statement.cfgname));
  emit(context, { action: 'alter', object, sets: mappingSettings(statement) });
  for (const { items } of nodesOf(statement.dicts, 'List')) {
    emitUse(
      contextOfDefinition(context, object),
      usedName(context, 'text search dictionary', namePartsOf(items)),
    );
  }
}

/** The dictionaries of each token type; REPLACE without FOR concerns all of them. */
function mappingSettings({ tokentype, dicts, kind }: NodeOf<'AlterTSConfigurationStmt'>): StatementSettings {
  const value = textOfNode([dicts, kind === 'ALTER_TSCONFIG_DROP_MAPPING']);
  const tokens = namePartsOf(tokentype);
  return tokens.length === 0
    ? { [everyProperty]: value }
    : Object.fromEntries(tokens.map((token) => [`mapping ${token}`, value]));
}

/** ALTER TEXT SEARCH DICTIONARY. */
export function readAlterDictionary(
  context: ReaderContext,
  { dictname, options }: NodeOf<'AlterTSDictionaryStmt'>,
): void {
  emit(context, {
    action: 'alter',
    object: usedName(context, 'text search dictionary', namePartsOf(dictname)),
    sets: optionSettings(options),
  });
}

/** ALTER COLLATION … REFRESH VERSION. */
export function readAlterCollation(context: ReaderContext, { collname }: NodeOf<'AlterCollationStmt'>): void {
  emit(context, { action: 'alter', object: usedName(context, 'collation', namePartsOf(collname)) });
}

function useFunction(context: ReaderContext, func: ObjectWithArgs | undefined): void {
  useNamed(context, 'function', func, isBuiltinFunction);
}

function useNamed(
  context: ReaderContext,
  kind: ObjectKind,
  object: ObjectWithArgs | undefined,
  isKnown: (name: string) => boolean,
): void {
  const parts = namePartsOf(object?.objname);
  if (parts.length === 0 || isBuiltin(context, kind, parts, isKnown)) return;
  emitUse(context, usedName(context, kind, parts));
}
