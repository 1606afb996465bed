/** Reads functions and procedures: what their signatures need now, and what their bodies need when they are called. */

import type { FunctionParameter, Node, TypeName } from '@pgsql/types';
import { isBuiltinLanguage, isBuiltinType } from '../../postgres/builtin-names.js';
import { joinNames } from '../../syntax/identifiers.js';
import { literalOf, type NodeOf, nodeOf, nodesOf } from '../../syntax/node-of.js';
import type { ObjectId } from '../../syntax/object-id.js';
import { namePartsOf, typeText } from '../../syntax/object-names.js';
import { tryParse } from '../../syntax/parse.js';
import { indexBytes } from '../../syntax/text-places.js';
import {
  type Constant,
  contextOfBody,
  contextOfDefinition,
  emit,
  emitCreate,
  emitOpaque,
  emitUse,
  type ReaderContext,
  withoutTraces,
} from '../context.js';
import type { Effect } from '../effect.js';
import { parametersOf } from '../expressions/call-arguments.js';
import { readExpression, readLiteralCast } from '../expressions/expressions.js';
import { shapeOfQuery } from '../expressions/query-shape.js';
import { noScope } from '../expressions/scope.js';
import { isBuiltin, useType } from '../expressions/type-names.js';
import { resolveCreatedName, usedName, usedWithArgs } from '../resolve-names.js';
import { pathOfSet } from '../search-path.js';
import { attributeSettings } from '../statements/settings.js';
import { isTriggerFunction, triggerRows } from '../trigger-row.js';
import type { BodyText } from './body-walk.js';
import { readBody } from './procedural.js';

type CreateFunction = NodeOf<'CreateFunctionStmt'>;

/** CREATE FUNCTION and CREATE PROCEDURE. */
export function readCreateFunction(context: ReaderContext, statement: CreateFunction): void {
  const parameters = nodesOf(statement.parameters, 'FunctionParameter');
  const object: ObjectId = {
    ...resolveCreatedName(context, 'function', namePartsOf(statement.funcname)),
    args: argsText(parameters),
  };
  emitCreate(context, object, {
    ...(statement.replace ? { isConditional: true, sets: attributeSettings(statement.options) } : {}),
    ...(statement.is_procedure ? { isProcedure: true } : {}),
    parameters: parametersOf(inputsOf(parameters)),
    ...resultOf(context, statement.returnType),
  });
  const inner = contextOfDefinition(context, object);
  readSignature({ ...inner, isAtomic: true }, parameters, statement.returnType);
  withPath(context, statement.options, () => readDefinition(context, object, statement));
}

/** The type whose columns are those of the result. */
function resultOf(context: ReaderContext, returnType: TypeName | undefined): Pick<Effect, 'parts'> {
  const rowType = rowTypeOf(context, returnType);
  return rowType ? { parts: { rowType } } : {};
}

function rowTypeOf(context: ReaderContext, type: TypeName | undefined): ObjectId | undefined {
  const parts = namePartsOf(type?.names);
  const isOther = parts.length === 0 || type?.pct_type || (type?.arrayBounds ?? []).length > 0;
  if (isOther || isBuiltin(context, 'type', parts, isBuiltinType)) return undefined;
  return usedName(context, 'type', parts);
}

function argsText(parameters: readonly FunctionParameter[]): string {
  return `(${inputsOf(parameters)
    .map(({ argType }) => typeText(argType))
    .join(',')})`;
}

function inputsOf(parameters: readonly FunctionParameter[]): readonly FunctionParameter[] {
  return parameters.filter(({ mode }) => mode !== 'FUNC_PARAM_OUT' && mode !== 'FUNC_PARAM_TABLE');
}

function readSignature(
  context: ReaderContext,
  parameters: readonly FunctionParameter[],
  returnType: TypeName | undefined,
): void {
  useType(context, returnType);
  for (const { argType, defexpr } of parameters) {
    useType(context, argType);
    readExpression(context, defexpr, noScope);
    const literal = literalOf(defexpr);
    if (literal !== undefined) readLiteralCast(context, literal, namePartsOf(argType?.names));
  }
}

