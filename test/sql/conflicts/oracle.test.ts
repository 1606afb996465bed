/** Asks PostgreSQL about pairs of statements at random: what `check` finds must be what both orders show. */

import type { PGlite } from '@electric-sql/pglite';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ConflictReason, findConflicts } from '../../../src/sql/conflicts/find-conflicts.js';
import { readEffects } from '../../../src/sql/effects/read-effects.js';
import { loadParser } from '../../../src/sql/syntax/parse.js';
import { emptyPglite } from '../../support/pglite.js';
import { readChances } from '../../support/random-sql.js';
import { beginning } from '../random/beginning.js';
import { relatedPairs, sampleValid } from '../random/statements.js';
import { isDecided } from './decided.js';
import { type End, runTexts } from './run-orders.js';

const parser = await loadParser();
const start = readEffects(parser, beginning);
let db: PGlite;

beforeAll(async () => {
  db = await emptyPglite();
  await db.exec(beginning);
});

afterAll(() => db.close());

const chances = readChances({ numRuns: 60, seed: 11 });

/** What the history says of two texts behind the beginning. */
function reasonsFor(texts: readonly string[]): readonly ConflictReason[] {
  const added = texts.map((text) => ({ text, effects: readEffects(parser, text) }));
  const history = [{ text: beginning, effects: start }, ...added].map((one, index) => ({
    id: String(index),
    ...one,
  }));
  return findConflicts(history, { isAncestor: (ancestor) => ancestor === 0 }).pairs[0]?.reasons ?? [];
}

/** What is wrong about the reasons; undefined where PostgreSQL agrees. */
function disagreement(reasons: readonly ConflictReason[], ends: readonly [End, End]): string | undefined {
  const [first, second] = ends;
  const errors = ends.map(({ error }) => error);
  const fails = errors.filter((error) => error !== undefined);
  const isSame = fails.length === 0 && first.state === second.state;
  const found = reasons.find(({ severity }) => severity === 'error');
  if (isSame && found)
    return `both orders end the same, but an error says ${found.code}: ${found.one.verb} ${found.one.what}, ${found.other.verb} ${found.other.what}`;
  if (!isSame && reasons.length === 0)
    return fails.length > 0
      ? `nothing is found, but ${fails.join(' and ')}`
      : 'nothing is found, but the ends differ';
  return undefined;
}

/** Tells of each pair what is wrong about it. */
async function findWrong(pairs: readonly (readonly [string, string])[]) {
  const wrong: string[] = [];
  let different = 0;
  for (const [one, other] of pairs) {
    const ends: [End, End] = [await runTexts(db, [one, other]), await runTexts(db, [other, one])];
    if (ends[0].state !== ends[1].state) different += 1;
    const words = disagreement(reasonsFor([one, other]), ends);
    if (words !== undefined && !isDecided([one, other]))
      wrong.push(`${one}\n-- and --\n${other}\n-- ${words}`);
  }
  return { wrong, different };
}

async function isValid(text: string): Promise<boolean> {
  return (await runTexts(db, [text])).error === undefined;
}

const said = `ORACLE_SEED=${chances.seed} ORACLE_RUNS=${chances.numRuns}`;

describe('what check finds is what both orders show', () => {
  const { numRuns, seed, timeout } = chances;
  let pairs: fc.Arbitrary<[string, string]>;

  beforeAll(async () => {
    const pool = { numRuns: 60 + Math.ceil(numRuns / 2), seed };
    pairs = fc.constantFrom(...relatedPairs(await sampleValid(pool, isValid)));
  }, timeout);

  test('for pairs of statements', { timeout }, async () => {
    const { wrong, different } = await findWrong(fc.sample(pairs, { seed, numRuns }));
    expect(wrong, said).toEqual([]);
    expect(different).toBeGreaterThan(numRuns / 50);
  });

  test('for a statement beside two', { timeout }, async () => {
    const chosen = fc.sample(fc.tuple(pairs, pairs), { seed, numRuns: Math.ceil(numRuns / 2) });
    const together = chosen.map(([[one, other], [, more]]): [string, string] => [one, `${other};\n${more}`]);
    const valid = await filterAsync(together, ([, joined]) => isValid(joined));
    expect((await findWrong(valid)).wrong, said).toEqual([]);
  });
});

async function filterAsync<T>(list: readonly T[], test: (one: T) => Promise<boolean>): Promise<T[]> {
  const found: T[] = [];
  for (const one of list) if (await test(one)) found.push(one);
  return found;
}
