/** Reads a history migration by migration, and says what rules find in those that are asked about. */

import type { Severity } from '../../findings.js';
import type { Place } from '../effects/effect.js';
import { follow } from '../schema/follow-blocks.js';
import { endMigration } from '../schema/follow-statement.js';
import { emptySchema } from '../schema/schema.js';
import type { Parser, Statement } from '../syntax/parse.js';
import type { Fixer, StatementFix } from './fix/statement-fix.js';
import { noHistory, startHistory } from './history.js';
import { lintMigration, type Reading } from './lint-migration.js';
import { readFile } from './linted-file.js';
import type { LintedMigration, Rule } from './rule.js';
import { skim } from './skim.js';

/** Which rules are asked, and for what. */
export interface LintSetting {
  rules: readonly Rule[];
  /** By rule; a rule that is not in here has its own severity, and is not asked if it is optional. */
  severities: ReadonlyMap<string, Severity>;
  /** The oldest major version of PostgreSQL that migrations must run on. */
  oldestServer: number;
  /** All that a comment may accept, here or elsewhere; where it is left out, nothing is said of words that mean nothing. */
  codes?: ReadonlySet<string>;
  /** By rule; where they are left out, nothing is said of fixes. */
  fixers?: ReadonlyMap<string, Fixer>;
}

/** What a rule found, and where. */
export interface LintFinding {
  rule: string;
  severity: Severity;
  migration: string;
  direction: 'up' | 'down';
  place: Place;
  message: string;
  help: string;
  /** What can take the place of the statement with that index. */
  fix?: { statement: number; pieces: StatementFix };
}

/** Reads migrations in the order of the graph, and remembers what they make of the database. */
export interface Linter {
  /** Carries a migration that nobody asks about into what is known. */
  follow(id: string, up: string): void;
  /** Passes over a migration that only makes things. @returns false, with nothing done, if it does more: then lint it. */
  skim(id: string, statements: readonly Statement[]): boolean;
  /** Carries a migration into what is known. @returns what the rules find in it, in the order of its files. */
  lint(migration: LintedMigration): LintFinding[];
  /** Another one that knows the same; what it reads is its own affair. */
  fork(): Linter;
}

/** @param parser loaded before */
export function createLinter(parser: Parser, { rules, ...rest }: LintSetting): Linter {
  const setting = { ...rest, rules: rules.filter((rule) => isOn(rule, rest.severities)) };
  return linterOf({
    parser,
    setting,
    schema: emptySchema(),
    history: rules.some(isAboutDesign) ? startHistory() : noHistory(),
  });
}

function isAboutDesign({ topic }: Rule): boolean {
  return topic === 'design';
}

function isOn({ id, isOptional }: Rule, severities: LintSetting['severities']): boolean {
  return !isOptional || severities.has(id);
}

function linterOf(reading: Reading): Linter {
  const { parser, schema, history } = reading;
  return {
    follow: (id, up) => {
      const file = readFile(parser, up);
      for (const { node } of file.statements ?? []) follow(parser, schema, { node, creator: id });
      history.add(file.effects);
      endMigration(schema);
    },
    skim: (id, statements) => skim(schema, statements, id),
    lint: (migration) => lintMigration(reading, migration),
    fork: () => linterOf({ ...reading, schema: structuredClone(schema), history: history.fork() }),
  };
}
