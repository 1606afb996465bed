import { expect, test } from 'vitest';
import {
  formatGoDuration,
  formatGoTime,
  parseGoDuration,
  parseGoTime,
} from '../../../src/engine/ledger/sqlite/go-values.js';

test.each([
  ['2025-03-01 10:00:00.123+02', '2025-03-01T08:00:00.123Z'],
  ['2025-03-01 10:00:00-07', '2025-03-01T17:00:00.000Z'],
  ['2025-03-01 10:00:00', '2025-03-01T10:00:00.000Z'],
  ['2025-03-01T10:00:00Z', '2025-03-01T10:00:00.000Z'],
  ['2025-03-01T10:00:00.5+05:30', '2025-03-01T04:30:00.500Z'],
  ['yesterday', 'yesterday'],
])('time %s', (text, expected) => expect(parseGoTime(text)).toBe(expected));

test.each([
  ['15.621ms', 15.621],
  ['1m30.5s', 90_500],
  ['2h0m0s', 7_200_000],
  ['850µs', 0.85],
  ['412ns', 0.000412],
  ['0', 0],
  ['0s', 0],
])('duration %s', (text, expected) => expect(parseGoDuration(text)).toBeCloseTo(expected, 9));

test.each(['12', '', 'soon', '5ms ', '-1s'])('%j is no duration', (text) =>
  expect(parseGoDuration(text)).toBeNaN(),
);

test('what is written reads back', () => {
  const instant = new Date('2026-01-02T03:04:05.678Z');
  expect(formatGoTime(instant)).toBe('2026-01-02 03:04:05.678+00');
  expect(parseGoTime(formatGoTime(instant))).toBe(instant.toISOString());
  expect(formatGoDuration(1234.5678)).toBe('1234.568ms');
  expect(parseGoDuration(formatGoDuration(0))).toBe(0);
});