/** SET search_path of the function itself holds for its body. */
function withPath(context: ReaderContext, options: readonly Node[] | undefined, read: () => void): void {
  const { state } = context;
  const before = state.path;
  for (const { arg } of nodesOf(options, 'DefElem')) {
    const setting = nodeOf(arg, 'VariableSetStmt');
    state.path = (setting && pathOfSet(setting)) ?? state.path;
  }
  read();
  state.path = before;
}

function readDefinition(context: ReaderContext, object: ObjectId, statement: CreateFunction): void {
  const { options, sql_body } = statement;
  const parameters = nodesOf(statement.parameters, 'FunctionParameter');
  const variables = new Map<string, Constant>(parameters.map(({ name }) => [name ?? '', undefined]));
  const rowTypes = new Map(
    parameters.flatMap(({ name, argType }) => {
      const type = rowTypeOf(context, argType);
      return name && type ? [[name, type] as const] : [];
    }),
  );
  const named: ReaderContext = { ...context, variables, rowTypes };
  if (sql_body) {
    const inner: ReaderContext = { ...contextOfDefinition(named, object), isAtomic: true };
    readAtomicBody(inner, sql_body);
    useResult(inner, statement, statementsOf(sql_body).at(-1));
    rememberFunction(context, object, statement, (caller) =>
      readAtomicBody({ ...caller, variables, rowTypes }, sql_body),
    );
    return;
  }
  const language = languageOf(options, 'sql');
  const text = bodyOf(options);
  if (text === undefined || language === 'internal' || language === 'c') return;
  if (language === 'sql') readSqlBody(named, object, { text, statement });
  else if (language === 'plpgsql') readPlpgsql(context, object, { text, statement });
  else readOther(context, object, language);
}

/** RETURN holds an expression, and BEGIN ATOMIC a list of lists of statements. */
function readAtomicBody(context: ReaderContext, body: Node): void {
  readExpression(context, body, noScope);
  for (const node of statementsOf(body)) context.state.readStatement(context, node);
}

function statementsOf(body: Node): Node[] {
  return nodesOf('List' in body ? body.List.items : [], 'List').flatMap(({ items = [] }) => items);
}

/** The last query must give as many values as the type of the result has columns; one value may be a whole row. */
function useResult(context: ReaderContext, { returnType }: CreateFunction, last: Node | undefined): void {
  const type = rowTypeOf(context, returnType);
  const shape = shapeOfQuery(context, nodeOf(last, 'SelectStmt'), noScope);
  if (!type || !shape || shape.stars.length > 0 || shape.values < 2) return;
  emit(context, { action: 'use', object: type, usage: 'row', counts: { values: shape.values, columns: 0 } });
}

function languageOf(options: readonly Node[] | undefined, otherwise: string): string {
  const option = nodesOf(options, 'DefElem').find(({ defname }) => defname === 'language');
  return nodeOf(option?.arg, 'String')?.sval?.toLowerCase() ?? otherwise;
}

function bodyOf(options: readonly Node[] | undefined): string | undefined {
  const option = nodesOf(options, 'DefElem').find(({ defname }) => defname === 'as');
  return option && namePartsOf(nodeOf(option.arg, 'List')?.items ?? (option.arg ? [option.arg] : []))[0];
}

/** Checked when it is created, unless check_function_bodies is off; PostgreSQL keeps no record of what it needs. */
function readSqlBody(context: ReaderContext, object: ObjectId, body: Body): void {
  const { state } = context;
  const statements = tryParse(state.parser, body.text);
  if (!statements) {
    emitOpaque(contextOfBody(context, object), 'a body that Kat cannot read');
    return;
  }
  const offset = offsetOf(context, body.text);
  const indexOf = indexBytes(body.text);
  const placed: ReaderContext =
    offset === undefined
      ? context
      : {
          ...context,
          placeOf: (location) => state.placeAt(offset + indexOf(location ?? statements[0]?.start ?? 0)),
        };
  withoutTraces(state, () => {
    for (const { kind, node } of statements) {
      // Only queries are looked at when the function is created.
      const isChecked = state.checksBodies && queryKinds.has(kind);
      context.state.readStatement(
        isChecked ? contextOfDefinition(placed, object) : contextOfBody(placed, object),
        node,
      );
    }
    if (state.checksBodies)
      useResult(contextOfDefinition(placed, object), body.statement, statements.at(-1)?.node);
  });
  rememberFunction(context, object, body.statement, (caller) => {
    for (const { node } of statements)
      caller.state.readStatement({ ...caller, variables: context.variables }, node);
  });
}

