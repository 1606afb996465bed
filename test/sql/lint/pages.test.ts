import { readdirSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import type { Rule } from '../../../src/sql/lint/rule.js';
import { rules } from '../../../src/sql/lint/rules.js';
import { loadParser, parseStatements } from '../../../src/sql/syntax/parse.js';
import { emptyPglite } from '../../support/pglite.js';
import { dropEverything } from './drop-everything.js';
import { lintSql } from './lint-sql.js';
import { type Example, pagesFolder, type RulePage, readRulePage } from './rule-pages.js';
import { readLocks, takeLocks } from './taken-locks.js';

const db = await emptyPglite();
const parser = await loadParser();
afterAll(() => db.close());

/** The examples of a page; those of one section are migrations that follow each other. */
function examplesOf({ sections }: RulePage, title: string): readonly Example[] {
  return sections.find((section) => section.title === title)?.examples ?? [];
}

function ups(examples: readonly Example[]): Example[] {
  return examples.filter(({ words }) => !words.has('down'));
}

/**
 * Each example with the down.sql that follows it, if there is one, linted behind what is applied before it. Most pages leave the
 * down.sql out where it has nothing to do with the rule.
 */
function lintExamples(
  { id, severity, isOptional }: Rule,
  applied: readonly Example[],
  { examples, isTogether = false }: { examples: readonly Example[]; isTogether?: boolean },
) {
  return ups(examples).flatMap((example) => {
    const index = examples.indexOf(example);
    const next = examples[index + 1];
    const earlier = isTogether ? ups(examples.slice(0, index)) : [];
    return lintSql({
      applied: [...applied, ...earlier].map(({ sql }) => sql),
      up: example.sql,
      ...(next?.words.has('down') ? { down: next.sql } : {}),
      isTransactional: !example.words.has('no_transaction'),
      lockTimeoutMs: example.words.has('no_lock_timeout') ? 0 : 5000,
      lacksDown: id === 'missing-down',
      severities: isOptional ? { [id]: severity } : {},
    }).map((finding) => ({ ...finding, sql: example.sql }));
  });
}

/** Runs all ways up, and then the ways down that are shown, the last first. */
async function apply(examples: readonly Example[]): Promise<void> {
  for (const example of ups(examples)) await run(example);
  for (const example of examples.toReversed()) if (example.words.has('down')) await run(example);
}

/** As a migration, in one transaction, unless it says that it has none. */
async function run({ sql, words }: Example): Promise<void> {
  if (!words.has('no_transaction')) {
    await db.transaction((transaction) => transaction.exec(sql));
    return;
  }
  const { statements, problem } = parseStatements(parser, sql);
  if (problem) throw new Error(problem.message);
  for (const { text } of statements) await db.exec(text);
}

/** Each migration with its down.sql, if it is shown. */
function pairs(examples: readonly Example[]): Example[][] {
  return ups(examples).map((up) => {
    const next = examples[examples.indexOf(up) + 1];
    return next?.words.has('down') ? [up, next] : [up];
  });
}

/** PGlite has no second database to clone: what an example made is dropped again. */
async function inFreshSchema(run: () => Promise<void>): Promise<void> {
  await run();
  await db.exec('RESET ALL');
  await db.exec(dropEverything);
  await db.exec('CREATE SCHEMA public');
}

test('every rule has a page, and every page a rule', () => {
  const pages = readdirSync(pagesFolder).map((name) => name.replace(/\.md$/, ''));
  expect(pages.sort()).toEqual(rules.map(({ id }) => id).sort());
});

describe.each(rules.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
  const page = readRulePage(id);
  const before = ups(examplesOf(page, 'Before'));

  test('the page says what the rule says', () => {
    expect(page.title).toBe(id);
    expect(page.text).toContain(`**${rule.severity}** — ${rule.summary}.`);
  });

  test('what the page shows as found is found, each of it', () => {
    const found = examplesOf(page, 'Found');
    expect(found.length).toBeGreaterThan(0);
    const findings = lintExamples(rule, before, { examples: found }).filter((finding) => finding.rule === id);
    expect(new Set(findings.map(({ sql }) => sql))).toEqual(new Set(ups(found).map(({ sql }) => sql)));
  });

  test('what the page shows as better is clean', () => {
    const findings = lintExamples(rule, before, { examples: examplesOf(page, 'Better'), isTogether: true });
    expect(findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
  });

  test('what the page shows as not found is not found by this rule', () => {
    const findings = lintExamples(rule, before, { examples: examplesOf(page, 'Not found') });
    expect(findings.filter((finding) => finding.rule === id)).toEqual([]);
  });

  test('the locks that the rule speaks of are taken', async () => {
    for (const example of examplesOf(page, 'Found')) {
      if (['fails', 'refused', 'no_transaction'].some((word) => example.words.has(word))) continue;
      const said = lintExamples(rule, before, { examples: [example] })
        .filter((finding) => finding.rule === id)
        .flatMap(({ message }) => readLocks(message));
      if (said.length === 0) continue;
      await inFreshSchema(async () => {
        await apply(before);
        expect(await takeLocks(db, example.sql)).toEqual(expect.arrayContaining(said));
      });
    }
  });

  test('the examples run', async () => {
    await inFreshSchema(async () => {
      await apply(before);
      await apply(examplesOf(page, 'Better'));
    });
    for (const examples of ['Found', 'Not found'].flatMap((title) => pairs(examplesOf(page, title)))) {
      const has = (word: string) => examples.some(({ words }) => words.has(word));
      // Kat refuses it before it runs; PostgreSQL would end the transaction that it runs in.
      if (has('refused')) continue;
      await inFreshSchema(async () => {
        await apply(before);
        if (has('fails')) await expect(apply(examples)).rejects.toThrow();
        else await apply(examples);
      });
    }
  });
});
