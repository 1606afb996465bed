/** Finds the table of which a statement deletes every row. */

import type { SqliteToken } from '../../../connections/sqlite/tokens.js';
import { deletedFrom, type FoundName } from './statement-names.js';

/** @returns undefined for a DELETE with a condition that may be false, and for any other statement. */
export function emptiedBy(tokens: readonly SqliteToken[]): FoundName | undefined {
  const outer = outerTokens(tokens, 'DELETE');
  const found = deletedFrom(outer);
  const condition = outer.findIndex((token) => isWord(token, 'WHERE'));
  return condition < 0 || meansEveryRow(outer.slice(condition + 1)) ? found : undefined;
}

/**
 * @param verb of the statement: WITH may come before it, whose queries are in parentheses.
 * @returns what stands in no parentheses, from the verb on; nothing for WITH in front of another statement.
 */
export function outerTokens(tokens: readonly SqliteToken[], verb: string): SqliteToken[] {
  const outer = withoutParentheses(tokens);
  if (!isWord(outer[0], 'WITH')) return outer;
  const start = outer.findIndex((token) => isWord(token, verb));
  return start < 0 ? [] : outer.slice(start);
}

function withoutParentheses(tokens: readonly SqliteToken[]): SqliteToken[] {
  let depth = 0;
  return tokens.filter(({ kind, value }) => {
    if (kind === 'symbol' && value === '(') depth += 1;
    const isOuter = depth === 0 || (depth === 1 && value === '(');
    if (kind === 'symbol' && value === ')') depth -= 1;
    return isOuter;
  });
}

/** `TRUE`, a number that is not zero, or a literal that is compared with itself. */
export function meansEveryRow(condition: readonly SqliteToken[]): boolean {
  const end = condition.findIndex((token) => token.value === ';' || isWord(token, 'RETURNING'));
  const [one, operator, other, more] = end < 0 ? condition : condition.slice(0, end);
  if (!operator) return isWord(one, 'TRUE') || (one?.kind === 'literal' && Number(one.value) !== 0);
  const isSame = one?.kind === 'literal' && one.value === other?.value && !more;
  return isSame && operator.value === '=';
}

export function isWord(token: SqliteToken | undefined, word: string): boolean {
  return token?.kind === 'word' && token.value === word;
}
