import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { emptyPglite } from '../../support/pglite.js';
import { findBy } from './lint-sql.js';

const db = await emptyPglite();
const applied = ['CREATE TABLE t (id int PRIMARY KEY, a int, b boolean)'];
const rows = 'INSERT INTO t VALUES (1, NULL, NULL), (2, 5, true), (3, 0, false)';

beforeAll(() => db.exec(`${applied}; ${rows}`));
afterAll(() => db.close());

const every = [
  ...['true', 'true AND true', 'NOT false', '1 = 1', '1 < 2', "'a' = 'a' OR id = 3", "'t'", "'yes'::boolean"],
  ...['id = id', 'id IS NOT NULL', 't.id >= t.id', 'ctid IS NOT NULL', '(1 = 1) IS TRUE', '2 IS NOT NULL'],
  ...['NOT (1 = 2 AND a > 3)', 'false IS NOT TRUE', "'off' IS FALSE", "'a' <> 'b'"],
];

const some = [
  ...['id > 1', 'a = a', 'a IS NOT NULL', 'b', 'true AND a > 3', 'NOT b', '1 = 2', "'f'", 'false OR b'],
  ...['id <> id', 'id = a', 'a IS NULL', '1 > 2', "'a' = 'b'", 'id IS NULL', 'NULL', '(1 = 1) IS UNKNOWN'],
];

const count = async (where: string) =>
  (await db.query<{ n: number }>(`SELECT count(*)::int AS n FROM t WHERE ${where}`)).rows[0]?.n;

describe('a condition that every row fulfils is none', () => {
  test.each(every)('%s', async (where) => {
    expect(await count(where)).toBe(3);
    expect(findBy('update-without-where', { applied, up: `UPDATE t SET a = 1 WHERE ${where}` })).toHaveLength(
      1,
    );
    expect(findBy('delete-without-where', { applied, up: `DELETE FROM t WHERE ${where}` })).toHaveLength(1);
  });
});

describe('a condition that leaves rows out is one', () => {
  test.each(some)('%s', async (where) => {
    expect(await count(where)).toBeLessThan(3);
    expect(findBy('update-without-where', { applied, up: `UPDATE t SET a = 1 WHERE ${where}` })).toEqual([]);
  });
});

test('columns of another table are not those of this one', () => {
  const other = [...applied, 'CREATE TABLE u (id int, k int)'];
  const up = 'UPDATE t SET a = 1 FROM u WHERE u.id IS NOT NULL AND t.id = u.id';
  expect(findBy('update-without-where', { applied: other, up })).toEqual([]);
  expect(
    findBy('update-without-where', { applied: other, up: 'UPDATE t SET a = 1 FROM u WHERE t.id = u.id' }),
  ).toEqual([]);
});
