/** Hands bodies in PL/pgSQL to libpg-query, around what it can't read. */

import type { FunctionParameter, TypeName } from '@pgsql/types';
import { quoteIdentifier } from '../../quote.js';
import { namePartsOf } from './object-names.js';
import type { Parser } from './parse.js';

/** A node of the tree that PL/pgSQL is parsed into: an object with one key, its kind. */
export type PlNode = Readonly<Record<string, unknown>>;

/** The parts of a body. */
export interface PlBody {
  /** Variables in the order of their numbers; parameters first. */
  datums: readonly PlNode[];
  aliases: readonly PlNode[];
  action: PlNode;
}

/** The facts about a function that the parser of its body needs. */
export interface Signature {
  parameters: readonly FunctionParameter[];
  returnType: TypeName | undefined;
  isProcedure: boolean;
}

/** @returns undefined for what is not PL/pgSQL in the parser's eyes. */
export function parseBody(parser: Parser, body: string, signature?: Signature): PlBody | undefined {
  const delimiter = freeDelimiter(body);
  const source = `${delimiter}${replaceRowTypes(body)}${delimiter}`;
  const head = signature ? `CREATE ${headOf(signature)} AS ` : 'DO ';
  try {
    const parsed = parser.parsePlPgSQLSync(
      `${head}${source}${signature ? ' LANGUAGE plpgsql' : ''}`,
    ) as unknown;
    return bodyOf(parsed);
  } catch {
    // On any error, the caller treats the body as opaque.
    return undefined;
  }
}

function bodyOf(parsed: unknown): PlBody | undefined {
  const functions = (parsed as { plpgsql_funcs?: readonly { PLpgSQL_function?: Partial<PlBody> }[] })
    .plpgsql_funcs;
  const found = functions?.[0]?.PLpgSQL_function;
  return found?.action
    ? { datums: found.datums ?? [], aliases: found.aliases ?? [], action: found.action }
    : undefined;
}

/** libpg-query takes `users%ROWTYPE` for a scalar and then refuses its fields; a record has the same uses. */
function replaceRowTypes(body: string): string {
  return body.replace(/[\w$."]{1,130}\s{0,9}%\s{0,9}rowtype\b/gi, (match) => 'record'.padEnd(match.length));
}

function freeDelimiter(body: string): string {
  let delimiter = '$kat$';
  for (let number = 0; body.includes(delimiter); number += 1) delimiter = `$kat${number}$`;
  return delimiter;
}

/** The signature with types that the parser takes: it has no catalog to look for `users.id%TYPE`. */
function headOf({ parameters, returnType, isProcedure }: Signature): string {
  const list = parameters.map(parameterText).join(', ');
  if (isProcedure) return `PROCEDURE kat(${list})`;
  const outputs = parameters.filter(isOutput);
  if (parameters.some(({ mode }) => mode === 'FUNC_PARAM_TABLE')) {
    const inputs = parameters.filter(({ mode }) => mode !== 'FUNC_PARAM_TABLE');
    const columns = parameters.filter(({ mode }) => mode === 'FUNC_PARAM_TABLE');
    const table = columns.map(({ name }) => `${quoteIdentifier(name ?? '')} text`).join(', ');
    return `FUNCTION kat(${inputs.map(parameterText).join(', ')}) RETURNS TABLE(${table})`;
  }
  if (outputs.length > 0) {
    const many = outputs.length > 1 ? 'record' : 'text';
    return `FUNCTION kat(${list})${returnType?.setof ? ` RETURNS SETOF ${many}` : ''}`;
  }
  return `FUNCTION kat(${list}) RETURNS ${returnText(returnType)}`;
}

function isOutput({ mode }: FunctionParameter): boolean {
  return mode === 'FUNC_PARAM_OUT' || mode === 'FUNC_PARAM_INOUT';
}

function parameterText({ name, mode, argType }: FunctionParameter): string {
  const modes: Readonly<Record<string, string>> = {
    FUNC_PARAM_OUT: 'OUT ',
    FUNC_PARAM_INOUT: 'INOUT ',
    FUNC_PARAM_VARIADIC: 'VARIADIC ',
  };
  const isArray = (argType?.arrayBounds ?? []).length > 0 || mode === 'FUNC_PARAM_VARIADIC';
  const isOut = mode === 'FUNC_PARAM_OUT' || mode === 'FUNC_PARAM_INOUT';
  const type = isOut || argType?.pct_type ? 'text' : typeName(argType);
  return `${modes[mode ?? ''] ?? ''}${name ? `${quoteIdentifier(name)} ` : ''}${type}${isArray && !isOut ? '[]' : ''}`;
}

function typeName(type: TypeName | undefined): string {
  const parts = namePartsOf(type?.names);
  // Pseudotypes such as anyelement would have to fit each other.
  return parts.at(-1)?.startsWith('any') ? 'text' : parts.map(quoteIdentifier).join('.');
}

function returnText(type: TypeName | undefined): string {
  if (!type) return 'void';
  if (type.setof) return 'SETOF text';
  const name = namePartsOf(type.names).at(-1) ?? '';
  return ['void', 'trigger', 'event_trigger'].includes(name) ? name : 'text';
}
