import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fitPieces } from '../../../src/cli/output/graph/fit-pieces.js';
import { padText, takeColumns, textWidth } from '../../../src/graph/draw/text-width.js';

it.each([
  ['abc', 3],
  ['│─●', 3],
  ['漢字', 4],
  ['한글', 4],
  ['🐘', 2],
  ['e\u0301', 1],
  ['नमस्ते', 4],
])('%s has %i columns', (text, width) => {
  expect(textWidth(text)).toBe(width);
  expect(textWidth(padText(text, 10))).toBe(10);
});

it('a line that was cut fits, and keeps its beginning', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 40 }), (text, columns) => {
      expect(textWidth(fitPieces([{ text }], columns))).toBeLessThanOrEqual(columns);
      expect(text.startsWith(takeColumns(text, columns))).toBe(true);
    }),
  );
});
