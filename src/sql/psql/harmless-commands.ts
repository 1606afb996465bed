/** Removes psql commands without effect on the database from SQL, as in files that were made for psql. */

import { KatError } from '../../errors.js';
import { maxParsedBytes, type Parser, parseStatements } from '../syntax/parse.js';
import { blank, findLeftover } from './psql-leftovers.js';

/** Those that change only how psql works or what it prints. A variable that `\set` sets is found where it is used. */
const harmless = /^\\(?:set|unset|echo|qecho|warn|timing|pset|x|a|t|f|H|restrict|unrestrict)(?:\s|$)/;

export interface WithoutCommands {
  /** Spaces stand in their place, so that every position stays right. */
  text: string;
  /** The removed commands. */
  dropped: readonly { command: string; start: number }[];
}

/** @param text is given back as it is where it cannot be parsed for other reasons, or is longer than `maxParsedBytes`. */
export function dropHarmlessCommands(parser: Parser, text: string): WithoutCommands {
  if (!/^\s*\\/m.test(text) || Buffer.byteLength(text) > maxParsedBytes) return { text, dropped: [] };
  const dropped: { command: string; start: number }[] = [];
  let kept = text;
  let scanned = text;
  for (;;) {
    const leftover = nextLeftover(parser, scanned);
    if (!leftover) return { text: kept, dropped };
    const { start, end, replacement } = leftover;
    const command = text.slice(start, end);
    if (harmless.test(command)) {
      dropped.push({ command, start });
      kept = kept.slice(0, start) + blank(text, start, end) + kept.slice(end);
    }
    scanned = scanned.slice(0, start) + replacement + scanned.slice(end);
  }
}

function nextLeftover(parser: Parser, text: string): ReturnType<typeof findLeftover> {
  try {
    const { problem } = parseStatements(parser, text);
    return problem && findLeftover(parser, text, problem);
  } catch (error) {
    if (error instanceof KatError) return undefined;
    throw error;
  }
}
