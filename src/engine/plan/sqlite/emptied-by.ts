/** Finds the table of which a statement deletes every row. */

import type { SqliteToken } from '../../../connections/sqlite/tokens.js';
import { deletedFrom, type FoundName } from './statement-names.js';

/** @returns undefined for a DELETE with a condition that may be false, and for any other statement. */
export function emptiedBy(tokens: readonly SqliteToken[]): FoundName | undefined {
  const outer = withoutParentheses(tokens);
  // WITH may come first, whose queries are in parentheses.
  const start = isWord(outer[0], 'WITH') ? outer.findIndex((token) => isWord(token, 'DELETE')) : 0;
  const found = start < 0 ? undefined : deletedFrom(outer.slice(start));
  const condition = outer.findIndex((token) => isWord(token, 'WHERE'));
  return condition < 0 || isAlwaysTrue(outer.slice(condition + 1)) ? found : undefined;
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
function isAlwaysTrue(condition: readonly SqliteToken[]): boolean {
  const end = condition.findIndex((token) => token.value === ';' || isWord(token, 'RETURNING'));
  const [one, operator, other, more] = end < 0 ? condition : condition.slice(0, end);
  if (!operator) return isWord(one, 'TRUE') || (one?.kind === 'literal' && Number(one.value) !== 0);
  const isSame = one?.kind === 'literal' && one.value === other?.value && !more;
  return isSame && operator.value === '=';
}

function isWord(token: SqliteToken | undefined, word: string): boolean {
  return token?.kind === 'word' && token.value === word;
}
