import { readdirSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { openDriver } from '../../../src/connections/open-connection.js';
import type { TracedMigration } from '../../../src/engine/trace/result.js';
import { traceOn } from '../../../src/engine/trace/trace.js';
import { dropEverything } from '../../sql/lint/drop-everything.js';
import { type Example, pagesFolder, type RulePage, readRulePage } from '../../sql/lint/rule-pages.js';

const driver = await openDriver({ driver: 'pglite' });
const session = await driver.open('test');
afterAll(() => driver.close());

const dropAll = `${dropEverything}; CREATE SCHEMA public`;

function examplesOf({ sections }: RulePage, title: string): Example[] {
  const examples = sections.find((section) => section.title === title)?.examples ?? [];
  return examples.filter(({ words }) => !words.has('down'));
}

/** Each block of the page as the last of a history. */
function historiesOf(page: RulePage): Example[][] {
  const before = examplesOf(page, 'Before');
  const better = examplesOf(page, 'Better');
  return [
    ...[...examplesOf(page, 'Found'), ...examplesOf(page, 'Not found')].map((example) => [
      ...before,
      example,
    ]),
    ...better.map((_, index) => [...before, ...better.slice(0, index + 1)]),
  ].filter((history) => !history.at(-1)?.words.has('fails'));
}

function migrationsOf(history: readonly Example[]): TracedMigration[] {
  return history.map(({ sql, words }, index) => ({
    id: `${index + 1}_block`,
    up: sql,
    isTransactional: !words.has('no_transaction'),
    isChosen: index === history.length - 1,
  }));
}

const pages = readdirSync(pagesFolder)
  .filter((name) => name.endsWith('.md'))
  .map((name) => name.replace(/\.md$/, ''));

describe.each(pages)('%s', (id) => {
  test('every block does what is predicted of it', async () => {
    for (const history of historiesOf(readRulePage(id))) {
      const { migrations, missing } = await traceOn(session, migrationsOf(history));
      await session.execute(dropAll);
      expect(missing).toEqual([]);
      const wrong = migrations.flatMap(({ statements, untraced }) => [
        ...statements.flatMap(({ text, differences }) =>
          differences.length > 0 ? [{ text, differences }] : [],
        ),
        ...(untraced && !untraced.reason.startsWith('ROLLBACK TO') ? [{ untraced }] : []),
      ]);
      expect(wrong).toEqual([]);
    }
  });
});
