/** What may stand behind `-- kat:ignore`. */

import { expect, test } from 'vitest';
import { parseIgnoredCodes } from '../../../src/sql/effects/ignored-codes.js';

test.each<[string, string[], string]>([
  ['same-rows', ['same-rows'], ''],
  ['same-rows seeds of tests', ['same-rows'], 'seeds of tests'],
  [
    'same-rows, enum-order , needs  it is fine, really',
    ['same-rows', 'enum-order', 'needs'],
    'it is fine, really',
  ],
  ['', [], ''],
])('%j', (value, codes, reason) => {
  expect(parseIgnoredCodes(value)).toEqual({ codes, reason });
});
