/** Reads files that are too long to be held in memory more often than once. */

import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, statSync } from 'node:fs';

/** Small enough that the texts of pieces go where the garbage collector looks first. */
const pieceBytes = 1 << 16;

/** The text of a long file in pieces, without a byte order mark, and its fingerprint as `checksum` computes it. */
export interface LongFile {
  pieces: readonly string[];
  checksum: string;
}

/**
 * @param limitBytes how many bytes are not long yet.
 * @returns undefined for a file that is not longer, cannot be read, or is no text that PostgreSQL takes: `readSqlFile`
 *   gives its text then, or says what is wrong.
 */
export function readIfLonger(path: string, limitBytes: number): LongFile | undefined {
  const pieces: string[] = [];
  const checksum = scanIfLonger(path, limitBytes, (piece) => pieces.push(piece));
  return checksum === undefined ? undefined : { pieces, checksum };
}

/**
 * The fingerprint alone, without keeping the text. Arguments and result as in `readIfLonger`.
 * @param onPiece is shown the text in pieces, also of a file that turns out to be no text.
 */
export function checksumIfLonger(
  path: string,
  limitBytes: number,
  onPiece: PieceListener = () => undefined,
): string | undefined {
  return scanIfLonger(path, limitBytes, onPiece);
}

type PieceListener = (piece: string) => void;

function scanIfLonger(path: string, limitBytes: number, onPiece: PieceListener): string | undefined {
  try {
    return statSync(path).size > limitBytes ? scan(path, onPiece) : undefined;
  } catch {
    return undefined;
  }
}

/** @returns the fingerprint. */
function scan(path: string, onPiece: PieceListener): string | undefined {
  const hash = createHash('sha256');
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const bytes = Buffer.allocUnsafe(pieceBytes);
  const file = openSync(path, 'r');
  try {
    let held = '';
    for (;;) {
      const length = readSync(file, bytes);
      const piece = decoder.decode(bytes.subarray(0, length), { stream: length > 0 });
      if (piece.includes('\0')) return undefined;
      onPiece(piece);
      const text = held + piece;
      // Its line feed may be the first byte of the next piece.
      held = length > 0 && text.endsWith('\r') ? '\r' : '';
      hash.update(text.slice(0, text.length - held.length).replaceAll('\r\n', '\n'));
      if (length === 0) return hash.digest('hex');
    }
  } finally {
    closeSync(file);
  }
}
