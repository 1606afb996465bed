/** Runs statements at random: the locks, rewrites and scans that are predicted must be those that PostgreSQL shows. */

import { afterAll, expect, test } from 'vitest';
import { SqlError } from '../../../src/errors.js';
import { beginning, moreRows } from '../../sql/random/beginning.js';
import { sampleValid } from '../../sql/random/statements.js';
import { readChances } from '../../support/random-sql.js';
import { openStage } from './agree.js';

const stage = await openStage(`${beginning}\n${moreRows}`);
afterAll(() => stage.close());

const chances = readChances({ numRuns: 300, seed: 5 });

/** Where the prediction is known to be another, each with the reason. */
const decided: readonly { reason: string; isAbout(text: string): boolean }[] = [];

test('what is predicted is what happens', { timeout: chances.timeout }, async () => {
  const wrong: string[] = [];
  const compare = async (text: string) => {
    try {
      const { differences } = await stage.play(text);
      if (differences.length > 0 && !decided.some(({ isAbout }) => isAbout(text)))
        wrong.push(`${text}\n-- ${JSON.stringify(differences)}`);
      return true;
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      return false;
    }
  };
  const isOne = (text: string) => !text.includes('; ') || text.includes('$$');
  const compared = await sampleValid(chances, async (text) => isOne(text) && (await compare(text)));
  expect(wrong, `ORACLE_SEED=${chances.seed} ORACLE_RUNS=${chances.numRuns}`).toEqual([]);
  expect(compared.length).toBeGreaterThan(chances.numRuns / 4);
});
