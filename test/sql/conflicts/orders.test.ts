/** What PostgreSQL says: two migrations that are in no conflict end the same in both orders. */

import type { PGlite } from '@electric-sql/pglite';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findConflicts } from '../../../src/sql/conflicts/find-conflicts.js';
import { readEffects } from '../../../src/sql/effects/read-effects.js';
import { loadParser } from '../../../src/sql/syntax/parse.js';
import { emptyPglite } from '../../support/pglite.js';
import { beginning, migration, statement } from './random-statements.js';
import { readState } from './state-by-name.js';

const parser = await loadParser();
let db: PGlite;

beforeAll(async () => {
  db = await emptyPglite();
  await db.exec(beginning);
});

afterAll(() => db.close());

/** What is there afterwards; undefined when something fails. */
async function run(texts: readonly string[]): Promise<string | undefined> {
  // Without a restart of their own, sequences would keep what they gave out in a transaction that is rolled back.
  await db.exec('begin; alter sequence counter restart; alter sequence posts_id_seq restart with 2');
  try {
    for (const text of texts) await db.exec(text);
    return await readState(db);
  } catch {
    return undefined;
  } finally {
    await db.exec('rollback');
  }
}

function hasConflict(one: string, other: string): boolean {
  const history = [beginning, one, other].map((text, index) => ({
    id: String(index),
    effects: readEffects(parser, text),
    text,
  }));
  return findConflicts(history, { isAncestor: (ancestor) => ancestor === 0 }).pairs.length > 0;
}

test('pairs without a conflict end the same in both orders', async () => {
  let different = 0;
  const pairs = fc.sample(fc.tuple(statement, migration), { seed: 7, numRuns: 140 });
  for (const [one, other] of pairs) {
    const [first, second] = [await run([one, other]), await run([other, one])];
    if (first === second) continue;
    different += 1;
    expect(hasConflict(one, other), `${one}\n-- and --\n${other}`).toBe(true);
  }
  expect(different).toBeGreaterThan(3);
}, 300_000);
