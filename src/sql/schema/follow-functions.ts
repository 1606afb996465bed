/** Follows functions: which there are of a name, and when their results may change. */

import type { Node, ObjectWithArgs } from '@pgsql/types';
import { type NodeOf, nodeOf, nodesOf } from '../syntax/node-of.js';
import { namePartsOf, typeText } from '../syntax/object-names.js';
import { keyOfName, newName, type Routine, resolveParts, type Schema, type Volatility } from './schema.js';

/** CREATE FUNCTION; one with the same argument types is replaced. VOLATILE is PostgreSQL's default. */
export function addFunction(schema: Schema, statement: NodeOf<'CreateFunctionStmt'>): void {
  const name = newName(schema, namePartsOf(statement.funcname));
  const routine = readRoutine(statement);
  const others = (schema.functions.get(keyOfName(name)) ?? []).filter(
    (other) => !isSame(other, routine.types),
  );
  schema.functions.set(keyOfName(name), [...others, routine]);
}

/** The function that a statement has made. */
export function madeRoutine(schema: Schema, definition: NodeOf<'CreateFunctionStmt'>): Routine | undefined {
  const key = keyOfName(newName(schema, namePartsOf(definition.funcname)));
  return schema.functions.get(key)?.find((routine) => routine.definition === definition);
}

function readRoutine(definition: NodeOf<'CreateFunctionStmt'>): Routine {
  const { parameters, options } = definition;
  const given = nodesOf(parameters, 'FunctionParameter').filter(({ mode = '' }) => !outputs.has(mode));
  return {
    types: given.map(({ argType }) => typeText(argType)),
    optional: given.filter(({ defexpr }) => defexpr !== undefined).length,
    isVariadic: given.some(({ mode }) => mode === 'FUNC_PARAM_VARIADIC'),
    volatility: readVolatility(options) ?? 'volatile',
    definition,
  };
}

const outputs: ReadonlySet<string> = new Set(['FUNC_PARAM_OUT', 'FUNC_PARAM_TABLE']);

function readVolatility(options: readonly Node[] | undefined): Volatility | undefined {
  const option = nodesOf(options, 'DefElem').find(({ defname }) => defname === 'volatility');
  return nodeOf(option?.arg, 'String')?.sval as Volatility | undefined;
}

/** Whether a function has rights, settings or a rule about null arguments of its own, which its calls must keep. */
export function keepsItsOwn({ types }: Routine, options: readonly Node[] | undefined): boolean {
  const kept = types.length > 0 ? ['security', 'set', 'strict'] : ['security', 'set'];
  return nodesOf(options, 'DefElem').some(({ defname = '' }) => kept.includes(defname));
}

/** ALTER FUNCTION … IMMUTABLE and its like. */
export function followAlterFunction(schema: Schema, { func, actions }: NodeOf<'AlterFunctionStmt'>): void {
  if (!func) return;
  const volatility = readVolatility(actions);
  for (const routine of meant(schema, func)) {
    if (volatility) routine.volatility = volatility;
    if (keepsItsOwn(routine, actions)) delete routine.expression;
  }
}

/** DROP FUNCTION and DROP ROUTINE. */
export function dropFunction(schema: Schema, object: Node): void {
  const named = nodeOf(object, 'ObjectWithArgs');
  if (!named) return;
  const gone = meant(schema, named);
  const key = keyOf(schema, named);
  const left = (schema.functions.get(key) ?? []).filter((routine) => !gone.includes(routine));
  if (left.length > 0) schema.functions.set(key, left);
  else schema.functions.delete(key);
}

/** Without a list of arguments the name alone means the only one. */
function meant(schema: Schema, named: ObjectWithArgs): Routine[] {
  const all = schema.functions.get(keyOf(schema, named)) ?? [];
  if (named.args_unspecified) return all;
  const types = nodesOf(named.objargs, 'TypeName').map(typeText);
  return all.filter((routine) => isSame(routine, types));
}

function keyOf(schema: Schema, { objname }: ObjectWithArgs): string {
  return keyOfName(resolveParts(schema, namePartsOf(objname), schema.functions));
}

function isSame({ types }: Routine, others: readonly string[]): boolean {
  return types.join() === others.join();
}
