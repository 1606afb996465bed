import { expect, test } from 'vitest';
import { findBy, lintSql } from './lint-sql.js';

const applied = ['CREATE DOMAIN app.d AS int'];

test.each([
  ['ALTER DOMAIN app.d ADD CHECK (VALUE > 0)', ['error']],
  ['ALTER DOMAIN app.d ADD NOT NULL', ['error']],
  ['ALTER DOMAIN app.d VALIDATE CONSTRAINT c', ['warning']],
  ['ALTER DOMAIN app.d DROP NOT NULL', []],
  ['ALTER DOMAIN app.d SET DEFAULT 1', []],
])('%s', (up, severities) => {
  expect(lintSql({ applied, up }).map(({ severity }) => severity)).toEqual(severities);
});

test('names the domain', () => {
  expect(findBy('add-domain-constraint', { applied, up: 'ALTER DOMAIN app.d SET NOT NULL' })).toEqual([
    '1:1 ALTER DOMAIN … SET NOT NULL takes SHARE locks on all tables with a column of app.d, which block writes until all of their rows are read',
  ]);
});

test('nobody uses a domain that is not there yet', () => {
  expect(lintSql({ pending: applied, up: 'ALTER DOMAIN app.d SET NOT NULL' })).toEqual([]);
});
