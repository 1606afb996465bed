import { afterAll, expect, test } from 'vitest';
import { linesOf, openStage } from './agree.js';
import { town, townStatements } from './town.js';

const stage = await openStage(town);
afterAll(() => stage.close());

test.each(linesOf(townStatements))('%s', async (sql) => {
  const { differences } = await stage.play(sql);
  expect(differences).toEqual([]);
});

test('there are enough of them, and few hide what they do', async () => {
  const statements = linesOf(townStatements);
  expect(statements.length).toBeGreaterThan(400);
  const hidden = statements.filter((sql) => !stage.predict(sql).isWhole);
  expect(hidden.length).toBeLessThan(40);
});
