import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createLinter } from '../../../src/sql/lint/linter.js';
import { rules } from '../../../src/sql/lint/rules.js';
import { loadParser } from '../../../src/sql/syntax/parse.js';
import { pagesFolder, readRulePage } from './rule-pages.js';

const parser = await loadParser();

/** Lints with a syntax tree that is handed in, in place of that of the text. */
function lintTree(before: readonly string[], up: string, tree: unknown): void {
  const parseSync = (sql: string) => (sql === up ? structuredClone(tree) : parser.parseSync(sql)) as never;
  const linter = createLinter({ ...parser, parseSync }, { rules, severities: new Map(), oldestServer: 14 });
  for (const sql of before) linter.follow('1_applied', sql);
  const isNewWith = (creator: string) => creator === '2_asked';
  linter.lint({ id: '2_asked', up, down: undefined, isTransactional: true, lockTimeoutMs: 0, isNewWith });
}

/** Read before any rule is asked. */
const wrapping: ReadonlySet<string> = new Set(['version', 'stmts', 'stmt', 'stmt_location', 'stmt_len']);

/** Takes each part out of a tree in turn, and puts it back. What is left always says of what kind its nodes are. */
function* withoutEachPart(tree: object): Generator<string> {
  for (const [key, value] of Object.entries(tree)) {
    if (!wrapping.has(key) && !/^[A-Z0-9]/.test(key)) {
      delete (tree as Record<string, unknown>)[key];
      yield key;
      Object.assign(tree, { [key]: value });
    }
    if (typeof value === 'object' && value !== null) yield* withoutEachPart(value);
  }
}

const pages = readdirSync(pagesFolder).map((name) => readRulePage(name.replace(/\.md$/, '')));

test.each(pages)('rules survive trees of $title that lack a part', ({ sections }) => {
  const before = (sections.find(({ title }) => title === 'Before')?.examples ?? []).map(({ sql }) => sql);
  let count = 0;
  for (const { sql } of sections.flatMap(({ examples }) => examples)) {
    const tree = parser.parseSync(sql);
    for (const part of withoutEachPart(tree)) {
      count += 1;
      expect(() => lintTree(before, sql, tree), `without ${part}: ${sql}`).not.toThrow();
    }
  }
  expect(count).toBeGreaterThan(0);
});
