/** What fixing makes of a migration lints clean, and does to a database what the migration did. */

import { afterAll, describe, expect, test } from 'vitest';
import type { Draft } from '../../../src/sql/lint/fix/draft.js';
import { fixableRules } from '../../../src/sql/lint/fix/fixable-rules.js';
import { loadParser, parseStatements } from '../../../src/sql/syntax/parse.js';
import { findEnclosingPair } from '../../../src/sql/transactions/transaction-control.js';
import { emptyPglite } from '../../support/pglite.js';
import { dropEverything } from './drop-everything.js';
import { handWrittenScenes } from './fix-hand-written.js';
import { type FixedScene, pageScenes } from './fix-scenes.js';
import { readSchemaFacts } from './fix-schema-facts.js';
import { fixSql, lintDrafts, showDrafts } from './fix-sql.js';

const db = await emptyPglite();
const parser = await loadParser();
afterAll(() => db.close());

async function startAgain(applied: readonly string[]): Promise<void> {
  await db.exec(`RESET ALL; ${dropEverything}; CREATE SCHEMA public`);
  for (const sql of applied) await run(sql, true);
}

/** As Kat does it. */
async function run(sql: string, isTransactional: boolean): Promise<void> {
  const { statements, problem } = parseStatements(parser, sql);
  if (problem) throw new Error(`${problem.message}: ${sql}`);
  const own = findEnclosingPair(statements) ? statements.slice(1, -1) : statements;
  if (isTransactional) await db.exec('BEGIN');
  try {
    for (const { text } of own) await db.exec(text);
    if (isTransactional) await db.exec('COMMIT');
  } finally {
    if (isTransactional) await db.exec('ROLLBACK');
    await db.exec('RESET ALL');
  }
}

async function factsOfOriginal({ applied, up, down, rule }: FixedScene) {
  await startAgain(applied);
  const before = await readSchemaFacts(db);
  // A statement that no transaction takes is what there is to fix.
  await run(up, rule !== 'needs-no-transaction' && !/\bconcurrently\b/i.test(up));
  const after = await readSchemaFacts(db);
  if (down !== undefined) await run(down, true);
  return { before, after };
}

async function goUp(drafts: readonly Draft[]): Promise<string[]> {
  for (const { up, isTransactional } of drafts) await run(up, isTransactional);
  return readSchemaFacts(db);
}

async function goDown(drafts: readonly Draft[]): Promise<string[]> {
  for (const { down, isTransactional } of drafts.toReversed()) await run(down ?? '', isTransactional);
  return readSchemaFacts(db);
}

function seriousRules(context: FixedScene, drafts: readonly Draft[]): string[] {
  const found = lintDrafts(context, drafts).filter(
    ({ finding }) => finding.severity !== 'info' || finding.rule === context.rule,
  );
  return [...new Set(found.map(({ finding }) => finding.rule))];
}

test('every rule that can be fixed has scenes', () => {
  expect(new Set(pageScenes().map(({ rule }) => rule))).toEqual(new Set(fixableRules));
});

describe.each([...pageScenes(), ...handWrittenScenes].map((context) => [context.title, context] as const))(
  '%s',
  (_, context) => {
    const drafts = fixSql(context);
    const original = {
      label: undefined,
      up: context.up,
      down: context.down,
      isTransactional: context.isTransactional,
    };

    test('is found, and then neither it nor anything new', () => {
      const before = seriousRules(context, [original]);
      expect(before).toContain(context.rule);
      const after = seriousRules(context, drafts);
      expect(
        after.filter((rule) => rule === context.rule || !before.includes(rule)),
        showDrafts(drafts),
      ).toEqual([]);
    });

    test('does the same to the database, there and back and there again', async () => {
      const expected = await factsOfOriginal(context);
      const facts = async (way: Promise<string[]>) =>
        (await way).filter((fact) => context.leaves?.test(fact) !== true);
      await startAgain(context.applied);
      expect(await facts(goUp(drafts)), showDrafts(drafts)).toEqual(expected.after);
      if (context.down === undefined) return;
      expect(await facts(goDown(drafts)), showDrafts(drafts)).toEqual(expected.before);
      expect(await facts(goUp(drafts)), showDrafts(drafts)).toEqual(expected.after);
    });
  },
);