const queryKinds: ReadonlySet<string> = new Set([
  'SelectStmt',
  'InsertStmt',
  'UpdateStmt',
  'DeleteStmt',
  'MergeStmt',
]);

/** The text of a function's body, and the statement around it. */
interface Body {
  text: string;
  statement: CreateFunction;
}

function readPlpgsql(context: ReaderContext, object: ObjectId, { text, statement }: Body): void {
  const { parameters, returnType, is_procedure } = statement;
  const list = nodesOf(parameters, 'FunctionParameter');
  const body: BodyText = {
    text,
    offset: offsetOf(context, text),
    signature: { parameters: list, returnType, isProcedure: is_procedure === true },
  };
  const rows = isTriggerFunction(statement) ? { rowTypes: triggerRows } : {};
  withoutTraces(context.state, () =>
    readBody({ ...contextOfBody(context, object), ...rows }, body, new Map()),
  );
  rememberFunction(context, object, statement, (caller, values) =>
    readBody({ ...caller, variables: new Map() }, body, values),
  );
}

/** Calls in the same text are followed: under the search path of the caller, who keeps what it becomes, unless the function has its own. */
function rememberFunction(
  { state }: ReaderContext,
  object: ObjectId,
  statement: CreateFunction,
  run: (caller: ReaderContext, values: ReadonlyMap<string, Constant>) => void,
): void {
  const own = setsPath(statement.options) ? state.path : undefined;
  state.functions.set(joinNames(object.schema, object.name), {
    parameters: inputsOf(nodesOf(statement.parameters, 'FunctionParameter')).map(({ name }) => name ?? ''),
    run: (caller, values) => {
      const before = caller.state.path;
      if (own) caller.state.path = own;
      run(caller, values);
      if (own) caller.state.path = before;
    },
  });
}

function setsPath(options: readonly Node[] | undefined): boolean {
  return nodesOf(options, 'DefElem').some(
    ({ arg }) => nodeOf(arg, 'VariableSetStmt')?.name?.toLowerCase() === 'search_path',
  );
}

function readOther(context: ReaderContext, object: ObjectId, language: string): void {
  if (!isBuiltinLanguage(language))
    emitUse(contextOfDefinition(context, object), { kind: 'language', name: language });
  emitOpaque(contextOfBody(context, object), `language ${language}`);
}

/** A body's place in the file, if the file contains its text unchanged. */
function offsetOf({ state, placeOf, isCalled }: ReaderContext, text: string): number | undefined {
  if (isCalled) return undefined;
  const index = state.text.indexOf(text, placeOf(undefined).start);
  return index < 0 ? undefined : index;
}

/** DO runs its body at once. */
export function readDo(context: ReaderContext, { args }: NodeOf<'DoStmt'>): void {
  const language = languageOf(args, 'plpgsql');
  const text = bodyOf(args);
  if (text === undefined) return;
  if (language !== 'plpgsql') emitOpaque(context, `language ${language}`);
  else readBody(context, { text, offset: offsetOf(context, text) }, new Map());
}

/** ALTER FUNCTION … with new properties. */
export function readAlterFunction(
  context: ReaderContext,
  { func, actions }: NodeOf<'AlterFunctionStmt'>,
): void {
  emit(context, {
    action: 'alter',
    object: usedWithArgs(context, 'function', func),
    change: { kind: 'properties' },
    sets: attributeSettings(actions),
  });
}
