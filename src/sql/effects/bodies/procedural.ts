/** Reads bodies in PL/pgSQL: every query in them, and dynamic SQL as far as its text can be worked out. */

import type { FunctionParameter } from '@pgsql/types';
import { partOf } from '../../syntax/object-names.js';
import { tryParse } from '../../syntax/parse.js';
import { type PlBody, type PlNode, parseBody, type Signature } from '../../syntax/plpgsql-parse.js';
import { runWalk, type TreeWalk, walkInto } from '../../syntax/tree-walk.js';
import {
  type Constant,
  contextOfExecution,
  emitOpaque,
  emitUse,
  inBranch,
  type ReaderContext,
} from '../context.js';
import { constantOf } from './body-constants.js';
import { contentOf, locateInBody, placedContext } from './body-places.js';
import type { BodyText, Walk } from './body-walk.js';
import { readDeclaredType, readTypeReferences } from './declared-types.js';

/** Reads a body with what is known of its parameters. What can't be parsed is opaque. */
export function readBody(
  context: ReaderContext,
  body: BodyText,
  values: ReadonlyMap<string, Constant>,
): void {
  const tree = parseBody(context.state.parser, body.text, body.signature);
  if (!tree) {
    emitOpaque(contextOfExecution(context), 'a body that Kat cannot read');
    return;
  }
  const walk: Walk = { context, body, tree, cursor: { index: 0 }, values: new Map(context.variables) };
  for (const name of variableNames(tree, body.signature)) walk.values.set(name, values.get(name));
  readTypeReferences(walk);
  for (const datum of tree.datums) {
    readDatum(walk, datum);
    readField(walk, datum);
  }
  runWalk(walkPart(walk, tree.action));
}

function variableNames(tree: PlBody, signature: Signature | undefined): string[] {
  const names = [...tree.datums, ...tree.aliases].flatMap((datum) => {
    const { refname, name } = contentOf(datum) as { refname?: string; name?: string };
    return [refname ?? name ?? ''];
  });
  return [...names, ...(signature?.parameters ?? []).map(({ name }: FunctionParameter) => name ?? '')];
}

function readDatum(walk: Walk, datum: PlNode): void {
  const { refname, default_val, cursor_explicit_expr, datatype } = contentOf(datum) as Record<
    string,
    PlNode | undefined
  >;
  const type = datatype && (contentOf(datatype) as { typname?: string }).typname;
  if (type) readDeclaredType(walk, type);
  const value = default_val && readQuery(walk, default_val);
  if (typeof refname === 'string' && value !== undefined) walk.values.set(refname, value);
  if (cursor_explicit_expr) readQuery(walk, cursor_explicit_expr);
}

/** A field of a record that the body gives a value, such as NEW.updated_at. */
function readField({ context, tree }: Walk, datum: PlNode): void {
  const { PLpgSQL_recfield: field } = datum as {
    PLpgSQL_recfield?: { fieldname?: string; recparentno?: number };
  };
  const record = field && tree.datums[field.recparentno ?? 0];
  const { refname = '' } = record ? (contentOf(record) as { refname?: string }) : {};
  const type = context.rowTypes?.get(refname);
  if (type && field?.fieldname) emitUse(context, partOf(type, 'column', field.fieldname));
}

/** Readers of what holds statements give a walk. */
type PartReader = (walk: Walk, part: PlNode) => TreeWalk<void> | undefined;

const readers: Readonly<Record<string, PartReader>> = {
  PLpgSQL_expr: readExpressionPart,
  PLpgSQL_stmt_block: walkBlock,
  PLpgSQL_stmt_assign: readAssignment,
  PLpgSQL_stmt_if: walkBranches,
  PLpgSQL_stmt_case: walkBranches,
  PLpgSQL_stmt_loop: walkBranches,
  PLpgSQL_stmt_while: walkBranches,
  PLpgSQL_stmt_fori: walkBranches,
  PLpgSQL_stmt_forc: walkBranches,
  PLpgSQL_stmt_fors: walkForQuery,
  PLpgSQL_stmt_foreach_a: walkForEach,
  PLpgSQL_stmt_dynexecute: (walk, part) => walkDynamic(walk, part, 'query'),
  PLpgSQL_stmt_dynfors: (walk, part) => walkDynamic(walk, part, 'query'),
  PLpgSQL_stmt_return_query: (walk, part) => walkDynamic(walk, part, 'dynquery'),
  PLpgSQL_stmt_open: (walk, part) => walkDynamic(walk, part, 'dynquery'),
};

/** Reads any part of the tree, at any depth. */
function* walkPart(walk: Walk, part: unknown): TreeWalk<void> {
  if (typeof part !== 'object' || part === null) return;
  for (const [key, child] of Object.entries(part)) {
    // Targets of INTO and loop variables repeat the declarations of their variables.
    if (key === 'PLpgSQL_rec' || key === 'PLpgSQL_row' || key === 'PLpgSQL_var') {
      forgetValues(walk, child as Target);
      continue;
    }
    const reader = Object.hasOwn(readers, key) ? readers[key] : undefined;
    const inner = reader ? reader(walk, child as PlNode) : walkPart(walk, child);
    if (inner) yield* walkInto(inner);
  }
}

interface Target {
  refname?: string;
  fields?: readonly { name?: string }[];
}

