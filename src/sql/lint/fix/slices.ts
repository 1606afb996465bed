/** Cuts a file into statements with the comments that belong to each. */

import { nodeOf, nodesOf } from '../../syntax/node-of.js';
import { namePartsOf } from '../../syntax/object-names.js';
import type { Statement } from '../../syntax/parse.js';
import { findEnclosingPair, findTransactionControl } from '../../transactions/transaction-control.js';
import { withoutLastComments } from '../sql-words.js';

/** One statement. */
export interface Slice {
  statement: Statement;
  /** The text before it: blanks and comments. */
  lead: string;
  /** Without semicolon, and without the comments at its end. */
  sql: string;
  /** The comments at its end and on the rest of its line; ends with a line break. */
  rest: string;
  /** Whether it changes how those behind it are read, as SET search_path does. */
  isSetting: boolean;
}

/**
 * BEGIN and COMMIT around everything are left out, as Kat does it where there is a transaction.
 * @returns undefined for a file that has others
 */
export function cutSlices(
  text: string,
  statements: readonly Statement[],
  { isTransactional }: { isTransactional: boolean },
): Slice[] | undefined {
  const pair = isTransactional ? findEnclosingPair(statements) : undefined;
  const slices = statements.map((statement, index) => sliceOf(text, statements, [statement, index]));
  const own = pair ? slices.slice(1, -1) : slices;
  if (own.some(({ statement: { node } }) => findTransactionControl(node))) return undefined;
  const [first] = own;
  if (pair && first) first.lead = (slices[0] as Slice).lead + first.lead;
  return own;
}

function sliceOf(
  text: string,
  statements: readonly Statement[],
  [statement, index]: readonly [Statement, number],
): Slice {
  const { start, end } = statement;
  const before = statements[index - 1];
  const lead = text.slice(before ? endOfLine(text, before.end) : 0, start);
  const sql = withoutLastComments(statement.text);
  const semicolon = text.indexOf(';', end);
  const isLast = index === statements.length - 1;
  const to = isLast ? text.length : endOfLine(text, end);
  const inside = text.slice(start + sql.length, end);
  const behind = semicolon < 0 ? '' : text.slice(semicolon + 1, to);
  const gap = inside !== '' && !/^\s*\n/.test(behind) ? '\n' : '';
  const rest = `${inside}${gap}${behind}`.replace(/[ \t]+$/, '');
  return {
    statement,
    lead,
    sql,
    rest: rest.endsWith('\n') ? rest : `${rest}\n`,
    isSetting: isSetting(statement),
  };
}

/** Behind the semicolon, the comment on its line, and the line break; before the next statement that shares the line. */
function endOfLine(text: string, end: number): number {
  const semicolon = text.indexOf(';', end) + 1;
  return semicolon + (/^[ \t]*(--[^\n]*)?\r?\n?/.exec(text.slice(semicolon))?.[0] ?? '').length;
}

/** SET and set_config(…), whose effect lasts. */
function isSetting({ node }: Statement): boolean {
  const set = nodeOf(node, 'VariableSetStmt');
  if (set) return set.kind !== 'VAR_SET_MULTI';
  const [target] = nodesOf(nodeOf(node, 'SelectStmt')?.targetList, 'ResTarget');
  const call = nodeOf(target?.val, 'FuncCall');
  return namePartsOf(call?.funcname).at(-1) === 'set_config';
}
