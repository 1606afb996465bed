import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDuration } from '../../src/project/duration.js';

test.each([
  ['0', 0],
  ['0s', 0],
  ['500ms', 500],
  ['10s', 10_000],
  ['1.5s', 1500],
  ['1h30m', 5_400_000],
  ['2m3s4ms', 123_004],
  ['0.1ms', 1],
  ['1.1s', 1100],
])('%s is %d milliseconds', (text, expected) => {
  expect(parseDuration(text)).toBe(expected);
});

test.each(['', '10', '1.5', 's', '-1s', '1 s', '10s ', '5d', '1h30', '1e3s', '.5s', '1,5s', '10S'])(
  '%j is no duration',
  (text) => {
    expect(parseDuration(text)).toBeUndefined();
  },
);

test('parts add up', () => {
  const amount = fc.nat(1000);
  fc.assert(
    fc.property(amount, amount, amount, amount, (h, m, s, ms) => {
      expect(parseDuration(`${h}h${m}m${s}s${ms}ms`)).toBe(h * 3_600_000 + m * 60_000 + s * 1000 + ms);
    }),
  );
});
