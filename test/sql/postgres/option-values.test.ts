import { expect, test } from 'vitest';
import { isOptionOn } from '../../../src/sql/postgres/option-values.js';
import { nodeOf } from '../../../src/sql/syntax/node-of.js';
import { loadParser, parseStatements } from '../../../src/sql/syntax/parse.js';
import { findConcurrentWork } from '../../../src/sql/transactions/concurrent-work.js';
import { findRefusal } from '../../../src/sql/transactions/refusals.js';

const parser = await loadParser();

function parse(sql: string) {
  const [statement] = parseStatements(parser, sql).statements ?? [];
  if (!statement) throw new Error(sql);
  return statement.node;
}

test.each([
  ['VACUUM (FULL) t', true],
  ['VACUUM FULL t', true],
  ['VACUUM (FULL on) t', true],
  ['VACUUM (FULL 1) t', true],
  ["VACUUM (FULL 'TRUE') t", true],
  ['VACUUM (FULL off, FULL) t', true],
  ['VACUUM (FULL off) t', false],
  ['VACUUM (FULL FALSE) t', false],
  ['VACUUM (FULL 0) t', false],
  ["VACUUM (FULL 'Off') t", false],
  ['VACUUM (FULL, FULL off) t', false],
  ['VACUUM t', false],
])('%s', (sql, isFull) => {
  expect(isOptionOn(nodeOf(parse(sql), 'VacuumStmt')?.options, 'full')).toBe(isFull);
});

test.each([
  ['REINDEX TABLE CONCURRENTLY t', true],
  ['REINDEX (CONCURRENTLY) TABLE t', true],
  ['REINDEX (CONCURRENTLY FALSE) TABLE t', false],
  ['REINDEX (CONCURRENTLY 0, VERBOSE) TABLE t', false],
])('%s works in transactions of its own: %s', (sql, isConcurrent) => {
  expect(findRefusal(parse(sql)) !== undefined).toBe(isConcurrent);
  expect(findConcurrentWork(parse(sql)) !== undefined).toBe(isConcurrent);
});
