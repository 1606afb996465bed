/** Compares the effects of statements with what PostgreSQL's catalogs show after running them. */

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readEffects } from '../../../src/sql/effects/read-effects.js';
import { loadParser } from '../../../src/sql/syntax/parse.js';
import { emptyPglite } from '../../support/pglite.js';
import { readChances } from '../../support/random-sql.js';
import { beginning } from './cases/beginning.js';
import { allEntities } from './catalog/entities.js';
import { allFacts, unread } from './catalog/facts.js';
import { texts } from './generate/texts.js';
import { findDisagreements, type Oracle, openOracle } from './oracle.js';
import { cases } from './oracle-cases.js';
import { findUnknownChanges } from './told-changes.js';

const parser = await loadParser();
const start = readEffects(parser, beginning);
let oracle: Oracle;

beforeAll(async () => {
  oracle = await openOracle(parser, beginning);
});

afterAll(() => oracle.close());

const { timeout, ...chances } = readChances({ numRuns: 60, seed: 20 });

test('the oracle looks at every catalog that PostgreSQL has', async () => {
  const db = await emptyPglite();
  const { rows } = await db.query<{ relname: string }>(
    `select relname from pg_class where relnamespace = 'pg_catalog'::regnamespace and relkind = 'r'`,
  );
  await db.close();
  const read = new Set([...allEntities, ...allFacts].map(({ catalog }) => catalog));
  const missing = rows.map(({ relname }) => relname).filter((name) => !read.has(name));
  expect(missing.sort()).toEqual(Object.keys(unread).sort());
});

describe('effects and dependencies are what the catalogs show', () => {
  test.each(cases.map((sql) => [sql]))('%s', async (sql) => {
    const outcome = await oracle.run([sql]);
    expect(outcome.errors.length > 0, outcome.errors[0] ?? 'it should fail').toBe(sql.includes('-- fails'));
    expect(findDisagreements(parser, outcome)).toEqual([]);
    expect(findUnknownChanges(parser, start, outcome)).toEqual([]);
  });

  test('also for statements made at random', { timeout }, async () => {
    await fc.assert(
      fc.asyncProperty(texts, async (made) => {
        const outcome = await oracle.run(made);
        fc.pre(outcome.statements.length > 0);
        expect(findDisagreements(parser, outcome), outcome.sql).toEqual([]);
        expect(findUnknownChanges(parser, start, outcome), outcome.sql).toEqual([]);
      }),
      chances,
    );
  });
});
