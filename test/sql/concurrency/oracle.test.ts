/** Runs statements at random in two transactions at once: those that may run together must not wait for each other. */

import fc from 'fast-check';
import pg from 'pg';
import { expect, test } from 'vitest';
import { loadParser } from '../../../src/sql/syntax/parse.js';
import { freshDatabase } from '../../support/database.js';
import { atEndOfFile } from '../../support/end-of-file.js';
import { readChances } from '../../support/random-sql.js';
import { beginning, moreRows } from '../random/beginning.js';
import { relatedPairs, sampleValid } from '../random/statements.js';
import { judgePair } from './judge-pair.js';

const major = 18;
const parser = await loadParser();
const base = `${beginning}\n${moreRows}`;
const chances = readChances({ numRuns: 60, seed: 13 });

async function openSession(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  atEndOfFile(() => client.end());
  return client;
}

/** Begins a transaction in which the text runs. @returns the error where it fails */
async function begin(client: pg.Client, text: string): Promise<string | undefined> {
  try {
    await client.query(`begin; set local client_min_messages = error; set local lock_timeout = 300; ${text}`);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function mayRunTogether(pair: readonly [string, string]): boolean {
  const { whyAlone, whyApart } = judgePair(parser, base, pair, major);
  return !whyAlone(1) && !whyAlone(2) && !whyApart(1, 2);
}

test('what may run together does not wait', { timeout: chances.timeout }, async () => {
  const { numRuns, seed } = chances;
  const database = await freshDatabase(major);
  await database.query(base);
  const [first, second] = [await openSession(database.url), await openSession(database.url)];
  atEndOfFile(() => database.drop());
  const isValid = async (text: string) => {
    const error = await begin(first, text);
    await first.query('rollback');
    return error === undefined;
  };
  const valid = await sampleValid({ numRuns: 60 + Math.ceil(numRuns / 2), seed }, isValid);
  const pairs = fc.sample(fc.constantFrom(...relatedPairs(valid)), { seed, numRuns });
  const together = pairs.filter(mayRunTogether);
  const wrong: string[] = [];
  for (const [one, other] of together) {
    await begin(first, one);
    const error = await begin(second, other);
    await second.query('rollback');
    await first.query('rollback');
    if (error !== undefined) wrong.push(`${one}\n-- and --\n${other}\n-- ${error}`);
  }
  expect(wrong, `ORACLE_SEED=${seed} ORACLE_RUNS=${numRuns}`).toEqual([]);
  expect(together.length).toBeGreaterThan(0);
});
