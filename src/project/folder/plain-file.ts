/** Fingerprints the files that most migrations have, short ones without anything that `checksum` takes away, in one look. */

import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { closeSync, constants, openSync, readSync } from 'node:fs';

const plainBytes = 1 << 16;

/** A pipe that has the file's name does not hold up the program (there is no such flag on Windows). */
const readingFlags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** Used again for every file: nothing waits between reading and hashing. */
let buffer: Buffer | undefined;

/**
 * The fingerprint of a short file as `checksum` computes it: a third of the work, because its bytes never become a text.
 * @returns undefined for a file that is longer, has a CR or a byte order mark, cannot be read, or is no text that PostgreSQL
 *   takes: `checksum` and `readSqlFile` must look at it.
 */
export function checksumIfPlain(path: string): string | undefined {
  const bytes = readIfShort(path);
  return bytes && isPlain(bytes) ? createHash('sha256').update(bytes).digest('hex') : undefined;
}

/** Elsewhere file names may ignore case, and opening a file cannot detect links. */
const tellsLinks = process.platform === 'linux';

/**
 * The text of a short file that is no link.
 * @returns undefined for anything else, for what cannot be read, and where the system does not tell links.
 */
export function readPlainText(path: string): string | undefined {
  if (!tellsLinks) return undefined;
  const bytes = readIfShort(path, readingFlags | constants.O_NOFOLLOW);
  return bytes && isUtf8(bytes) ? bytes.toString('utf8') : undefined;
}

/** @returns what the next call overwrites. */
function readIfShort(path: string, flags = readingFlags): Buffer | undefined {
  buffer ??= Buffer.allocUnsafeSlow(plainBytes);
  let file: number | undefined;
  try {
    file = openSync(path, flags);
    let length = 0;
    for (let count = -1; count !== 0; length += count) {
      if (length === plainBytes) return undefined;
      count = readSync(file, buffer, length, plainBytes - length, null);
    }
    return buffer.subarray(0, length);
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function isPlain(bytes: Buffer): boolean {
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return !hasMark && !bytes.includes(0x0d) && !bytes.includes(0) && isUtf8(bytes);
}
