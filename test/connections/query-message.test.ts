import { expect, test } from 'vitest';
import { encodeMessage, encodePieces, isLong } from '../../src/connections/query-message.js';

test('a message has its type, its length without the type, its text, and a zero byte', () => {
  expect([...encodeMessage('Q', 'aä')]).toEqual([0x51, 0, 0, 0, 8, 0x61, 0xc3, 0xa4, 0]);
});

test('parts make the same message as the text that they are parts of', () => {
  expect(encodeMessage('Q', ['SELECT ', "'€𝕏'", '', ';'])).toEqual(encodeMessage('Q', "SELECT '€𝕏';"));
});

const join = (pieces: Iterable<Uint8Array | string>) =>
  Buffer.concat([...pieces].map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece)));

test('a short message is one piece', () => {
  expect([...encodePieces('Q', ['SELECT ', '1'])]).toEqual([encodeMessage('Q', 'SELECT 1')]);
  expect(isLong(['SELECT ', '1'])).toBe(false);
});

test('the pieces of a long message are the message, and none ends within a character', () => {
  const half = 'x'.repeat((1 << 20) - 1);
  for (const text of [`${half}𝕏${half}𝕏`, [half, '𝕏', half], ['€'.repeat(1 << 21)]]) {
    const whole = encodeMessage('Q', text);
    const pieces = [...encodePieces('Q', text)];
    expect(isLong(text)).toBe(true);
    expect(join(pieces).equals(whole)).toBe(true);
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThanOrEqual(1 << 20);
  }
});
