/** Splits the tokens of a SQLite statement where they stand in no parentheses. */

import type { SqliteToken } from '../../../connections/sqlite/tokens.js';

/** What is between the commas. */
export function splitOuterCommas(tokens: readonly SqliteToken[]): SqliteToken[][] {
  const items: SqliteToken[][] = [[]];
  for (const [index, depth] of depthsOf(tokens).entries()) {
    const token = tokens[index] as SqliteToken;
    if (token.value === ',' && depth === 0) items.push([]);
    else items.at(-1)?.push(token);
  }
  return items;
}

/** @returns the index of the first token outside of parentheses that fits; -1 where there is none. */
export function findOuter(tokens: readonly SqliteToken[], fits: (token: SqliteToken) => boolean): number {
  const depths = depthsOf(tokens);
  return tokens.findIndex((token, index) => depths[index] === 0 && fits(token));
}

/** What is in the parentheses that contain all of the tokens; undefined where there are none. */
export function unwrap(tokens: readonly SqliteToken[]): SqliteToken[] | undefined {
  const isWhole = depthsOf(tokens)
    .slice(1)
    .every((depth) => depth > 0);
  return isWhole && tokens[0]?.value === '(' && tokens.length > 1 ? tokens.slice(1, -1) : undefined;
}

/** In how many parentheses each token stands; the opening one stands outside, the closing one inside. */
function depthsOf(tokens: readonly SqliteToken[]): number[] {
  let depth = 0;
  return tokens.map(({ kind, value }) => {
    const before = depth;
    if (kind === 'symbol' && value === '(') depth += 1;
    if (kind === 'symbol' && value === ')') depth -= 1;
    return before;
  });
}
