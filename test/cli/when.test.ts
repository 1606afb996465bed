/** Points in time as people write them behind `--since` and `--until`. */
import { describe, expect, test } from 'vitest';
import { pointInTime } from '../../src/cli/when.js';

const since = pointInTime('beginning');
const until = pointInTime('end');

describe('a date', () => {
  test.each([
    ['2026-11-22', '2026-11-22T00:00:00.000Z'],
    ['2026-11-22 18:00', '2026-11-22T18:00:00.000Z'],
    ['2026-11-22T18:00:01', '2026-11-22T18:00:01.000Z'],
    ['2026-11-22 18:00:01 UTC', '2026-11-22T18:00:01.000Z'],
    ['2026-11-22T18:00:01.123456Z', '2026-11-22T18:00:01.123Z'],
    ['2026-11-22T18:00+02:00', '2026-11-22T16:00:00.000Z'],
  ])('%s', (text, instant) => {
    expect(since(text).toISOString()).toBe(instant);
  });

  test('alone means all of that day', () => {
    expect(until('2026-11-22').toISOString()).toBe('2026-11-23T00:00:00.000Z');
    expect(until('2026-11-22 18:00').toISOString()).toBe('2026-11-22T18:00:00.000Z');
  });
});

test.each([
  ['45m', 45 * 60_000],
  ['1h30m', 90 * 60_000],
  ['7d', 7 * 86_400_000],
])('%s ago', (text, ms) => {
  const before = Date.now();
  const ago = since(text).getTime();
  expect(ago).toBeGreaterThanOrEqual(before - ms);
  expect(ago).toBeLessThanOrEqual(Date.now() - ms);
});

test('longer ago than there were computers', () => {
  expect(since('999999d').getTime()).toBe(0);
});

test.each(['', 'yesterday', '7', '2026-13-01', '2026-02-30 25:00', '22.11.2026', '-1d', '7d ago'])(
  '"%s" is none',
  (text) => {
    expect(() => since(text)).toThrow('Give a date such as 2026-11-22');
  },
);
