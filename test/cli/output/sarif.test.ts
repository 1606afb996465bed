import { expect, test } from 'vitest';
import { formatSarif } from '../../../src/cli/output/sarif.js';

test('a file whose path has signs of an address is still that file', () => {
  const location = { file: '/shop/db#1/what?/1_größe/up.sql', line: 1, column: 1, sourceLine: '' };
  const finding = { code: 'truncate', severity: 'warning', message: 'all is lost', location } as const;
  const { results, originalUriBaseIds } = JSON.parse(formatSarif([finding], '/shop')).runs[0];
  const { uri } = results[0].locations[0].physicalLocation.artifactLocation;
  const address = new URL(uri, originalUriBaseIds.SRCROOT.uri);
  expect(decodeURIComponent(address.pathname)).toBe(location.file);
});
