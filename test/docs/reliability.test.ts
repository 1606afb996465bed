/** The page on reliability answers every fault for SQLite, and names tests that exist. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const page = readFileSync('docs/reliability.md', 'utf8');
const sqlite = page.slice(page.indexOf('\n## SQLite\n'), page.indexOf('\n## Locks\n'));
const before = page.slice(0, page.indexOf('\n## SQLite\n'));

interface Row {
  numbers: number[];
  tests: string[];
}

function rowsOf(text: string): Row[] {
  return [...text.matchAll(/^\| ([\d, ]+?) +\|(.*)$/gm)].map(([, numbers = '', rest = '']) => ({
    numbers: numbers.split(', ').map(Number),
    tests: [...rest.matchAll(/\]\(\.\.\/(test\/[^)]+)\)/g)].map(([, path]) => String(path)),
  }));
}

test('each fault has a line for SQLite: a test, or why there is none', () => {
  const all = rowsOf(before).flatMap(({ numbers }) => numbers);
  expect(all).toContain(50);
  const onSqlite = rowsOf(sqlite).flatMap(({ numbers }) => numbers);
  expect(onSqlite.sort((a, b) => a - b)).toEqual(all.sort((a, b) => a - b));
});

test.each(rowsOf(sqlite).filter(({ tests }) => tests.length > 0))(
  '$numbers on SQLite is tested where the page says',
  ({ numbers, tests }) => {
    const text = tests.map((path) => readFileSync(join(path), 'utf8')).join('\n');
    const tested = [...text.matchAll(/\btest\(\s*'([\d, ]+):/g)].flatMap(([, found = '']) =>
      found.split(', '),
    );
    for (const number of numbers) expect(tested).toContain(String(number));
  },
);
