/** Parses SQL with PostgreSQL's own grammar, and returns each statement's place in the file. */

import type { Node, RawStmt } from '@pgsql/types';
import type { SqlErrorDetails } from 'libpg-query';
import { beforeWebAssembly } from '../../before-webassembly.js';
import { KatError } from '../../errors.js';
import { type Literals, withBackslashes } from './backslashes.js';
import { withCommentsAnywhere } from './comments-between-tokens.js';
import { indexLines, indexOfCharacter, indexPlaces, type TextPosition } from './position.js';
import type { StatementKind } from './statement-kinds.js';

/** The parts of libpg-query that Kat uses, once its WebAssembly is loaded. */
export type Parser = Pick<
  typeof import('libpg-query'),
  'parseSync' | 'parsePlPgSQLSync' | 'scanSync' | 'hasSqlDetails'
>;

/** One statement of a file. */
export interface Statement {
  /** Exactly `sql.slice(start, end)`: without what stands before it, nor its semicolon; comments at its end belong to it. */
  text: string;
  /** UTF-16 indices into the file's text. */
  start: number;
  end: number;
  /** Its first line, counted from 1. */
  line: number;
  column: number;
  /** As libpg-query describes it: an object with one key, `kind`. Its `location`s are bytes of UTF-8 from the text's beginning. */
  node: Node;
  /** The name of the grammar's node, such as `CreateStmt`. */
  kind: StatementKind;
}

/** Why a text is not SQL, in PostgreSQL's words. */
export interface SyntaxProblem extends TextPosition {
  message: string;
  sqlstate: string;
  /** UTF-16 index into the text. */
  index: number;
  /** Whether PostgreSQL says where it is: false only for escapes that make no valid UTF-8, whose index is 0. */
  isPlaced: boolean;
}

/** The statements of a text, or why it is no SQL. */
export type ParsedText =
  | { statements: Statement[]; problem?: undefined }
  | { statements?: undefined; problem: SyntaxProblem };

/**
 * Texts with more bytes than this should not be parsed: the tree takes up to sixty times the memory of its text,
 * and WebAssembly's memory never shrinks.
 */
export const maxParsedBytes = 8 * 1024 * 1024;

/** Loads the parser when it is first needed. @param literals how the server reads plain string literals */
export async function loadParser(literals: Literals = 'standard'): Promise<Parser> {
  const parser = await import('libpg-query');
  beforeWebAssembly();
  await parser.loadModule().catch((cause: unknown) => {
    throw unreadableParser(cause);
  });
  const tolerant = withCommentsAnywhere(parser);
  if (literals === 'other syntax') return (await import('./other-syntax.js')).withOtherSyntax(tolerant);
  return literals === 'standard' ? tolerant : withBackslashes(tolerant);
}

/** Its WebAssembly is a file beside it, which a bundler does not bring along. */
function unreadableParser(cause: unknown): KatError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new KatError('USAGE', `the SQL parser libpg-query cannot be loaded: ${reason}`, {
    help: 'Keep libpg-query and @electric-sql/pglite outside of the bundle, and install them beside it.',
    cause,
  });
}

/**
 * @param text at most `maxParsedBytes` long. As in one message to a server, `SET standard_conforming_strings` inside it
 *   does not change how the rest is read.
 * @returns the statements in the order of the text, none for a text of blanks and comments; or the first error.
 * @throws KatError SQL_INVALID when the statements nest too deeply for the parser, which says nothing about the SQL.
 */
export function parseStatements(parser: Parser, text: string): ParsedText {
  // libpg-query refuses an empty string, and stops at a NUL byte without a word.
  if (text === '') return { statements: [] };
  const nul = text.indexOf('\0');
  if (nul >= 0) return { problem: { ...problemAt(text, nul, `${invalidUtf8}0x00`), sqlstate: '22021' } };
  if (slowComments.test(text)) throw tooDeep();
  try {
    return { statements: describeStatements(text, parser.parseSync(text).stmts ?? []) };
  } catch (error) {
    if (parser.hasSqlDetails(error) && error.sqlDetails) {
      return { problem: describeError(text, error.sqlDetails) };
    }
    throw tooDeep(error);
  }
}

