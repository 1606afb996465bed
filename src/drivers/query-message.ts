/** Builds messages of PostgreSQL's simple protocol, each in one piece of memory of exactly its size. */

import type { SqlText } from './driver.js';

/**
 * @param type the message's first byte, such as `Q` for a query.
 * @returns the message with its length and the zero byte that ends its text.
 */
export function encodeMessage(type: string, text: SqlText): Buffer {
  const parts = typeof text === 'string' ? [text] : text;
  const length = parts.reduce((sum, part) => sum + Buffer.byteLength(part), 0);
  const message = Buffer.allocUnsafe(length + 6);
  message.write(type, 0, 'latin1');
  message.writeInt32BE(length + 5, 1);
  let end = 5;
  for (const part of parts) end += message.write(part, end);
  message[end] = 0;
  return message;
}
