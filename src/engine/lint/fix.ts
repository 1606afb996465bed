/** Rewrites migrations so that rules find less in them, which may take several migrations where there was one. */

import { buildGraph, type Graph } from '../../graph/graph.js';
import { isProgram, type Migration } from '../../graph/migration.js';
import { present } from '../../present.js';
import { findSqlFile, loadMigrations, readSqlFile } from '../../project/folder/load.js';
import { checksumIfLonger } from '../../project/folder/long-file.js';
import type { Draft } from '../../sql/lint/fix/draft.js';
import type { Linter } from '../../sql/lint/linter.js';
import { lockTimeoutOf } from '../policy/waits.js';
import type { ChosenRules } from './choose-rules.js';
import type { FixedMigration } from './fixed-migration.js';
import type { LintWork } from './lint-files.js';
import { readBase } from './read-base.js';
import type { LintFix } from './result.js';
import { writeFixes } from './write-fixes.js';

/**
 * Fixes the linted ones among the migrations.
 * @throws KatError FILES_INVALID when a file cannot be read or written; then nothing has changed.
 */
export async function fixMigrations(
  directory: string,
  work: LintWork,
  { rules, isDryRun }: { rules: ChosenRules; isDryRun: boolean },
): Promise<LintFix[]> {
  const fixed = await planFixes(work, rules);
  const added = isDryRun || fixed.length === 0 ? new Map() : await writeAll(directory, fixed);
  return fixed.map(({ migration: { id }, drafts, rules: names }) => ({
    id,
    rules: names,
    parts: drafts.map(({ label, up, down, isTransactional }, index) => ({
      ...(index === 0 ? { id } : findAdded(added, id, index)),
      ...present({ label }),
      up,
      ...present({ down }),
      noTransaction: !isTransactional,
    })),
  }));
}

function findAdded(added: ReadonlyMap<string, readonly string[]>, id: string, index: number) {
  const own = added.get(id)?.[index - 1];
  return own === undefined ? {} : { id: own };
}

async function writeAll(
  directory: string,
  fixed: readonly FixedMigration[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const graph: Graph = buildGraph(await loadMigrations(directory));
  return writeFixes(directory, graph, fixed);
}

async function planFixes(work: LintWork, { rules, severities }: ChosenRules): Promise<FixedMigration[]> {
  const [{ createLinter }, { createFixers }, { fixDrafts, wayBackRules }, parsing, all] = await Promise.all([
    import('../../sql/lint/linter.js'),
    import('../../sql/lint/fix/fixers.js'),
    import('../../sql/lint/fix/fix-drafts.js'),
    import('../../sql/syntax/parse.js'),
    import('../../sql/lint/rules.js'),
  ]);
  const parser = await parsing.loadParser(work.literals);
  const others = all.rules.filter((rule) => wayBackRules.includes(rule.id) && !rules.includes(rule));
  const fixers = createFixers(parser);
  const base = work.base && (await readBase(parser, work.base));
  const linter = createLinter(parser, {
    ...(base ? { base: base.names } : {}),
    rules: [...rules, ...others],
    severities,
    oldestServer: work.serverVersion,
    fixers,
  });
  const found: FixedMigration[] = [];
  let hasDeferredChecks = false;
  for (const migration of work.migrations) {
    if (Object.values(migration.files).some(isProgram)) continue;
    if (checksumIfLonger(migration.files.up, parsing.maxParsedBytes) !== undefined) continue;
    const { id, files, noTransaction } = migration;
    const draft = { label: undefined, up: readSqlFile(files.up), down: findSqlFile(files.down) };
    hasDeferredChecks ||= /\binitially\s+deferred\b/i.test(draft.up);
    if (work.linted.has(id)) {
      const lint = lintDrafts(linter, work, migration);
      const fixed = fixDrafts(parser, { ...draft, isTransactional: !noTransaction, hasDeferredChecks }, lint);
      if (fixed.rules.length > 0) found.push({ migration, ...fixed });
    }
    linter.follow(id, draft.up);
  }
  return found;
}

/** All drafts of one migration have its id, so that what the first of them creates stays new to the next. */
function lintDrafts(linter: Linter, work: LintWork, migration: Migration) {
  const { id } = migration;
  return (drafts: readonly Draft[]) => {
    const own = linter.fork();
    return drafts.flatMap((draft, index) =>
      own
        .lint({
          ...draft,
          id,
          lockTimeoutMs: lockTimeoutOf(migration, work.lockTimeoutMs),
          isNewWith: (creator) => creator === id || work.together.has(creator),
        })
        .map((finding) => ({ draft: index, finding })),
    );
  };
}
