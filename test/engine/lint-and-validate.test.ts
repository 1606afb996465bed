import { expect, test } from 'vitest';
import { findingKinds } from '../../src/engine/validate/codes.js';
import { rules } from '../../src/sql/lint/rules.js';

test('what both kat lint and kat validate report has one severity', () => {
  const kinds = new Map(Object.entries(findingKinds));
  const shared = rules.filter(({ id }) => kinds.has(id));
  expect(shared.map(({ id }) => id)).toEqual([
    'empty-down',
    'empty-up',
    'missing-down',
    'needless-no-transaction',
    'needs-no-transaction',
    'transaction-control',
  ]);
  for (const { id, severity } of shared) expect(kinds.get(id)?.severity).toBe(severity);
});
