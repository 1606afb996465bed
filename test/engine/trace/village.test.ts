import { afterAll, expect, test } from 'vitest';
import { linesOf, openStage } from './agree.js';
import { village, villageStatements } from './town.js';

const stage = await openStage(village);
afterAll(() => stage.close());

test.each(linesOf(villageStatements))('%s', async (sql) => {
  const { differences } = await stage.play(sql);
  expect(differences).toEqual([]);
});

test('there are enough of them, and few hide what they do', async () => {
  const statements = linesOf(villageStatements);
  expect(statements.length).toBeGreaterThan(170);
  const hidden = statements.filter((sql) => !stage.predict(sql).isWhole);
  expect(hidden.length).toBeLessThan(40);
});
