/** Builds messages of PostgreSQL's simple protocol: in one piece of memory of exactly its size, or piece by piece. */

import type { SqlText } from './driver.js';

/** Above so many characters a message is not put into one piece of memory beside its text. */
const longLength = 1 << 20;

/** Whether a text is sent in pieces, each when the network has taken the one before. */
export function isLong(text: SqlText): boolean {
  return partsOf(text).reduce((sum, part) => sum + part.length, 0) > longLength;
}

/** The message in pieces: one where it is not long. */
export function* encodePieces(type: string, text: SqlText): Generator<Uint8Array | string> {
  if (!isLong(text)) {
    yield encodeMessage(type, text);
    return;
  }
  const parts = partsOf(text);
  yield encodeHead(type, byteLength(parts));
  for (const part of parts) yield* slices(part);
  yield Buffer.of(0);
}

function* slices(text: string): Generator<string> {
  for (let start = 0; start < text.length; ) {
    const end = Math.min(start + longLength, text.length);
    // The two halves of a surrogate pair are one character on the wire.
    const isSplit = /[\ud800-\udbff]/.test(text[end - 1] ?? '') && end < text.length;
    yield text.slice(start, isSplit ? end - 1 : end);
    start = isSplit ? end - 1 : end;
  }
}

function partsOf(text: SqlText): readonly string[] {
  return typeof text === 'string' ? [text] : text;
}

function byteLength(parts: readonly string[]): number {
  return parts.reduce((sum, part) => sum + Buffer.byteLength(part), 0);
}

/** The type and the length, which counts itself, the text and the zero byte behind it. */
function encodeHead(type: string, textBytes: number): Buffer {
  const head = Buffer.alloc(5);
  head.write(type, 0, 'latin1');
  head.writeInt32BE(textBytes + 5, 1);
  return head;
}

/**
 * @param type the message's first byte, such as `Q` for a query.
 * @returns the message with its length and the zero byte that ends its text.
 */
export function encodeMessage(type: string, text: SqlText): Buffer {
  const parts = partsOf(text);
  const length = byteLength(parts);
  const message = Buffer.allocUnsafe(length + 6);
  let end = encodeHead(type, length).copy(message);
  for (const part of parts) end += message.write(part, end);
  message[end] = 0;
  return message;
}
