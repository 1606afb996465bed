import { expect, test } from 'vitest';
import { parseServerVersion } from '../../src/connections/server-version.js';

test.each([
  ['18.4', 180004, '18.4'],
  ['14.23 (Debian 14.23-1.pgdg12+1)', 140023, '14.23'],
  ['9.6.24', 90624, '9.6.24'],
  ['19beta1', 190000, '19beta1'],
  ['19devel', 190000, '19devel'],
])('reads %s', (text, versionNumber, version) => {
  expect(parseServerVersion(text)).toEqual({ versionNumber, version });
});
