import { expect, it } from 'vitest';
import { readableDuration } from '../../src/graph/readable-duration.js';

it.each([
  [0, '0 ms'],
  [0.42, '0.4 ms'],
  [15.6, '16 ms'],
  [999.4, '999 ms'],
  [999.6, '1 s'],
  [1234, '1.2 s'],
  [59_949, '59.9 s'],
  [59_951, '1 min'],
  [184_000, '3 min 4 s'],
  [3_599_700, '1 h'],
  [7_500_000, '2 h 5 min'],
])('%f milliseconds are %s', (ms, text) => {
  expect(readableDuration(ms)).toBe(text);
});
