/** Reads what a call says about its arguments, and a definition about its parameters: their number, names and types. */

import type { FunctionParameter, Node } from '@pgsql/types';
import { type NodeOf, nodeOf } from '../../syntax/node-of.js';
import { typeText } from '../../syntax/object-names.js';
import type { CallArguments, RoutineParameters } from '../effect-details.js';

/** @returns undefined for calls whose arguments are not those of the function, as those of ordered-set aggregates. */
export function argumentsOf({ args = [], agg_within_group }: NodeOf<'FuncCall'>): CallArguments | undefined {
  if (agg_within_group) return undefined;
  return {
    types: args.map((arg) => knownType(nodeOf(arg, 'NamedArgExpr')?.arg ?? arg) ?? ''),
    names: args.map((arg) => nodeOf(arg, 'NamedArgExpr')?.name ?? ''),
  };
}

/** The type that the text itself tells; quoted literals and NULL are of the type `unknown`, which becomes any. */
function knownType(node: Node): string | undefined {
  const cast = nodeOf(node, 'TypeCast');
  if (cast) return typeText(cast.typeName);
  const constant = nodeOf(node, 'A_Const');
  if (constant?.ival) return 'int4';
  if (constant?.boolval) return 'bool';
  if (constant?.sval || constant?.isnull) return 'unknown';
  return constant?.fval ? typeOfNumber(constant.fval.fval ?? '') : undefined;
}

/** Whole numbers that do not fit into 64 bits are numeric (make_const in parser/parse_node.c). */
function typeOfNumber(digits: string): string {
  return /^\d+$/.test(digits) && BigInt(digits) < 2n ** 63n ? 'int8' : 'numeric';
}

/** @param inputs without those that only return something */
export function parametersOf(inputs: readonly FunctionParameter[]): RoutineParameters {
  return {
    types: inputs.map(({ argType }) => typeText(argType)),
    names: inputs.map(({ name }) => name ?? ''),
    defaults: inputs.filter(({ defexpr }) => defexpr).length,
    isVariadic: inputs.at(-1)?.mode === 'FUNC_PARAM_VARIADIC',
  };
}
