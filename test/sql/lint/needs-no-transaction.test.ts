import { expect, test } from 'vitest';
import { createFixers } from '../../../src/sql/lint/fix/fixers.js';
import { createLinter } from '../../../src/sql/lint/linter.js';
import { rules } from '../../../src/sql/lint/rules.js';
import { loadParser } from '../../../src/sql/syntax/parse.js';
import { lintSql } from './lint-sql.js';

const up = 'DROP INDEX i';
const down = 'SET search_path = app;\nCREATE INDEX CONCURRENTLY i ON users (email)';

test('a rollback that PostgreSQL would refuse is found where it is written', () => {
  const find = (isTransactional: boolean) =>
    lintSql({ up, down, isTransactional }).filter(({ rule }) => rule === 'needs-no-transaction');
  expect(find(true)).toMatchObject([
    {
      severity: 'error',
      direction: 'down',
      place: { line: 2, column: 1 },
      message: expect.stringContaining('CREATE INDEX CONCURRENTLY cannot run inside of a transaction'),
    },
  ]);
  expect(find(false)).toEqual([]);
});

test('a rewrite of what stands at the same place in the other file is not its own', async () => {
  const parser = await loadParser();
  const fixers = createFixers(parser);
  const linter = createLinter(parser, { rules, severities: new Map(), oldestServer: 14, fixers });
  linter.follow('1_users', 'CREATE TABLE users (email text); CREATE INDEX i ON users (email);');
  const sql = 'DROP INDEX CONCURRENTLY i';
  const facts = { isTransactional: true, lockTimeoutMs: 5000, isNewWith: () => false };
  const found = linter
    .lint({ id: '2_asked', up: sql, down: sql, ...facts })
    .filter(({ rule }) => rule === 'needs-no-transaction');
  expect(found.map(({ direction, fix }) => [direction, fix !== undefined])).toEqual([
    ['up', true],
    ['down', false],
  ]);
});
