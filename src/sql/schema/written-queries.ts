/** Collects the queries of a PL/pgSQL body that are written down, also those that EXECUTE makes of constants. */

import type { Constant } from '../effects/context.js';
import { objectsIn } from '../syntax/objects-in.js';
import type { PlBody } from '../syntax/plpgsql-parse.js';

type Variables = ReadonlyMap<string, Constant>;

/** An expression, and the values of variables that are known where it stands. */
export interface Expression {
  text: string;
  variables: Variables;
}

interface PlExpression {
  PLpgSQL_expr?: { query?: string };
}

interface PlStatement {
  PLpgSQL_stmt_execsql?: { sqlstmt?: PlExpression };
  PLpgSQL_stmt_dynexecute?: { query?: PlExpression };
  PLpgSQL_stmt_perform?: { expr?: PlExpression };
  PLpgSQL_stmt_foreach_a?: { varno?: number; expr?: PlExpression; body?: unknown };
}

interface Variable {
  refname?: string;
  default_val?: PlExpression;
}

/**
 * In the order of the body. PERFORM is a SELECT. The body of FOREACH over constants counts once for each of them.
 * @param evaluateText the constant that an expression amounts to, undefined for any other
 */
export function writtenQueries(body: PlBody, evaluateText: (expression: Expression) => Constant): string[] {
  const found: string[] = [];
  const open: { part: unknown; variables: Variables }[] = [
    { part: body.action, variables: constantVariables(body, evaluateText) },
  ];
  for (let next = open.pop(); next; next = open.pop()) {
    const { part, variables } = next;
    if (typeof part !== 'object' || part === null) continue;
    const query = queryOf(part, (text) => evaluateText({ text, variables }));
    if (query !== undefined) found.push(query);
    const rounds = roundsOf(body, part, (text) => evaluateText({ text, variables }));
    const inner = rounds
      ? rounds.map(({ name, value, inside }) => ({
          part: inside,
          variables: new Map([...variables, [name, value]]),
        }))
      : Object.values(part).map((child) => ({ part: child, variables }));
    open.push(...inner.toReversed());
  }
  return found;
}

function queryOf(part: PlStatement, evaluateText: (text: string) => Constant): string | undefined {
  const plain = textOf(part.PLpgSQL_stmt_execsql?.sqlstmt) ?? textOf(part.PLpgSQL_stmt_perform?.expr);
  if (plain !== undefined) return plain;
  const dynamic = textOf(part.PLpgSQL_stmt_dynexecute?.query);
  const value = dynamic === undefined ? undefined : evaluateText(dynamic);
  return typeof value === 'string' ? value : undefined;
}

interface Round {
  name: string;
  value: string;
  inside: unknown;
}

/** The rounds of a FOREACH over a list of constants; undefined for everything else. */
function roundsOf(
  body: PlBody,
  part: PlStatement,
  evaluateText: (text: string) => Constant,
): Round[] | undefined {
  const { varno = -1, expr, body: inside } = part.PLpgSQL_stmt_foreach_a ?? {};
  const list = textOf(expr);
  const values = list === undefined ? undefined : evaluateText(list);
  const name = variableOf(body.datums[varno])?.refname;
  if (typeof values !== 'object' || name === undefined) return undefined;
  return values.map((value) => ({ name, value, inside }));
}

/** The variables that get a constant where they are declared, and nothing afterwards. */
function constantVariables(
  { datums, action }: PlBody,
  evaluateText: (expression: Expression) => Constant,
): Variables {
  const changed = new Set([...objectsIn(action)].flatMap((part) => targetsOf(part, datums)));
  const variables = new Map<string, Constant>();
  for (const datum of datums) {
    const { refname, default_val } = variableOf(datum) ?? {};
    const text = textOf(default_val);
    if (refname === undefined || text === undefined || changed.has(refname) || isTwice(datums, refname))
      continue;
    variables.set(refname, evaluateText({ text, variables }));
  }
  return variables;
}

/** An inner block may declare a name again. */
function isTwice(datums: PlBody['datums'], name: string): boolean {
  return datums.filter((datum) => variableOf(datum)?.refname === name).length > 1;
}

/** The names that a part of a body assigns to: of `:=`, of loops, and of INTO. */
function targetsOf(part: object, datums: PlBody['datums']): string[] {
  const { varno, fields, refname } = part as {
    varno?: number;
    fields?: readonly { name?: string }[];
    refname?: string;
  };
  const assigned = varno === undefined ? undefined : variableOf(datums[varno])?.refname;
  const named = Array.isArray(fields) ? fields.map(({ name }) => name) : [];
  return [assigned, refname, ...named].filter((name) => name !== undefined);
}

function variableOf(datum: object | undefined): Variable | undefined {
  return datum && (Object.values(datum)[0] as Variable | undefined);
}

function textOf(expression: PlExpression | undefined): string | undefined {
  return expression?.PLpgSQL_expr?.query;
}
