/** Finds the functions of the history that a call may mean. */

import type { FuncCall, Node } from '@pgsql/types';
import { isBuiltinFunction } from '../postgres/builtin-names.js';
import { isSystemSchema } from '../postgres/system-schemas.js';
import { nodeOf } from '../syntax/node-of.js';
import { namePartsOf, typeText } from '../syntax/object-names.js';
import { keyOfName, type Routine, type Schema } from './schema.js';

/** Whether a call means a function of PostgreSQL: it looks into pg_catalog before all schemas of the path. */
export function isBuiltinCall({ funcname }: FuncCall): boolean {
  const parts = namePartsOf(funcname);
  const given = parts.at(-2);
  return isBuiltinFunction(parts.at(-1) ?? '') && (given === undefined || isSystemSchema(given));
}

/** None where no migration creates a function of that name, or where PostgreSQL has one. */
export function calledRoutines(schema: Schema, call: FuncCall): readonly Routine[] {
  const known = isBuiltinCall(call) ? [] : routinesNamed(schema, call);
  return known.length === 0 ? [] : callable(known, call.args ?? []);
}

/** Those whose arguments have exactly the types that the call tells of all of its own. */
export function exactRoutines(schema: Schema, call: FuncCall): readonly Routine[] {
  const told = (call.args ?? []).map(typeOfArgument);
  if (told.length === 0 || told.includes(undefined)) return [];
  return routinesNamed(schema, call).filter(({ types }) => types.join() === told.join());
}

function routinesNamed(schema: Schema, { funcname }: FuncCall): readonly Routine[] {
  const parts = namePartsOf(funcname);
  const name = parts.at(-1) ?? '';
  const given = parts.at(-2);
  const places = given === undefined ? schema.path : [given];
  return places.flatMap((place) => schema.functions.get(keyOfName({ schema: place, name })) ?? []);
}

/** Those that a call may mean: by the number of its arguments, and by the types of those that tell theirs. */
function callable(routines: readonly Routine[], args: readonly Node[]): readonly Routine[] {
  const fitting = routines.filter(({ types, optional, isVariadic }) => {
    const isEnough = args.length >= types.length - optional - (isVariadic ? 1 : 0);
    return isEnough && (isVariadic || args.length <= types.length);
  });
  const exact = fitting.filter(({ types }) =>
    args.every((arg, index) => (typeOfArgument(arg) ?? types[index]) === types[index]),
  );
  return exact.length > 0 ? exact : fitting.length > 0 ? fitting : routines;
}

/** Strings become whatever is wanted, but rather text. */
function typeOfArgument(arg: Node): string | undefined {
  const cast = nodeOf(arg, 'TypeCast');
  if (cast) return typeText(cast.typeName);
  const constant = nodeOf(arg, 'A_Const');
  if (constant?.sval) return 'text';
  if (constant?.boolval) return 'bool';
  return constant?.ival ? 'int4' : undefined;
}
