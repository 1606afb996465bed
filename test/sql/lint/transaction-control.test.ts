import { expect, test } from 'vitest';
import { findBy } from './lint-sql.js';

const find = (up: string, isTransactional = true) => findBy('transaction-control', { up, isTransactional });

test('the first of several is found, and the others are counted', () => {
  expect(find('SELECT 1; COMMIT AND CHAIN;\nSELECT 2; COMMIT AND CHAIN;')).toEqual([
    '1:11 COMMIT AND CHAIN (and 1 more like it) interferes with the transaction that the migration runs in, so Kat refuses to run it',
  ]);
});

test('a BEGIN that says how is not left out', () => {
  expect(find('BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT 1; COMMIT')).toHaveLength(1);
  expect(find('BEGIN; SELECT 1; COMMIT')).toEqual([]);
});

test('without a transaction nothing of the kind has any sense', () => {
  expect(find('BEGIN; SELECT 1; COMMIT', false)).toEqual([expect.stringContaining('BEGIN (and 1 more')]);
  expect(find('SAVEPOINT s', false)).toHaveLength(1);
});

test('a block that commits is found, one that talks about it is not', () => {
  const block = (body: string) => `DO $$ BEGIN ${body} END $$`;
  expect(find(block('COMMIT;'))).toEqual([expect.stringContaining('(2D000)')]);
  expect(find(block('commit and chain;'))).toHaveLength(1);
  expect(find(block('COMMIT;'), false)).toEqual([]);
  expect(find(block("RAISE NOTICE 'COMMIT;'; -- ROLLBACK;\n /* COMMIT; */ PERFORM commit_all();"))).toEqual(
    [],
  );
});
