/** Reads functions and procedures: what their signatures need now, and what their bodies need when they are called. */

import type { FunctionParameter, Node, TypeName } from '@pgsql/types';
import { isBuiltinLanguage } from '../../postgres/builtin-names.js';
import { type NodeOf, nodeOf, nodesOf } from '../../syntax/node-of.js';
import type { ObjectId } from '../../syntax/object-id.js';
import { argsOf, namePartsOf, typeText } from '../../syntax/object-names.js';
import { type Parser, parseStatements, type Statement } from '../../syntax/parse.js';
import { indexBytes } from '../../syntax/text-places.js';
import {
  type Constant,
  type Context,
  defining,
  emit,
  emitCreate,
  emitOpaque,
  emitUse,
  later,
  withoutTraces,
} from '../context.js';
import { readExpression } from '../expressions/expressions.js';
import { noScope } from '../expressions/scope.js';
import { useType } from '../expressions/type-names.js';
import { createdName, usedName } from '../resolve-names.js';
import { pathOfSet } from '../search-path.js';
import { attributeSettings } from '../statements/settings.js';
import type { BodyText } from './body-walk.js';
import { readBody } from './procedural.js';

type CreateFunction = NodeOf<'CreateFunctionStmt'>;

/** CREATE FUNCTION and CREATE PROCEDURE. */
export function readCreateFunction(context: Context, statement: CreateFunction): void {
  const parameters = nodesOf(statement.parameters, 'FunctionParameter');
  const object: ObjectId = {
    ...createdName(context, 'function', namePartsOf(statement.funcname)),
    args: argsText(parameters),
  };
  emitCreate(context, object, statement.replace ? { isConditional: true } : {});
  const inner = defining(context, object);
  readSignature(inner, parameters, statement.returnType);
  withPath(context, statement.options, () => readDefinition(context, object, statement));
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
  context: Context,
  parameters: readonly FunctionParameter[],
  returnType: TypeName | undefined,
): void {
  useType(context, returnType);
  for (const { argType, defexpr } of parameters) {
    useType(context, argType);
    readExpression(context, defexpr, noScope);
  }
}

/** SET search_path of the function itself holds for its body. */
function withPath(context: Context, options: readonly Node[] | undefined, read: () => void): void {
  const { session } = context;
  const before = session.path;
  for (const { arg } of nodesOf(options, 'DefElem')) {
    const setting = nodeOf(arg, 'VariableSetStmt');
    session.path = (setting && pathOfSet(setting)) ?? session.path;
  }
  read();
  session.path = before;
}

function readDefinition(context: Context, object: ObjectId, statement: CreateFunction): void {
  const { options, sql_body } = statement;
  const parameters = nodesOf(statement.parameters, 'FunctionParameter');
  const variables = new Map<string, Constant>(parameters.map(({ name }) => [name ?? '', undefined]));
  const named: Context = { ...context, variables };
  if (sql_body) {
    readExpression(defining(named, object), sql_body, noScope);
    readStatements(defining(named, object), sql_body);
    return;
  }
  const language = languageOf(options, 'sql');
  const text = bodyOf(options);
  if (text === undefined || language === 'internal' || language === 'c') return;
  if (language === 'sql') readSqlBody(named, object, { text, statement });
  else if (language === 'plpgsql') readPlpgsql(context, object, { text, statement });
  else readOther(context, object, language);
}

/** BEGIN ATOMIC holds a list of lists of statements. */
function readStatements(context: Context, body: Node): void {
  for (const list of nodesOf('List' in body ? body.List.items : [], 'List')) {
    for (const node of list.items ?? []) context.session.readStatement(context, node);
  }
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
function readSqlBody(context: Context, object: ObjectId, body: Body): void {
  const { session } = context;
  const statements = parse(session.parser, body.text);
  if (!statements) {
    emitOpaque(later(context, object), 'a body that Kat cannot read');
    return;
  }
  const offset = offsetOf(context, body.text);
  const indexOf = indexBytes(body.text);
  const placed: Context =
    offset === undefined
      ? context
      : {
          ...context,
          placeOf: (location) => session.placeAt(offset + indexOf(location ?? statements[0]?.start ?? 0)),
        };
  withoutTraces(session, () => {
    for (const { kind, node } of statements) {
      // Only queries are looked at when the function is created.
      const isChecked = session.checksBodies && queryKinds.has(kind);
      context.session.readStatement(isChecked ? defining(placed, object) : later(placed, object), node);
    }
  });
  rememberFunction(context, object, body, (caller) => {
    for (const { node } of statements)
      caller.session.readStatement({ ...caller, variables: context.variables }, node);
  });
}

const queryKinds: ReadonlySet<string> = new Set([
  'SelectStmt',
  'InsertStmt',
  'UpdateStmt',
  'DeleteStmt',
  'MergeStmt',
]);

function parse(parser: Parser, text: string): readonly Statement[] | undefined {
  const parsed = parseStatements(parser, text);
  return Array.isArray(parsed) ? parsed : undefined;
}

/** The text of a function's body, and the statement around it. */
interface Body {
  text: string;
  statement: CreateFunction;
}

function readPlpgsql(context: Context, object: ObjectId, { text, statement }: Body): void {
  const { parameters, returnType, is_procedure } = statement;
  const list = nodesOf(parameters, 'FunctionParameter');
  const body: BodyText = {
    text,
    offset: offsetOf(context, text),
    signature: { parameters: list, returnType, isProcedure: is_procedure === true },
  };
  withoutTraces(context.session, () => readBody(later(context, object), body, new Map()));
  rememberFunction(context, object, { text, statement }, (caller, values) =>
    readBody({ ...caller, variables: new Map() }, body, values),
  );
}

/** Calls in the same text are followed, under the search path of the definition. */
function rememberFunction(
  { session }: Context,
  object: ObjectId,
  { statement }: Body,
  run: (caller: Context, values: ReadonlyMap<string, Constant>) => void,
): void {
  const { path } = session;
  session.functions.set(`${object.schema}.${object.name}`, {
    parameters: inputsOf(nodesOf(statement.parameters, 'FunctionParameter')).map(({ name }) => name ?? ''),
    run: (caller, values) => {
      const before = caller.session.path;
      caller.session.path = path;
      run(caller, values);
      caller.session.path = before;
    },
  });
}

function readOther(context: Context, object: ObjectId, language: string): void {
  if (!isBuiltinLanguage(language)) emitUse(defining(context, object), { kind: 'language', name: language });
  emitOpaque(later(context, object), `language ${language}`);
}

/** Where a body stands in the file, if it stands there as it is. */
function offsetOf({ session, placeOf, isCalled }: Context, text: string): number | undefined {
  if (isCalled) return undefined;
  const index = session.text.indexOf(text, placeOf(undefined).start);
  return index < 0 ? undefined : index;
}

/** DO runs its body at once. */
export function readDo(context: Context, { args }: NodeOf<'DoStmt'>): void {
  const language = languageOf(args, 'plpgsql');
  const text = bodyOf(args);
  if (text === undefined) return;
  if (language !== 'plpgsql') emitOpaque(context, `language ${language}`);
  else readBody(context, { text, offset: offsetOf(context, text) }, new Map());
}

/** ALTER FUNCTION … with new properties. */
export function readAlterFunction(context: Context, { func, actions }: NodeOf<'AlterFunctionStmt'>): void {
  const object = usedName(context, 'function', namePartsOf(func?.objname));
  const args = func && argsOf(func);
  emit(context, {
    action: 'alter',
    object: { ...object, ...(args === undefined ? {} : { args }) },
    change: 'set properties',
    sets: attributeSettings(actions),
  });
}
