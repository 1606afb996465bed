/** Reads a history migration by migration, and returns the findings of the linted ones. */

import { endMigration } from '../schema/follow-statement.js';
import { emptySchema } from '../schema/schema.js';
import type { Parser, Statement } from '../syntax/parse.js';
import type { LintFinding, RuleSetting } from './finding.js';
import { awaitNames, followInto } from './follow-into.js';
import { noHistory, startHistory } from './history.js';
import { followRows } from './known-rows.js';
import { lintMigration } from './lint-migration.js';
import { readFile } from './linted-file.js';
import type { HistoryReading } from './reading.js';
import type { LintedMigration, Rule } from './rule.js';
import { skim } from './skim.js';

/** Reads migrations in the order of the graph, and remembers what they make of the database. */
export interface Linter {
  /** Applies a migration that is not linted to the known schema. */
  follow(id: string, up: string): void;
  /** Passes over a migration that only makes things. @returns false, with nothing done, if it does more: then lint it. */
  skim(id: string, statements: readonly Statement[]): boolean;
  /** Carries a migration into what is known. @returns what the rules find in it, in the order of its files. */
  lint(migration: LintedMigration): LintFinding[];
  /** Another one that knows the same; what it reads is its own affair. */
  fork(): Linter;
}

/** @param parser loaded before */
export function createLinter(parser: Parser, { rules, ...rest }: RuleSetting): Linter {
  const setting = { ...rest, rules: rules.filter((rule) => isOn(rule, rest.severities)) };
  return linterOf({
    parser,
    setting,
    schema: emptySchema(),
    awaited: awaitNames(rest.base ?? { relations: new Set(), types: new Set() }),
    history: rules.some(isAboutDesign) ? startHistory() : noHistory(),
  });
}

function isAboutDesign({ topic }: Rule): boolean {
  return topic === 'design';
}

function isOn({ id, isOptional }: Rule, severities: RuleSetting['severities']): boolean {
  return !isOptional || severities.has(id);
}

function linterOf(reading: HistoryReading): Linter {
  const { parser, schema, history } = reading;
  return {
    follow: (id, up) => {
      const file = readFile(parser, up);
      for (const { node } of file.statements ?? []) {
        followInto(reading, { node, creator: id });
        followRows(schema, node);
      }
      history.add(file.effects);
      endMigration(schema);
    },
    skim: (id, statements) => skim(schema, statements, id),
    lint: (migration) => lintMigration(reading, migration),
    fork: () =>
      linterOf({
        ...reading,
        schema: structuredClone(schema),
        awaited: awaitNames(reading.awaited),
        history: history.fork(),
      }),
  };
}
