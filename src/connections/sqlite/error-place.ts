/** Finds the place in a statement that an error of SQLite is about. The bindings do not tell it. */

import type { SqliteStatement } from './split-statements.js';
import { readTokens } from './tokens.js';

/** The messages that name a part of the statement (https://www.sqlite.org/src/file/src/resolve.c, parse.y, build.c). */
const naming = [
  /^near "(.+)": syntax error$/s,
  /^no such (?:column|table|function|index|view|trigger|collation sequence|module): "?(.+?)"?(?: - .*)?$/s,
  /^(?:table|index|view|trigger) "?(.+?)"? already exists$/,
  /^there is already (?:a table|an index) named (.+)$/,
  /^(?:duplicate|ambiguous) column name: (.+)$/,
  /^unrecognized token: "(.+)"$/s,
];

/** @returns an index into the text of the statement; 0 where the message names nothing, or what it names is there twice. */
export function findErrorPlace({ text }: SqliteStatement, message: string): number {
  const named = naming.map((pattern) => pattern.exec(message)?.[1]).find((name) => name !== undefined);
  if (named === undefined) return 0;
  const last = named.split('.').at(-1) ?? named;
  const isNamed = (token: string) => token.toLowerCase() === last.toLowerCase();
  const places: number[] = [];
  for (const { value, start, end } of readTokens(text)) {
    if (isNamed(value) || isNamed(text.slice(start, end))) places.push(start);
  }
  return places.length === 1 ? (places[0] ?? 0) : 0;
}
