import { describe, expect, test } from 'vitest';
import { matchOutput } from './compare.js';

const none: ReadonlyMap<string, string> = new Map();
const matches = (shown: string[], actual: string[]) => matchOutput(shown, actual, none) !== undefined;

describe('what a page shows', () => {
  test('is compared letter by letter, apart from blanks at the ends', () => {
    expect(matches(['a b ', ''], ['a b'])).toBe(true);
    expect(matches(['a  b'], ['a b'])).toBe(false);
    expect(matches(['a.b'], ['axb'])).toBe(false);
    expect(matches([], ['something'])).toBe(false);
    expect(matches(['something'], [])).toBe(false);
    expect(matches(['a', 'b'], ['a'])).toBe(false);
  });

  test.each([
    ['  ✓ x (up) - 15.621ms', '  ✓ x (up) - 8.000ms'],
    ['2026-11-22 18:00:01 UTC  1.500s', '2030-01-02 03:04:05 UTC  2m3.001s'],
    ['2026-11-22 18:00:01 UTC  0.3 ms', '2030-01-02 03:04:05 UTC  12 ms'],
    ['2026-11-22 18:00:01 UTC  1.2 s', '2030-01-02 03:04:05 UTC  3 min 4 s'],
    ['"appliedAt": "2026-11-22T18:00:01.123456Z"', '"appliedAt": "2030-01-02T03:04:05.000001Z"'],
    ['"durationMs": 15.6', '"durationMs": 8'],
    ['trying again in 412 ms (1 of 4)', 'trying again in 97 ms (1 of 4)'],
  ])('times are left aside: %s', (shown, actual) => {
    expect(matches([shown], [actual])).toBe(true);
  });

  test.each([
    ['took 15.621ms', 'took long'],
    ['1 of 4', '2 of 4'],
    ['at 2026-11-22 18:00:01 UTC', 'at noon'],
  ])('but only where there are times: %s', (shown, actual) => {
    expect(matches([shown], [actual])).toBe(false);
  });

  test('timestamps may differ, and keep their identity', () => {
    const known = matchOutput(['1679012345_a'], ['1795374432_a'], none);
    expect(known).toEqual(new Map([['1679012345', '1795374432']]));
    if (!known) return;
    expect(matchOutput(['1679012345_a waits'], ['1795374432_a waits'], known)).toBeDefined();
    expect(matchOutput(['1679012345_a waits'], ['1795374433_a waits'], known)).toBeUndefined();
    expect(matchOutput(['1679012399_b'], ['1795374433_b'], known)).toBeDefined();
    expect(matchOutput(['1679012399_b'], ['1795374432_b'], known)).toBeUndefined();
  });

  test('a timestamp twice in one line is the same twice', () => {
    expect(matches(['1679012345_a [1679012345_a]'], ['1795374432_a [1795374432_a]'])).toBe(true);
    expect(matches(['1679012345_a [1679012345_a]'], ['1795374432_a [1795374433_a]'])).toBe(false);
  });

  test('a line … stands for one or more lines', () => {
    expect(matches(['a', '…', 'z'], ['a', 'b', 'c', 'z'])).toBe(true);
    expect(matches(['a', '…', 'z'], ['a', 'z'])).toBe(false);
    expect(matches(['a', '…'], ['a', 'b', 'c'])).toBe(true);
    expect(matches(['a', '…', 'z'], ['a', 'b', 'c', 'y'])).toBe(false);
  });

  test('… in a line stands for any text', () => {
    expect(matches(['server version …'], ['server version 18.6'])).toBe(true);
    expect(matches(['server version …'], ['client version 18.6'])).toBe(false);
  });
});
