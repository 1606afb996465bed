import { readdirSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { afterAll, describe, expect, test } from 'vitest';
import { rules } from '../../../src/sql/lint/rules.js';
import { lintSql } from './lint-sql.js';
import { type Example, pagesFolder, type RulePage, readRulePage } from './rule-pages.js';

const db = new PGlite();
afterAll(() => db.close());

/** The examples of a page; those of one section are migrations that follow each other. */
function examplesOf({ sections }: RulePage, title: string): readonly Example[] {
  return sections.find((section) => section.title === title)?.examples ?? [];
}

function ups(examples: readonly Example[]): Example[] {
  return examples.filter(({ words }) => !words.has('down'));
}

/** Each example with the down.sql that follows it, if there is one, linted behind what is applied before it. */
function lintExamples(applied: readonly Example[], examples: readonly Example[], isTogether: boolean) {
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
    }).map((finding) => ({ ...finding, sql: example.sql }));
  });
}

async function apply(examples: readonly Example[]): Promise<void> {
  for (const example of ups(examples)) await applyAsMigration(example);
}

const dropAllSchemas = `DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
  LOOP EXECUTE format('DROP SCHEMA %I CASCADE', name); END LOOP;
END $$`;

/** PGlite has no second database to clone: what an example made is dropped again. */
async function inFreshSchema(run: () => Promise<void>): Promise<void> {
  await run();
  await db.exec(`RESET ALL; ${dropAllSchemas}; CREATE SCHEMA public`);
}

/** As a migration, in one transaction, unless it says that it has none. */
async function applyAsMigration({ sql, words }: Example): Promise<void> {
  if (words.has('no_transaction')) await db.exec(sql);
  else await db.transaction((transaction) => transaction.exec(sql));
}

/** What a message says about locks, such as `SHARE on users`. */
function readLocks(message: string): string[] {
  return [...message.matchAll(/\b([A-Z][A-Z ]+) lock on ([\w.]+)/g)].map(
    ([, mode, name]) => `${mode} on ${name}`,
  );
}

/** What is locked at the end of a transaction, which is rolled back. What it drops keeps its name. */
async function takeLocks(sql: string): Promise<string[]> {
  type Row = { oid: number; name: string; mode: string };
  const relations = `SELECT c.oid, replace(c.oid::regclass::text, 'public.', '') AS name FROM pg_class c`;
  const { rows: named } = await db.query<Row>(relations);
  const names = new Map(named.map(({ oid, name }) => [oid, name]));
  let locks: Row[] = [];
  await db.transaction(async (transaction) => {
    await transaction.exec(sql);
    const taken = await transaction.query<Row>(
      'SELECT relation AS oid, mode FROM pg_locks WHERE relation > 0',
    );
    locks = taken.rows;
    await transaction.rollback();
  });
  const modeOf = (mode: string) =>
    mode
      .replace(/Lock$/, '')
      .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
      .toUpperCase();
  return locks.map(({ oid, mode }) => `${modeOf(mode)} on ${names.get(oid)}`);
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
    const findings = lintExamples(before, found, false).filter((finding) => finding.rule === id);
    expect(new Set(findings.map(({ sql }) => sql))).toEqual(new Set(ups(found).map(({ sql }) => sql)));
  });

  test('what the page shows as better is clean', () => {
    const findings = lintExamples(before, examplesOf(page, 'Better'), true);
    expect(findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
  });

  test('what the page shows as not found is not found by this rule', () => {
    const findings = lintExamples(before, examplesOf(page, 'Not found'), false);
    expect(findings.filter((finding) => finding.rule === id)).toEqual([]);
  });

  test('the locks that are spoken of are taken', async () => {
    for (const example of examplesOf(page, 'Found')) {
      if (example.words.has('fails') || example.words.has('no_transaction')) continue;
      const said = lintExamples(before, [example], false)
        .filter((finding) => finding.rule === id)
        .flatMap(({ message }) => readLocks(message));
      await inFreshSchema(async () => {
        await apply(before);
        expect(said.length === 0 ? [] : await takeLocks(example.sql)).toEqual(expect.arrayContaining(said));
      });
    }
  });

  test('the examples run', async () => {
    await inFreshSchema(async () => {
      await apply(before);
      await apply(examplesOf(page, 'Better'));
    });
    for (const example of [...examplesOf(page, 'Found'), ...examplesOf(page, 'Not found')]) {
      await inFreshSchema(async () => {
        await apply(before);
        if (example.words.has('fails')) await expect(applyAsMigration(example)).rejects.toThrow();
        else await apply([example]);
      });
    }
  });
});
