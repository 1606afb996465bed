/** Reads pieces of SQL one after the other. */

import { joinPieces, type SqlPiece } from './canonical-sql.js';

export interface PieceReader {
  readonly isAtEnd: boolean;
  peek(offset?: number): SqlPiece | undefined;
  next(): SqlPiece | undefined;
  /** Reads these keywords if all of them come next. @returns whether they did. */
  take(...words: readonly string[]): boolean;
  /** Reads a group in round brackets, if one comes next. @returns what is in it. */
  takeGroup(): SqlPiece[] | undefined;
  /** What is left, unread. */
  rest(): SqlPiece[];
}

export function readPieces(pieces: readonly SqlPiece[]): PieceReader {
  let at = 0;
  const peek = (offset = 0) => pieces[at + offset];
  return {
    get isAtEnd() {
      return at >= pieces.length;
    },
    peek,
    next: () => pieces[at++],
    take: (...words) => {
      const isNext = words.every((word, index) => isWord(peek(index), word));
      if (isNext) at += words.length;
      return isNext;
    },
    takeGroup: () => {
      if (peek()?.text !== '(') return undefined;
      const end = endOfGroup(pieces, at);
      const inside = pieces.slice(at + 1, end);
      at = end + 1;
      return inside;
    },
    rest: () => pieces.slice(at),
  };
}

/** A quoted name is no keyword, and a keyword is never quoted in a piece. */
function isWord(piece: SqlPiece | undefined, word: string): boolean {
  return piece?.kind === 'keyword' && piece.text === word;
}

function endOfGroup(pieces: readonly SqlPiece[], start: number): number {
  let depth = 0;
  for (let at = start; at < pieces.length; at += 1) {
    if (pieces[at]?.text === '(') depth += 1;
    if (pieces[at]?.text === ')') depth -= 1;
    if (depth === 0) return at;
  }
  return pieces.length;
}

/** The parts between the commas that are in no brackets. */
export function splitAtCommas(pieces: readonly SqlPiece[]): SqlPiece[][] {
  const parts: SqlPiece[][] = [[]];
  let depth = 0;
  for (const piece of pieces) {
    if (piece.text === '(') depth += 1;
    if (piece.text === ')') depth -= 1;
    if (piece.text === ',' && depth === 0) parts.push([]);
    else parts.at(-1)?.push(piece);
  }
  return parts;
}

/** A list of columns as canonical SQL; ascending is the usual order. */
export function joinList(pieces: readonly SqlPiece[]): string {
  return joinPieces(pieces.filter(({ kind, text }) => kind !== 'keyword' || text !== 'ASC'));
}
