import { expect, test } from 'vitest';
import { encodeMessage } from '../../src/drivers/query-message.js';

test('a message has its type, its length without the type, its text, and a zero byte', () => {
  expect([...encodeMessage('Q', 'aä')]).toEqual([0x51, 0, 0, 0, 8, 0x61, 0xc3, 0xa4, 0]);
});

test('parts make the same message as the text that they are parts of', () => {
  expect(encodeMessage('Q', ['SELECT ', "'€𝕏'", '', ';'])).toEqual(encodeMessage('Q', "SELECT '€𝕏';"));
});
