/** Reads CREATE statements that are lists of options: aggregates, operators, base types, text search, collations. */

import type { Node, ObjectType } from '@pgsql/types';
import { isBuiltinCollation, isBuiltinFunction } from '../../postgres/builtin-names.js';
import { type NodeOf, nodeOf, nodesOf } from '../../syntax/node-of.js';
import type { ObjectId, ObjectKind } from '../../syntax/object-id.js';
import { namePartsOf, partsOf, typeText } from '../../syntax/object-names.js';
import { contextOfDefinition, emitCreate, emitUse, type ReaderContext } from '../context.js';
import { parametersOf } from '../expressions/call-arguments.js';
import { isBuiltin, useType } from '../expressions/type-names.js';
import { resolveCreatedName, usedName } from '../resolve-names.js';
import { createType } from './create-type.js';

const definedKinds: Partial<Record<ObjectType, ObjectKind>> = {
  OBJECT_AGGREGATE: 'aggregate',
  OBJECT_OPERATOR: 'operator',
  OBJECT_COLLATION: 'collation',
  OBJECT_TSCONFIGURATION: 'text search configuration',
  OBJECT_TSDICTIONARY: 'text search dictionary',
  OBJECT_TSPARSER: 'text search parser',
  OBJECT_TSTEMPLATE: 'text search template',
};

/** One object that is made of options. */
export function readDefine(context: ReaderContext, statement: NodeOf<'DefineStmt'>): void {
  const { kind, defnames, definition, args, if_not_exists, replace } = statement;
  const parts = namePartsOf(defnames);
  const isConditional = if_not_exists || replace;
  const inner = isConditional ? { ...context, isConditional: true } : context;
  if (kind === 'OBJECT_TYPE') {
    // A shell is only a name; its array type comes with the definition.
    if (definition) readBaseType(contextOfDefinition(inner, createType(inner, parts)), definition);
    else emitCreate(inner, resolveCreatedName(context, 'type', parts));
    return;
  }
  const defined = kind && definedKinds[kind];
  if (!defined) return;
  const operands = defined === 'operator' ? { args: operandsOf(definition) } : argsOfDefinition(args);
  const object: ObjectId = { ...resolveCreatedName(context, defined, parts), ...operands };
  const inputs = nodesOf(nodesOf(args, 'List')[0]?.items, 'FunctionParameter');
  emitCreate(inner, object, defined === 'aggregate' ? { parameters: parametersOf(inputs) } : {});
  readBaseType(contextOfDefinition(inner, object), definition, defined);
  for (const { argType } of inputs) useType(contextOfDefinition(inner, object), argType);
}

function argsOfDefinition(args: readonly Node[] | undefined): { args?: string } {
  const list = nodesOf(args, 'List')[0];
  if (!list) return {};
  const types = nodesOf(list.items, 'FunctionParameter').map(({ argType }) => typeText(argType));
  return { args: `(${types.join(',')})` };
}

/** As `OPERATOR === (int4, int4)` names them. */
function operandsOf(options: readonly Node[] | undefined): string {
  const types = ['leftarg', 'rightarg'].map((name) => {
    const option = nodesOf(options, 'DefElem').find(({ defname }) => defname === name);
    return typeText(nodeOf(option?.arg, 'TypeName')) || '*';
  });
  return `(${types.join(',')})`;
}

/** Which kind of object each option names. */
const optionKinds: Readonly<Record<string, ObjectKind>> = {
  template: 'text search template',
  parser: 'text search parser',
  copy: 'text search configuration',
  from: 'collation',
  collation: 'collation',
  subtype: 'type',
  stype: 'type',
  mstype: 'type',
  leftarg: 'type',
  rightarg: 'type',
  element: 'type',
  basetype: 'type',
  subtype_opclass: 'operator class',
};

const operatorOptions: ReadonlySet<string> = new Set(['commutator', 'negator', 'sortop']);

/** Functions, types and others that options name; operators may name partners that do not exist yet. */
export function readBaseType(
  context: ReaderContext,
  options: readonly Node[] | undefined,
  of?: ObjectKind,
): void {
  for (const { defname = '', arg } of nodesOf(options, 'DefElem')) {
    const parts = partsOf(arg);
    if (!arg || parts.length === 0 || operatorOptions.has(defname)) continue;
    const kind = optionKinds[defname];
    if (kind === 'type' && 'TypeName' in arg) useType(context, arg.TypeName);
    else if (kind && kind !== 'type') useDefined(context, kind, parts);
    else if ('TypeName' in arg && namesFunction(defname, of)) useFunction(context, parts);
  }
}

function namesFunction(option: string, of: ObjectKind | undefined): boolean {
  const functions =
    of === undefined ||
    of === 'operator' ||
    of === 'aggregate' ||
    of === 'text search template' ||
    of === 'text search parser';
  return functions && !['like', 'category', 'alignment', 'storage', 'delimiter', 'parallel'].includes(option);
}

function useFunction(context: ReaderContext, parts: readonly string[]): void {
  if (isBuiltin(context, 'function', parts, isBuiltinFunction)) return;
  emitUse(context, usedName(context, 'function', parts));
}

function useDefined(context: ReaderContext, kind: ObjectKind, parts: readonly string[]): void {
  const isKnown = kind === 'collation' ? isBuiltinCollation : (name: string) => builtinNames.has(name);
  if (!isBuiltin(context, kind, parts, isKnown)) emitUse(context, usedName(context, kind, parts));
}

const builtinNames: ReadonlySet<string> = new Set([
  'simple',
  'default',
  'snowball',
  'synonym',
  'ispell',
  'thesaurus',
  'english',
]);
