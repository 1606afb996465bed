/** Runs statements at random as rollbacks: `down` must ask about what really goes, and about nothing else. */

import { expect, test } from 'vitest';
import { beginning, moreRows } from '../sql/random/beginning.js';
import { sampleValid } from '../sql/random/statements.js';
import { projectOn } from '../support/kat-project.js';
import { readChances } from '../support/random-sql.js';
import { findRealLosses } from './read-losses.js';

const chances = readChances({ numRuns: 24, seed: 3 });

interface Asked {
  losses?: { unread?: readonly string[]; unseen?: readonly string[] }[];
}

/** Where Kat is known to say something else, each with the reason. */
const decided: readonly { reason: string; isAbout(text: string): boolean }[] = [
  {
    reason: 'a condition that happens to mean every row is not tried',
    isAbout: (text) => /\bwhere\b/.test(text) && !/\bdrop\b/.test(text),
  },
  {
    reason: 'a view may leave out rows; those of its table count',
    isAbout: (text) => /^(update|delete from) adults\b/.test(text),
  },
  {
    reason: 'new numbers take the place of the old ones, though no two rows get the same',
    isAbout: (text) => /^update numbered set n = default/.test(text),
  },
  {
    reason:
      'a sequence has a position, and a row one field of a value: neither is a row or a value as a whole',
    isAbout: (text) => /^drop sequence\b|\bset p\.x =/.test(text),
  },
];

/** What is wrong about what is asked; undefined where it is right. Code that nobody can read is asked about in any case. */
function disagreement(real: readonly string[], { losses = [] }: Asked): string | undefined {
  const isSure = losses.some(({ unread = [], unseen = [] }) => unread.length + unseen.length === 0);
  if (real.length > 0 && losses.length === 0) return `nothing is asked, but this goes: ${real.join(', ')}`;
  if (real.length === 0 && isSure) return `nothing goes, but this is asked: ${JSON.stringify(losses)}`;
  return undefined;
}

test('a rollback asks about what it takes away', { timeout: chances.timeout }, async () => {
  const project = await projectOn(18, {
    migrations: {
      '1_beginning': { up: `${beginning}\n${moreRows}`, down: 'SELECT 1;' },
      '2_random': { up: 'SELECT 1;', down: 'SELECT 1;', parents: [1] },
    },
  });
  await project.migrate();
  const { query } = project.database;
  const lost = new Map<string, readonly string[]>();
  const wrong: string[] = [];
  const texts = await sampleValid(chances, async (text) => {
    const found = /^set |set_config/.test(text) ? undefined : await findRealLosses(query, text);
    lost.set(text, found ?? []);
    return found !== undefined;
  });
  for (const text of texts.filter((one) => !decided.some(({ isAbout }) => isAbout(one)))) {
    project.write('migrations/2_random/down.sql', `${text};\n`);
    const { stdout, stderr } = await project.kat('down --count 1 --dry-run --json');
    const words = disagreement(lost.get(text) ?? [], JSON.parse(stdout || '{}'));
    if (words !== undefined) wrong.push(`${text}\n-- ${words} ${stderr}`);
  }
  expect(wrong, `ORACLE_SEED=${chances.seed} ORACLE_RUNS=${chances.numRuns}`).toEqual([]);
  expect([...lost.values()].filter((one) => one.length > 0).length).toBeGreaterThan(0);
});
