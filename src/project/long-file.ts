/** Fingerprints files that are too long to be held as text only for that. */

import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, statSync } from 'node:fs';

/** Small enough that the texts of pieces go where the garbage collector looks first. */
const pieceBytes = 1 << 16;

/**
 * The fingerprint of a long file's text, as `checksum` computes it.
 * @param limitBytes how many bytes are not long yet.
 * @returns undefined for a file that is not longer, cannot be read, or is no text that PostgreSQL takes: `readSqlFile`
 *   gives its text then, or says what is wrong.
 */
export function checksumIfLonger(path: string, limitBytes: number): string | undefined {
  try {
    return statSync(path).size > limitBytes ? readChecksum(path) : undefined;
  } catch {
    return undefined;
  }
}

function readChecksum(path: string): string | undefined {
  const hash = createHash('sha256');
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const piece = Buffer.allocUnsafe(pieceBytes);
  const file = openSync(path, 'r');
  try {
    let held = '';
    for (;;) {
      const length = readSync(file, piece);
      const text = held + decoder.decode(piece.subarray(0, length), { stream: length > 0 });
      if (text.includes('\0')) return undefined;
      // Its line feed may be the first byte of the next piece.
      held = length > 0 && text.endsWith('\r') ? '\r' : '';
      hash.update(text.slice(0, text.length - held.length).replaceAll('\r\n', '\n'));
      if (length === 0) return hash.digest('hex');
    }
  } finally {
    closeSync(file);
  }
}
