/** Works out texts that are put together from constants: the usual form of dynamic SQL. */

import type { A_Expr, FuncCall, Node } from '@pgsql/types';
import { quoteLiteral } from '../../../quote.js';
import { quoteAsNeeded } from '../../postgres/quote-as-needed.js';
import { literalOf, withoutCasts } from '../../syntax/node-of.js';
import { namePartsOf } from '../../syntax/object-names.js';
import { runWalk, type TreeWalk, walkInto } from '../../syntax/tree-walk.js';
import type { Constant } from '../context.js';

type Variables = ReadonlyMap<string, Constant>;

/** @returns the text or the list of texts that an expression amounts to; undefined when that is known only at run time. */
export function evaluate(node: Node | undefined, variables: Variables): Constant {
  return runWalk(walkValue(node, variables));
}

function* walkValue(expression: Node | undefined, variables: Variables): TreeWalk<Constant> {
  const node = withoutCasts(expression);
  if (!node) return undefined;
  if ('ColumnRef' in node) return evaluateName(namePartsOf(node.ColumnRef.fields), variables);
  if ('A_ArrayExpr' in node) return yield* walkInto(evaluateAll(node.A_ArrayExpr.elements ?? [], variables));
  if ('A_Expr' in node) return yield* walkInto(evaluateOperator(node.A_Expr, variables));
  return 'FuncCall' in node ? yield* walkInto(evaluateCall(node.FuncCall, variables)) : literalOf(node);
}

/** The value if it is exactly one text. */
function* evaluateText(node: Node | undefined, variables: Variables): TreeWalk<string | undefined> {
  const value = yield* walkInto(walkValue(node, variables));
  return typeof value === 'string' ? value : undefined;
}

/** A qualified name is a record with its field, or the label of a function or block with its variable. */
function evaluateName(names: readonly string[], variables: Variables): Constant {
  const [first = '', second] = names;
  if (second === undefined) return variables.get(first);
  // A record of one constant column equals that column.
  return variables.get(variables.has(first) ? first : second);
}

function* evaluateAll(nodes: readonly Node[], variables: Variables): TreeWalk<readonly string[] | undefined> {
  const values: string[] = [];
  for (const node of nodes) {
    const value = yield* walkInto(evaluateText(node, variables));
    if (value === undefined) return undefined;
    values.push(value);
  }
  return values;
}

function* evaluateOperator(
  { name, lexpr, rexpr }: A_Expr,
  variables: Variables,
): TreeWalk<string | undefined> {
  if (namePartsOf(name).at(-1) !== '||') return undefined;
  const left = yield* walkInto(evaluateText(lexpr, variables));
  const right = yield* walkInto(evaluateText(rexpr, variables));
  return left === undefined || right === undefined ? undefined : left + right;
}

const functions: Readonly<Record<string, (args: readonly string[]) => string | undefined>> = {
  format: ([pattern, ...values]) => (pattern === undefined ? undefined : formatText(pattern, values)),
  concat: (args) => args.join(''),
  concat_ws: ([separator, ...values]) => values.join(separator),
  quote_ident: ([name]) => (name === undefined ? undefined : quoteAsNeeded(name)),
  quote_literal: ([text]) => (text === undefined ? undefined : quoteLiteral(text)),
  lower: ([text]) => text?.toLowerCase(),
  upper: ([text]) => text?.toUpperCase(),
  btrim: (args) => (args.length === 1 ? args[0]?.trim() : undefined),
  replace: ([text, from, to]) => (from && to !== undefined ? text?.replaceAll(from, to) : undefined),
};

function* evaluateCall(
  { funcname, args = [] }: FuncCall,
  variables: Variables,
): TreeWalk<string | undefined> {
  const values = yield* walkInto(evaluateAll(args, variables));
  const name = namePartsOf(funcname).at(-1) ?? '';
  return values && Object.hasOwn(functions, name) ? functions[name]?.(values) : undefined;
}

/** format() with %s, %I, %L and %%, also with positions such as %1$I; widths are not followed. */
function formatText(pattern: string, values: readonly string[]): string | undefined {
  let next = 0;
  let isKnown = true;
  const text = pattern.replace(
    /%(?:(\d+)\$)?([sIL%]|.)/gs,
    (_, position: string | undefined, type: string) => {
      if (type === '%') return '%';
      const index = position === undefined ? next : Number(position) - 1;
      next = index + 1;
      const value = values[index];
      if (value === undefined || !'sIL'.includes(type)) isKnown = false;
      return value === undefined ? '' : formatted(value, type);
    },
  );
  return isKnown ? text : undefined;
}

function formatted(value: string, type: string): string {
  if (type === 'I') return quoteAsNeeded(value);
  return type === 'L' ? quoteLiteral(value) : value;
}
