/** Lints SQL that is written down in a test, as the last migration of a small history. */

import type { Severity } from '../../../src/findings.js';
import type { LintFinding } from '../../../src/sql/lint/finding.js';
import { createLinter } from '../../../src/sql/lint/linter.js';
import { rules } from '../../../src/sql/lint/rules.js';
import { loadParser } from '../../../src/sql/syntax/parse.js';

const parser = await loadParser();

export interface LintScene {
  /** The up.sql of migrations that are applied. */
  applied?: readonly string[];
  /** The up.sql of pending ancestors, which are linted, too, but not asked about. */
  pending?: readonly string[];
  up: string;
  down?: string;
  /** A scene without a down.sql has none because that has nothing to do with it, unless it says so. */
  lacksDown?: boolean;
  isTransactional?: boolean;
  lockTimeoutMs?: number;
  oldestServer?: number;
  severities?: Readonly<Record<string, Severity>>;
}

/** What all rules find in the last migration. */
export function lintSql(context: LintScene): LintFinding[] {
  const { applied = [], pending = [], up, down, isTransactional = true, lockTimeoutMs = 5000 } = context;
  const { oldestServer = 14, severities = {} } = context;
  const linter = createLinter(parser, {
    rules,
    severities: new Map(Object.entries(severities)),
    oldestServer,
  });
  for (const [index, sql] of applied.entries()) linter.follow(`${index + 1}_applied`, sql);
  for (const [index, sql] of pending.entries()) linter.follow(`${index + 101}_pending`, sql);
  const isNewWith = (creator: string) => creator === '201_asked' || creator.endsWith('_pending');
  return linter
    .lint({ id: '201_asked', up, down, isTransactional, lockTimeoutMs, isNewWith })
    .filter(({ rule }) => rule !== 'missing-down' || context.lacksDown);
}

/** What one rule finds, as texts. */
export function findBy(rule: string, context: LintScene): string[] {
  return lintSql(context)
    .filter((finding) => finding.rule === rule)
    .map(({ place, message }) => `${place.line}:${place.column} ${message}`);
}
