/** Rewrites statements whose effect ends with their transaction: in a trace, each statement has a transaction of its own. */

import type { Statement } from '../../sql/syntax/parse.js';
import { visitTokens } from '../../sql/syntax/tokens.js';

/** The text of the statement, so that its effect lasts until the migration ends. Places in it stay the same. */
export function lasting({ node, text }: Pick<Statement, 'node' | 'text'>): string {
  if ('VariableSetStmt' in node && node.VariableSetStmt.is_local === true)
    return text.replace(/^SET\s+LOCAL\b/i, 'SET');
  return 'CreateStmt' in node || 'CreateTableAsStmt' in node ? keepRows(text) : text;
}

const clauses: readonly (readonly string[])[] = [
  ['ON', 'COMMIT', 'DROP'],
  ['ON', 'COMMIT', 'DELETE', 'ROWS'],
];

/** Takes away the clause of a temporary table that drops or empties it at COMMIT. */
function keepRows(text: string): string {
  const tokens: { word: string; start: number; end: number }[] = [];
  visitTokens(text, (start, end) => tokens.push({ word: text.slice(start, end).toUpperCase(), start, end }));
  for (const clause of clauses) {
    const first = tokens.findIndex((_, index) =>
      clause.every((word, offset) => tokens[index + offset]?.word === word),
    );
    const [start, end] = [tokens[first]?.start, tokens[first + clause.length - 1]?.end];
    if (start !== undefined && end !== undefined)
      return text.slice(0, start) + ' '.repeat(end - start) + text.slice(end);
  }
  return text;
}
