/** Follows statements with DO blocks among them: the SQL that is written down in their bodies. */

import type { Node } from '@pgsql/types';
import type { Constant } from '../effects/context.js';
import { evaluate } from '../effects/expressions/constants.js';
import { needsRows } from '../postgres/row-functions.js';
import { type NodeOf, nodeOf, nodesOf } from '../syntax/node-of.js';
import { namePartsOf, partsOf } from '../syntax/object-names.js';
import { nodesIn, objectsIn } from '../syntax/objects-in.js';
import { type Parser, tryParse } from '../syntax/parse.js';
import { parseBody, type Signature } from '../syntax/plpgsql-parse.js';
import { keepsItsOwn, madeRoutine } from './follow-functions.js';
import { followStatement } from './follow-statement.js';
import { createdName } from './read-table.js';
import { findRelation, type Schema } from './schema.js';
import { noteUnread } from './unread-code.js';
import { type Expression, writtenQueries } from './written-queries.js';

/** A statement, and the id of its migration. */
export interface Followed {
  node: Node;
  creator: string;
}

/** Carries a statement into what is known. Of a DO block all branches are taken, and whatever is there already stays. */
export function followBlock(parser: Parser, schema: Schema, { node, creator }: Followed): void {
  const inside = blockStatements(parser, node);
  noteUnread(
    schema,
    { node, creator },
    inside?.map((inner) => inner.node),
  );
  if (!inside) followStatement(schema, node, creator);
  const definition = nodeOf(node, 'CreateFunctionStmt');
  if (definition) keepExpression(parser, schema, definition);
  for (const { node: inner } of inside ?? []) {
    if (!isThere(schema, inner)) followStatement(schema, inner, creator);
  }
}

/** Keeps the expression that a function in SQL consists of; one with more than that is not put in the place of its calls. */
function keepExpression(parser: Parser, schema: Schema, definition: NodeOf<'CreateFunctionStmt'>): void {
  const own = madeRoutine(schema, definition);
  if (
    !own ||
    keepsItsOwn(own, definition.options) ||
    firstPart(definition.options, 'language')?.toLowerCase() !== 'sql'
  )
    return;
  const expression = expressionOf(parser, definition);
  if (expression) own.expression = expression;
}

function expressionOf(parser: Parser, definition: NodeOf<'CreateFunctionStmt'>): Node | undefined {
  const returned = nodeOf(definition.sql_body, 'ReturnStmt');
  if (returned) return plainOnly(returned.returnval);
  const [only, ...others] = bodyStatements(parser, { CreateFunctionStmt: definition });
  const select = nodeOf(only?.node, 'SelectStmt');
  const [target, ...more] = nodesOf(select?.targetList, 'ResTarget');
  const isPlain = select && Object.keys(select).every((part) => plainParts.has(part));
  return isPlain && others.length + more.length === 0 ? plainOnly(target?.val) : undefined;
}

/** PostgreSQL puts no expression in the place of a call that needs more than one row for its value. */
function plainOnly(expression: Node | undefined): Node | undefined {
  const isPlain =
    queryNodes.every((kind) => nodesIn(expression, kind).length === 0) &&
    nodesIn(expression, 'FuncCall').every(
      ({ over, funcname }) => !over && !needsRows(namePartsOf(funcname).at(-1) ?? ''),
    );
  return isPlain ? expression : undefined;
}

const queryNodes = ['SubLink', 'JsonArrayAgg', 'JsonObjectAgg'] as const;

const plainParts: ReadonlySet<string> = new Set(['targetList', 'limitOption', 'op']);

/** A statement that is written down in a block, with its text. */
export interface BlockStatement {
  node: Node;
  text: string;
  /** Whether the block commits somewhere, so that its statements need not share a transaction. */
  isApart: boolean;
}

/** The statements of a DO block, in their order, as far as they are written down; undefined for every other statement. */
export function blockStatements(parser: Parser, node: Node): BlockStatement[] | undefined {
  const block = nodeOf(node, 'DoStmt');
  return block && statementsOf(parser, block.args);
}

/** Whether a statement of a block makes what is there: most blocks look for it before they create it. */
export function isThere(schema: Schema, node: Node): boolean {
  const range = nodeOf(node, 'CreateStmt')?.relation ?? nodeOf(node, 'ViewStmt')?.view;
  return range !== undefined && findRelation(schema, createdName(schema, range)) !== undefined;
}

/** The statements in the body of a DO block or of a function, in their order; none for every other statement. */
export function bodyStatements(parser: Parser, node: Node): BlockStatement[] {
  const block = nodeOf(node, 'DoStmt');
  if (block) return statementsOf(parser, block.args);
  const routine = nodeOf(node, 'CreateFunctionStmt');
  return routine ? statementsOf(parser, routine.options, signatureOf(routine)) : [];
}

function signatureOf({ parameters, returnType, is_procedure }: NodeOf<'CreateFunctionStmt'>): Signature {
  return {
    parameters: nodesOf(parameters, 'FunctionParameter'),
    returnType,
    isProcedure: is_procedure === true,
  };
}

function statementsOf(
  parser: Parser,
  options: readonly Node[] | undefined,
  signature?: Signature,
): BlockStatement[] {
  const text = firstPart(options, 'as');
  if (text === undefined) return [];
  if (firstPart(options, 'language')?.toLowerCase() === 'sql')
    return parse(parser, text).map((statement) => ({ ...statement, isApart: false }));
  const body = parseBody(parser, text, signature);
  if (!body) return [];
  const isApart = commits(body.action);
  return writtenQueries(body, (expression) => valueIn(parser, expression)).flatMap((query) =>
    parse(parser, query).map((statement) => ({ ...statement, isApart })),
  );
}

/** A body is a list of one where it belongs to a function, and a string where it belongs to a block. */
function firstPart(options: readonly Node[] | undefined, name: string): string | undefined {
  return partsOf(nodesOf(options, 'DefElem').find(({ defname }) => defname === name)?.arg)[0];
}

function commits(body: unknown): boolean {
  return [...objectsIn(body)].some(
    (part) => 'PLpgSQL_stmt_commit' in part || 'PLpgSQL_stmt_rollback' in part,
  );
}

type Written = Omit<BlockStatement, 'isApart'>;

/** The value of an expression of PL/pgSQL, as far as it is made of constants. */
function valueIn(parser: Parser, { text, variables }: Expression): Constant {
  const [select] = parse(parser, `SELECT ${text}`);
  const [target] = nodesOf(nodeOf(select?.node, 'SelectStmt')?.targetList, 'ResTarget');
  return evaluate(target?.val, variables);
}

function parse(parser: Parser, text: string): Written[] {
  return tryParse(parser, text) ?? [];
}
