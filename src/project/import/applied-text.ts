/** Recognizes by a checksum whether a file is still the text that another tool has applied. */

import { createHash } from 'node:crypto';

/** @returns whether a checksum in the tool's table is that of the file. */
export type ChecksumTest = (checksum: string) => boolean;

/**
 * For tools that hash the bytes of a file. Git changes line endings from one computer to another, and some editors write a byte
 * order mark: neither changes what the SQL does.
 * @param algorithm such as `sha256`; checksums are in hexadecimal digits.
 */
export function hashedAs(algorithm: string, text: string): ChecksumTest {
  return (checksum) =>
    [text, withLineEnd(text, '\n'), withLineEnd(text, '\r\n')]
      .flatMap((one) => [one, `\ufeff${one}`])
      .some((one) => createHash(algorithm).update(one).digest('hex') === checksum);
}

function withLineEnd(text: string, end: string): string {
  return text.split(/\r?\n/).join(end);
}

/** For Flyway: CRC-32 of all lines without their ends, as a number with a sign (LoadableResource, `calculateChecksum`). */
export function summedByLines(text: string): ChecksumTest {
  return (checksum) => String(crc32(Buffer.from(text.replace(/\r\n?|\n/g, ''))) | 0) === checksum;
}

/** As IEEE 802.3 defines it. `zlib` has it since Node.js 20.15 only. */
function crc32(bytes: Uint8Array): number {
  let rest = 0xffffffff;
  for (const byte of bytes) {
    rest ^= byte;
    for (let bit = 0; bit < 8; bit += 1) rest = (rest >>> 1) ^ (rest & 1 ? 0xedb88320 : 0);
  }
  return ~rest;
}
