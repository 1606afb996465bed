import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createLinter } from '../../../src/sql/lint/linter.js';
import { rules } from '../../../src/sql/lint/rules.js';
import { loadParser, type Parser } from '../../../src/sql/parse.js';
import { pagesFolder, readRulePage } from './rule-pages.js';

const parser = await loadParser();

/** Lints with a syntax tree that is handed in, in place of that of the text. */
function lintTree(before: readonly string[], up: string, tree: unknown): void {
  let isOdd = false;
  const odd: Parser = {
    ...parser,
    parseSync: (sql) => {
      // Once: the effects of the same text, and the bodies of functions in it, are read by others.
      if (!isOdd) return parser.parseSync(sql);
      isOdd = false;
      return structuredClone(tree) as never;
    },
  };
  const linter = createLinter(odd, { rules, severities: new Map(), oldestServer: 14 });
  for (const sql of before) linter.follow('1_applied', sql);
  isOdd = true;
  const isNewWith = (creator: string) => creator === '2_asked';
  linter.lint({ id: '2_asked', up, down: undefined, isTransactional: true, lockTimeoutMs: 0, isNewWith });
}

/** Takes each part out of a tree in turn, and puts it back. */
function* withoutEachPart(tree: object): Generator<string> {
  for (const [key, value] of Object.entries(tree)) {
    // The parser's wrapping of statements is read before any rule is asked.
    if (!['version', 'stmts', 'stmt', 'stmt_location', 'stmt_len'].includes(key) && !Array.isArray(tree)) {
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