/** What a query gives them is known only at run time. */
function forgetValues({ values }: Walk, { refname, fields = [] }: Target): void {
  for (const name of [refname, ...fields.map((field) => field.name)])
    if (name !== undefined) values.set(name, undefined);
}

function readExpressionPart(walk: Walk, part: PlNode): undefined {
  readQuery(walk, { PLpgSQL_expr: part });
}

function* walkBlock(walk: Walk, { body, exceptions }: PlNode): TreeWalk<void> {
  if (!exceptions) {
    yield* walkInto(walkPart(walk, body));
    return;
  }
  yield* walkInto(walkBranch(walk, body));
  yield* walkInto(walkBranch(walk, exceptions));
}

/** Conditions and bodies of what may run once, often or never. No branch finds names taken that another has made. */
function* walkBranches(walk: Walk, statement: PlNode): TreeWalk<void> {
  const { state } = walk.context;
  const before = state.generated;
  const taken = new Set(before);
  for (const part of Object.values(statement)) {
    state.generated = new Set(before);
    yield* walkInto(walkBranch(walk, part));
    for (const name of state.generated) taken.add(name);
  }
  state.generated = taken;
}

/** Values assigned in a branch are unknown after it. */
function* walkBranch(walk: Walk, part: unknown): TreeWalk<void> {
  const values = new Map(walk.values);
  yield* walkInto(walkPart({ ...walk, context: inBranch(walk.context), values }, part));
  for (const [name, value] of values) if (walk.values.get(name) !== value) walk.values.set(name, undefined);
}

function readAssignment(walk: Walk, { varno = 0, expr }: PlNode): undefined {
  const value = readQuery(walk, expr as PlNode);
  const name = nameOf(walk, varno as number);
  if (name !== undefined) walk.values.set(name, value);
}

function nameOf({ tree }: Walk, number: number): string | undefined {
  const datum = tree.datums[number];
  return datum && (contentOf(datum) as { refname?: string }).refname;
}

/** FOREACH over a list of constants is read once for each of them. */
function* walkForEach(walk: Walk, { varno = 0, expr, body }: PlNode): TreeWalk<void> {
  const list = readQuery(walk, expr as PlNode);
  yield* walkInto(walkRepeatedly(walk, { name: nameOf(walk, varno as number), list, body }));
}

/** FOR x IN SELECT unnest(ARRAY[…]) likewise. */
function* walkForQuery(walk: Walk, { query, body, var: variable }: PlNode): TreeWalk<void> {
  const list = readQuery(walk, query as PlNode);
  const target = contentOf((variable ?? {}) as PlNode) as Target;
  yield* walkInto(walkRepeatedly(walk, { name: target.fields?.[0]?.name ?? target.refname, list, body }));
}

function* walkRepeatedly(
  walk: Walk,
  loop: { name: string | undefined; list: Constant; body: unknown },
): TreeWalk<void> {
  const { name, list, body } = loop;
  if (name === undefined || !Array.isArray(list)) {
    if (name !== undefined) walk.values.set(name, undefined);
    yield* walkInto(walkBranch(walk, body));
    return;
  }
  for (const item of list as readonly string[]) {
    walk.cursor.index = 0;
    yield* walkInto(walkPart({ ...walk, values: new Map([...walk.values, [name, item]]) }, body));
  }
}

/** Dynamic SQL whose text is known is read like any other; the rest is opaque. */
function* walkDynamic(walk: Walk, statement: PlNode, key: 'query' | 'dynquery'): TreeWalk<void> {
  const { [key]: expression, ...rest } = statement;
  if (!expression) {
    yield* walkInto(walkPart(walk, rest));
    return;
  }
  const text = readQuery(walk, expression as PlNode);
  const context = { ...walk.context, variables: walk.values };
  const at = locateInBody(walk, expression as PlNode);
  const placed: ReaderContext =
    at === undefined ? context : { ...context, placeOf: () => context.state.placeAt(at) };
  readDynamicText(placed, text);
  yield* walkInto(walkPart(walk, rest));
}

/** SQL that is run as a text. */
function readDynamicText(context: ReaderContext, text: Constant): void {
  const statements = typeof text === 'string' ? tryParse(context.state.parser, text) : undefined;
  if (!statements) emitOpaque(contextOfExecution(context), 'dynamic SQL');
  for (const { node } of statements ?? []) context.state.readStatement(context, node);
}

/** @returns the value of the expression, where it is a constant. */
function readQuery(walk: Walk, wrapped: PlNode): Constant {
  const { query = '', parseMode = 0 } = contentOf(wrapped) as { query?: string; parseMode?: number };
  const { prefix, text } = expressionText(query, parseMode);
  const statements = tryParse(walk.context.state.parser, prefix + text);
  const context = placedContext(walk, wrapped, prefix.length - (query.length - text.length));
  if (!statements) {
    emitOpaque(contextOfExecution(context), 'an expression that Kat cannot read');
    return undefined;
  }
  for (const { node } of statements) context.state.readStatement(context, node);
  return constantOf(statements[0], walk.values);
}

/** PL/pgSQL has whole statements (0), expressions (2) and assignments (3 and more); the last two become queries. */
function expressionText(query: string, parseMode: number): { prefix: string; text: string } {
  if (parseMode === 0) return { prefix: '', text: query };
  const text = parseMode >= 3 ? query.replace(/^[^=]*?:?=/s, '') : query;
  return { prefix: 'SELECT ', text };
}
