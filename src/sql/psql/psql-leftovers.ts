/** Recognises what only psql understands, so that a syntax error can be explained instead of repeated. */

import type { Node } from '@pgsql/types';
import { type Parser, type SyntaxProblem, tryParse } from '../syntax/parse.js';
import { TokenScanner } from '../syntax/token-scanner.js';

/** A part of a file that is not SQL but meant for psql. */
export interface Leftover {
  message: string;
  help: string;
  /** UTF-16 indices into the text. */
  start: number;
  end: number;
  /** A replacement of equal length, to continue reading after it. */
  replacement: string;
}

/** The problem of a COPY that waits for rows. */
export const copyFromStdin = {
  message: 'COPY FROM STDIN needs rows from a client program, which a migration does not have',
  help: 'Write the rows as INSERT statements, or load them outside of the migrations.',
};

/** Whether a statement is a COPY that reads rows from its client. */
export function isCopyFromStdin(node: Node): boolean {
  return 'CopyStmt' in node && node.CopyStmt.is_from === true && node.CopyStmt.filename === undefined;
}

/**
 * Looks for something of psql's behind a syntax error: rows of a COPY before it, or a command or variable right there.
 * @returns undefined when the error is just an error.
 */
export function findLeftover(parser: Parser, text: string, error: SyntaxProblem): Leftover | undefined {
  return (
    findCopyRows(parser, text, error.index) ??
    findCommand(text, error.index) ??
    findVariable(text, error.index)
  );
}

/** A COPY … FROM STDIN that ends before `index`, with all rows up to the line `\.`. */
function findCopyRows(parser: Parser, text: string, index: number): Leftover | undefined {
  for (const { start: pieceStart, end: rowsStart } of splitAtSemicolons(text.slice(0, index))) {
    const piece = text.slice(pieceStart, rowsStart);
    if (!/\bfrom\s+stdin\b/i.test(piece)) continue;
    // Only the parser knows whether this is a statement or part of a string or comment.
    const [copy] = tryParse(parser, piece) ?? [];
    if (!copy || !isCopyFromStdin(copy.node)) continue;
    const start = pieceStart + copy.start;
    const rows = /^\\\.[ \t]*$/m.exec(text.slice(rowsStart));
    const end = rows ? rowsStart + rows.index + rows[0].length : text.length;
    return { ...copyFromStdin, start, end, replacement: blank(text, start, end) };
  }
  return undefined;
}

/** Text up to a semicolon outside of strings and comments: a statement, or a part of a compound one. */
function splitAtSemicolons(text: string): { start: number; end: number }[] {
  const pieces: { start: number; end: number }[] = [];
  const scanner = new TokenScanner({
    word: () => undefined,
    sign: (sign, at) => {
      if (sign === ';') pieces.push({ start: pieces.at(-1)?.end ?? 0, end: at + 1 });
    },
  });
  scanner.push(text);
  scanner.push(undefined);
  return pieces;
}

const commandHelp: readonly [commands: RegExp, help: string][] = [
  [/^(i|ir|include|include_relative)$/, 'Put the SQL of that file here, or into a migration of its own.'],
  [/^(c|connect)$/, 'Remove it: all migrations run in the database that the configuration names.'],
  [/^(copy|\.)$/, copyFromStdin.help],
];

/** A backslash that the grammar stumbles over is a command of psql: it has no meaning in SQL outside of quotes. */
function findCommand(text: string, index: number): Leftover | undefined {
  const match = matchAt(/\\(\S*)[^\r\n]*/y, text, index);
  if (!match) return undefined;
  const name = match[1] as string;
  const end = index + match[0].length;
  const blanks = blank(text, index, end);
  return {
    message: `\\${name} is a psql command, not SQL`,
    help:
      commandHelp.find(([names]) => names.test(name))?.[1] ?? 'Remove it, or write SQL that does the same.',
    start: index,
    end,
    // \g, \gset, \gexec and their kind end the statement before them.
    replacement: name.startsWith('g') ? `;${blanks.slice(1)}` : blanks,
  };
}

function findVariable(text: string, index: number): Leftover | undefined {
  const match = matchAt(/:(?:[\w\u0080-\uffff]+|'[^'\r\n]*'|"[^"\r\n]*")/y, text, index);
  if (!match) return undefined;
  const variable = match[0];
  const isQuoted = /^:['"]/.test(variable);
  return {
    message: `${variable} is a variable of psql, not SQL`,
    help: 'Write the value itself: nothing is replaced in the SQL of a migration.',
    start: index,
    end: index + variable.length,
    replacement: (isQuoted ? ' ' : '_') + variable.slice(1),
  };
}

function matchAt(sticky: RegExp, text: string, index: number): RegExpExecArray | null {
  sticky.lastIndex = index;
  return sticky.exec(text);
}

/** Spaces in place of a part of a text, in as many lines, so that every position behind it stays right. */
export function blank(text: string, start: number, end: number): string {
  return text.slice(start, end).replace(/[^\r\n]/g, ' ');
}
