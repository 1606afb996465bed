/** Spells names as they were declared: SQLite compares them without regard to capitals, and stores them as somebody wrote them. */

import { asciiLower } from '../../../connections/sqlite/ascii-lower.js';
import { type SqlPiece, sqliteName } from './canonical-sql.js';

/** Names as SQL, by the name in lower case. */
export type DeclaredNames = ReadonlyMap<string, string>;

/** @param names without quotes */
export function declareNames(names: readonly string[]): Map<string, string> {
  return new Map(names.map((name) => [asciiLower(name), sqliteName(name)]));
}

/** @returns undefined for a name that is not declared. */
export function findDeclared(declared: DeclaredNames, { text }: SqlPiece): string | undefined {
  const quote = /^["']/.exec(text)?.[0];
  const name = quote === undefined ? text : text.slice(1, -1).replaceAll(quote + quote, quote);
  return declared.get(asciiLower(name));
}

/** The pieces of an expression. */
export function spellNames(pieces: readonly SqlPiece[], declared: DeclaredNames): SqlPiece[] {
  return pieces.map((piece) => (piece.kind === 'name' ? spelled(piece, declared) : piece));
}

/** The pieces of a list of columns, where many a keyword is a name. */
export function spellColumns(pieces: readonly SqlPiece[], declared: DeclaredNames): SqlPiece[] {
  const isOther = ({ kind, text }: SqlPiece) => kind === 'keyword' && /^(?:COLLATE|ASC|DESC)$/.test(text);
  return pieces.map((piece) =>
    isOther(piece) || piece.kind === 'literal' ? piece : spelled(piece, declared),
  );
}

function spelled(piece: SqlPiece, declared: DeclaredNames): SqlPiece {
  const text = findDeclared(declared, piece);
  return text === undefined ? piece : { kind: 'name', text };
}
