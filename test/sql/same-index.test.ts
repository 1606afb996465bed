import type { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadParser, type Parser, type Statement, tryParse } from '../../src/sql/syntax/parse.js';
import { isSameIndex } from '../../src/sql/transactions/same-index.js';
import { emptyPglite } from '../support/pglite.js';

/** Each is compared with what the server says of all of them. */
const indexes = [
  'ON t (a)',
  'ON t USING hash (a)',
  'ON t (a DESC)',
  'ON t (a DESC NULLS LAST)',
  'ON t (a NULLS FIRST)',
  'ON t (a, b)',
  'ON t (b, a)',
  'ON t (a) INCLUDE (b)',
  'ON t (a) WITH (fillfactor = 70)',
  'ON t (a) WITH (fillfactor = 80)',
  'ON t (a) WHERE b IN (1, 2)',
  'ON t (a) WHERE b IN (1, 3)',
  'ON t (a) WHERE b NOT IN (1, 2)',
  'ON t (a) WHERE b BETWEEN 1 AND 5',
  'ON t (a) WHERE b NOT BETWEEN 1 AND 5',
  "ON t (a) WHERE c LIKE 'x%' AND d IS NOT NULL",
  "ON t (a) WHERE c = 'x' OR d",
  'ON t (lower(c))',
  'ON t (upper(c))',
  "ON t (coalesce(c, 'none'))",
  'ON t ((a + b))',
  'ON t ((a - b))',
  'ON t ((a + -1))',
  'ON t (c text_pattern_ops)',
  'ON t (c COLLATE "C")',
  'ON t (c)',
  "ON t ((e->>'name'))",
  'ON t USING gin (e jsonb_path_ops)',
  'ON t (c varchar_ops)',
  'ON t ((extract(year FROM f)))',
];

let database: PGlite;
let parser: Parser;
beforeAll(async () => {
  [database, parser] = await Promise.all([emptyPglite(), loadParser()]);
  await database.exec('CREATE TABLE t (a int, b int, c varchar(9), d bool, e jsonb, f timestamp)');
});
afterAll(() => database.close());

async function describeIndex(index: string, kind = 'INDEX'): Promise<string> {
  await database.exec(`DROP INDEX IF EXISTS i; CREATE ${kind} i ${index}`);
  const { rows } = await database.query<{ def: string }>("SELECT pg_get_indexdef('i'::regclass) AS def");
  return rows[0]?.def as string;
}

function written(index: string, kind = 'INDEX'): Statement['node'] {
  return tryParse(parser, `CREATE ${kind} CONCURRENTLY ${index}`)?.[0]?.node as Statement['node'];
}

describe('an index as it is written and as the server describes it', () => {
  test.each(indexes)('%s is the same as itself, and as no other', async (index) => {
    const definition = await describeIndex(index);
    const same = indexes.filter((other) => isSameIndex(parser, written(other), definition));
    expect(same).toEqual([index]);
  });

  test('a unique index is another one', async () => {
    const definition = await describeIndex('ON t (a)', 'UNIQUE INDEX');
    expect(isSameIndex(parser, written('ON t (a)'), definition)).toBe(false);
    expect(isSameIndex(parser, written('named ON public.t (a)', 'UNIQUE INDEX'), definition)).toBe(true);
    expect(isSameIndex(parser, written('ON t (a) NULLS NOT DISTINCT', 'UNIQUE INDEX'), definition)).toBe(
      false,
    );
  });
});