/**
 * The scanner reads all signs that follow the beginning of a comment, and then puts them back (scan.l, `xcstart`): thousands of
 * comments that begin inside of each other without a blank would take minutes, in which no signal is heard.
 */
const slowComments = /\/\*[*/+\-<>=~!@#%^&|`?]{10000}/;

function tooDeep(cause?: unknown): KatError {
  return new KatError('SQL_INVALID', 'the SQL nests too deeply for the parser', {
    help: 'Split the longest expression of the file into several statements.',
    ...(cause === undefined ? {} : { cause }),
  });
}

/** As `parseStatements`, for those who do not ask why: undefined for what is no SQL, and for what the parser gives up on. */
export function tryParse(parser: Parser, text: string): Statement[] | undefined {
  try {
    return parseStatements(parser, text).statements;
  } catch {
    return undefined;
  }
}

function describeStatements(text: string, found: readonly RawStmt[]): Statement[] {
  const indexOfByte = followBytes(text);
  const positionOf = indexPlaces(text);
  return found.map(({ stmt, stmt_location = 0, stmt_len }) => {
    const start = indexOfByte(stmt_location);
    // The last statement has no length: it goes on to the end of the text.
    const end = trimEnd(text, start, stmt_len ? indexOfByte(stmt_location + stmt_len) : text.length);
    const { line, column } = positionOf(start);
    const node = stmt as Node;
    return {
      text: text.slice(start, end),
      start,
      end,
      line,
      column,
      node,
      kind: Object.keys(node)[0] as StatementKind,
    };
  });
}

/** libpg-query counts bytes of UTF-8. The function that this returns must be asked in ascending order. */
function followBytes(text: string): (byte: number) => number {
  let index = 0;
  let byte = 0;
  return (target) => {
    while (byte < target && index < text.length) {
      const code = text.codePointAt(index) as number;
      byte += utf8Length(code);
      index += code < 0x10000 ? 1 : 2;
    }
    return index;
  };
}

function utf8Length(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}

/** Takes off the blanks that PostgreSQL's scanner knows (scan.l, `space`): others, such as U+00A0, are parts of names. */
function trimEnd(text: string, start: number, end: number): number {
  let trimmed = end;
  while (trimmed > start && ' \t\n\r\f\v'.includes(text[trimmed - 1] as string)) trimmed -= 1;
  return trimmed;
}

/** @param details with `cursorPosition` in characters counted from 0. */
function describeError(text: string, details: SqlErrorDetails): SyntaxProblem {
  const { message, cursorPosition, functionName } = details;
  const index = indexOfCharacter(text, cursorPosition + 1);
  // If the text ends too early, point behind its last word, not at an empty line.
  const shown = index === text.length ? trimEnd(text, 0, index) : index;
  const sqlstate = sqlstateOf(`${functionName}: ${message}`);
  return { ...problemAt(text, shown, message), sqlstate, isPlaced: !message.startsWith(invalidUtf8) };
}

function problemAt(text: string, index: number, message: string): SyntaxProblem {
  return { message, sqlstate: '42601', index, isPlaced: true, ...indexLines(text)(index) };
}

const invalidUtf8 = 'invalid byte sequence for encoding "UTF8": ';

/** The scanner and the grammar raise a few errors that are not 42601 (scan.l and gram.y of PostgreSQL 18). */
const otherSqlstates: readonly [origin: RegExp, sqlstate: string][] = [
  [/ not yet implemented$/, '0A000'],
  [/ constraints cannot be marked /, '0A000'],
  [/: precision for type float must be /, '22023'],
  [/: invalid byte sequence for encoding /, '22021'],
  // In E'' strings; the same words about U&'' strings are 42601.
  [/^core_yylex: invalid Unicode escape$/, '22025'],
];

/** @param origin the raising function's name and its message. */
function sqlstateOf(origin: string): string {
  return otherSqlstates.find(([pattern]) => pattern.test(origin))?.[1] ?? '42601';
}
