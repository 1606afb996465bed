/** Writes tokens of SQLite's SQL in one way, whatever blanks, comments, quotes and capitals of keywords the text had. */

import type { SqliteToken } from '../../../connections/sqlite/tokens.js';
import { quoteIdentifier } from '../../../quote.js';
import { sqliteKeywords } from './keywords.js';

/** A keyword, name, literal or operator. */
export interface SqlPiece {
  kind: 'keyword' | 'name' | 'literal' | 'symbol';
  /** As it is written in canonical SQL; keywords are in upper case. */
  text: string;
}

/** @returns the name as SQL, in quotes only where it needs them. */
export function sqliteName(name: string): string {
  const isPlain = /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !sqliteKeywords.has(name.toUpperCase());
  return isPlain ? name : quoteIdentifier(name);
}

/** Puts together what the tokens have in parts: operators, numbers and blobs. */
export function piecesOf(tokens: Iterable<SqliteToken>): SqlPiece[] {
  const pieces: SqlPiece[] = [];
  let [last, end] = [undefined as SqlPiece | undefined, -1];
  for (const token of tokens) {
    if (last && token.start === end && continues(last, token)) {
      last.text += token.text;
      if (token.kind === 'literal') last.kind = 'literal';
    } else {
      last = pieceOf(token);
      pieces.push(last);
    }
    end = token.end;
  }
  return pieces;
}

function pieceOf({ kind, value, text }: SqliteToken): SqlPiece {
  if (kind === 'word' && sqliteKeywords.has(value)) return { kind: 'keyword', text: value };
  if (kind === 'word') return { kind: 'name', text };
  if (kind === 'name') return { kind, text: sqliteName(value) };
  return { kind, text };
}

const operators: ReadonlySet<string> = new Set(['||', '->', '->>', '<<', '>>', '<=', '>=', '<>', '!=', '==']);

function continues(last: SqlPiece, { kind, text }: SqliteToken): boolean {
  if (kind === 'symbol' && last.kind === 'symbol') return operators.has(last.text + text);
  if (last.kind === 'literal' && /^[\d.]/.test(last.text)) {
    const isExponent = /^[\d.]+e$/i.test(last.text) && /^[+-]$/.test(text);
    return isExponent || text === '.' || (kind === 'literal' && /[.+-]$/.test(last.text));
  }
  if (last.text === '.') return kind === 'literal' && /^\d/.test(text);
  return /^x$/i.test(last.text) && text.startsWith("'");
}

/** @returns SQL that SQLite reads as it reads the text that the pieces come from. */
export function joinPieces(pieces: readonly SqlPiece[]): string {
  return pieces.map((piece, index) => `${isApart(pieces, index) ? ' ' : ''}${piece.text}`).join('');
}

function isApart(pieces: readonly SqlPiece[], index: number): boolean {
  const [last, { text }] = [pieces[index - 1], pieces[index] as SqlPiece];
  if (!last || /^[,).;]$/.test(text) || /^[(.]$/.test(last.text)) return false;
  if (isSign(pieces, index - 1)) return false;
  return text !== '(' || last.kind !== 'name';
}

/** A sign in front of a number, and no operator between two values. */
function isSign(pieces: readonly SqlPiece[], index: number): boolean {
  const [left, sign, right] = [pieces[index - 1], pieces[index], pieces[index + 1]];
  if (!sign || !/^[+-]$/.test(sign.text) || right?.kind !== 'literal') return false;
  return !left || left.kind === 'keyword' || (left.kind === 'symbol' && left.text !== ')');
}
