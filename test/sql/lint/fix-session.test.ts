/** What must stay in one session or transaction is not taken apart, and names are those that are free. */

import { expect, test } from 'vitest';
import { fixSql } from './fix-sql.js';

const applied = [
  'CREATE TABLE t (a int, b int); CREATE INDEX t_a_key ON t (a); CREATE INDEX t_a_idx ON t (b)',
];
const index = 'CREATE INDEX t_b ON t (b)';
const fixed = (up: string) => fixSql({ applied, up, down: 'SELECT 1;' }).map((draft) => draft.up);

test.each([
  ['CREATE TEMP TABLE todo AS SELECT 1 AS a', 'INSERT INTO t SELECT a FROM todo'],
  ['SELECT 1 AS a INTO TEMP todo', 'INSERT INTO t SELECT a FROM todo'],
  ['CREATE TABLE pg_temp.todo (a int)', 'INSERT INTO t SELECT a FROM todo'],
  ['CREATE TEMP VIEW todo AS SELECT 1 AS a', 'INSERT INTO t SELECT a FROM todo'],
  ['PREPARE p AS INSERT INTO t VALUES (1)', 'EXECUTE p'],
  ['DECLARE c CURSOR FOR SELECT 1', 'FETCH c'],
  ['SELECT pg_advisory_lock(1)', 'SELECT pg_advisory_unlock(1)'],
  ['SET CONSTRAINTS ALL DEFERRED', 'INSERT INTO t VALUES (1)'],
  ['LOCK TABLE t IN SHARE MODE', 'INSERT INTO t VALUES (1)'],
  ["SELECT nextval('s')", "INSERT INTO t VALUES (currval('s'))"],
])('%s', (before, behind) => {
  const up = `${before}; ${index}; ${behind};`;
  expect(fixed(up)).toEqual([up]);
});

test('a setting that is written down is repeated', () => {
  const parts = fixed(
    `SELECT set_config('search_path', 'public', false); INSERT INTO t VALUES (1); ${index};`,
  );
  expect(parts.length).toBe(2);
  for (const part of parts) expect(part).toContain('set_config');
});

test('a name that is taken gets a number, as PostgreSQL does it', () => {
  expect(fixed('ALTER TABLE t ADD UNIQUE (a);')[0]).toContain(
    'CREATE UNIQUE INDEX CONCURRENTLY t_a_key1 ON t (a)',
  );
  expect(fixed('CREATE INDEX ON t (a);')[0]).toContain('CREATE INDEX CONCURRENTLY t_a_idx1 ON t (a)');
});

test('where nobody knows which names are free, a name must be given first', () => {
  const unknown = ['ALTER TABLE elsewhere ADD UNIQUE (a);', 'CREATE INDEX ON elsewhere (a);'];
  for (const up of unknown) expect(fixed(up)).toEqual([up]);
  expect(fixed('CREATE INDEX named ON elsewhere (a);')[0]).toContain('CONCURRENTLY named');
});

const both = ({ up, down }: { up: string; down: string }) =>
  fixSql({ applied, up, down }).map((draft) => `${draft.up}--\n${draft.down}`);

test('SET LOCAL lasts, in both directions, where each statement has a transaction of its own', () => {
  const [fixedUp] = both({
    up: `SET LOCAL search_path = public; ${index};`,
    down: '/* first */ SET /* no more */ LOCAL search_path = public; DROP INDEX t_b;',
  });
  expect(fixedUp).toMatch(/^SET search_path = public;\n?.*CREATE INDEX CONCURRENTLY/s);
  expect(fixedUp).toMatch(/SET \/\* no more \*\/ search_path = public;\n?.*DROP INDEX CONCURRENTLY/s);
  expect(fixedUp).not.toContain('LOCAL');
});

test.each([
  ['up', `SELECT set_config('search_path', 'public', true); ${index};`, 'DROP INDEX t_b;'],
  ['down', `${index};`, "SELECT set_config('search_path', 'public', true); DROP INDEX t_b;"],
  ['up, by an expression', `SELECT set_config('search_path', 'public', 1 = 1); ${index};`, 'DROP INDEX t_b;'],
])('a set_config that ends with the transaction keeps its file as it is: %s', (_, up, down) => {
  expect(both({ up, down })).toEqual([`${up}--\n${down}`]);
});
