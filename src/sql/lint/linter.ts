/** Reads a history migration by migration, and says what rules find in those that are asked about. */

import { KatError } from '../../errors.js';
import type { Severity } from '../../findings.js';
import { readDirectives } from '../effects/directives.js';
import type { Place } from '../effects/effect.js';
import { readEffects } from '../effects/read-effects.js';
import { createPlacer, indexBytes } from '../effects/text-places.js';
import { explainSyntaxProblem } from '../explain-syntax.js';
import { noImpact } from '../impact/impact.js';
import { predictImpact } from '../impact/predict-impact.js';
import { type Parser, parseStatements, type Statement } from '../parse.js';
import { endMigration, followStatement } from '../schema/follow-statement.js';
import { emptySchema, findRelation, type RelationName, type Schema } from '../schema/schema.js';
import type { Fixer, StatementFix } from './fix/statement-fix.js';
import { findIgnoring, type IgnoreComment, readIgnoreComments } from './ignored.js';
import { keepLive } from './live-relations.js';
import { readMadeNames } from './made-names.js';
import type { Found, LintedFile, LintedMigration, LintedStatement, LintedWhole, Rule } from './rule.js';

/** Which rules are asked, and for what. */
export interface LintSetting {
  rules: readonly Rule[];
  /** By rule; a rule that is not in here has its own severity. */
  severities: ReadonlyMap<string, Severity>;
  /** The oldest major version of PostgreSQL that migrations must run on. */
  oldestServer: number;
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

/** The code of what is no SQL at all, beside the ids of rules. */
export const syntaxCode = 'syntax';

/** Reads migrations in the order of the graph, and remembers what they make of the database. */
export interface Linter {
  /** Carries a migration that nobody asks about into what is known. */
  follow(id: string, up: string): void;
  /** Carries a migration into what is known. @returns what the rules find in it, in the order of its files. */
  lint(migration: LintedMigration): LintFinding[];
  /** Another one that knows the same; what it reads is its own affair. */
  fork(): Linter;
}

/** @param parser loaded before */
export function createLinter(parser: Parser, setting: LintSetting): Linter {
  return linterOf(parser, setting, emptySchema());
}

function linterOf(parser: Parser, setting: LintSetting, schema: Schema): Linter {
  return {
    follow: (id, up) => {
      for (const { node } of parse(parser, up) ?? []) followStatement(schema, node, id);
      endMigration(schema);
    },
    lint: (migration) => lintMigration({ parser, setting, schema }, migration),
    fork: () => linterOf(parser, setting, structuredClone(schema)),
  };
}

interface Reading {
  parser: Parser;
  setting: LintSetting;
  schema: Schema;
}

function lintMigration(reading: Reading, migration: LintedMigration): LintFinding[] {
  const { parser, setting, schema } = reading;
  const up = readFile(parser, migration.up, migration.statements);
  const down = migration.down === undefined ? undefined : readFile(parser, migration.down);
  const found: Named[] = [];
  const statements = describeStatements(reading, migration, up);
  for (const statement of statements) {
    statement.impact = predictImpact(statement.node, schema, setting.oldestServer);
    statement.liveImpact = keepLive(statement.impact, statement.isNew);
    for (const rule of setting.rules) {
      for (const one of rule.checkStatement?.(statement) ?? [])
        found.push({ rule, found: one, ...fixOf(setting, rule, { statement, at: one.at }) });
    }
    followStatement(schema, statement.node, migration.id);
  }
  endMigration(schema);
  const { oldestServer } = setting;
  const whole: LintedWhole = { migration, statements, up, down, oldestServer };
  for (const rule of setting.rules) {
    for (const one of rule.checkMigration?.(whole) ?? []) {
      const statement = statements.find(({ start, end }) => start <= one.at && one.at <= end);
      found.push({ rule, found: one, ...(statement ? fixOf(setting, rule, { statement, at: one.at }) : {}) });
    }
  }
  const files = (['up', 'down'] as const).filter((direction) => whole[direction]);
  return files.flatMap((direction) => [
    ...reportSyntax(parser, whole, direction),
    ...report(reading, { whole, found, direction }),
  ]);
}

interface Named extends Pick<LintFinding, 'fix'> {
  rule: Rule;
  found: Found;
}

function fixOf(
  { fixers }: LintSetting,
  { id }: Rule,
  { statement, at }: { statement: LintedStatement; at: number },
): Pick<LintFinding, 'fix'> {
  const pieces = fixers?.get(id)?.(statement, at);
  return pieces ? { fix: { statement: statement.index, pieces } } : {};
}

/** Statements whose impact is still to be predicted, when those before them have been followed. */
function describeStatements(
  { schema, setting }: Reading,
  migration: LintedMigration,
  { text, statements = [] }: LintedFile,
): (LintedStatement & { impact: LintedStatement['impact'] })[] {
  const indexOfByte = indexBytes(text);
  const isNew = (name: RelationName) => {
    const known = findRelation(schema, name);
    return name.schema === 'pg_temp' || (known !== undefined && migration.isNewWith(known.creator));
  };
  const made = readMadeNames(statements.map(({ node }) => node));
  return statements.map(({ node, start, end, text: own }, index) => ({
    node,
    start,
    end,
    text: own,
    index,
    schema,
    impact: noImpact,
    liveImpact: noImpact,
    migration,
    oldestServer: setting.oldestServer,
    indexOf: (location) => (location === undefined ? start : indexOfByte(location)),
    isNew,
    isMadeLater: (name) => made.has(name, index),
  }));
}

function readFile(parser: Parser, text: string, parsed?: readonly Statement[]): LintedFile {
  const statements = parsed ?? parse(parser, text);
  let effects: ReturnType<LintedFile['effects']> | undefined;
  return { text, statements, effects: () => (effects ??= readEffects(parser, text)) };
}

function parse(parser: Parser, text: string): Statement[] | undefined {
  try {
    const parsed = parseStatements(parser, text);
    return Array.isArray(parsed) ? parsed : undefined;
  } catch {
    // The parser gives up on statements that nest too deeply.
    return undefined;
  }
}

function reportSyntax(parser: Parser, whole: LintedWhole, direction: 'up' | 'down'): LintFinding[] {
  const { text, statements } = whole[direction] as LintedFile;
  if (statements) return [];
  const { message, help, index } = explainFailure(parser, text);
  const finding = { rule: syntaxCode, severity: 'error', migration: whole.migration.id, direction } as const;
  return [{ ...finding, place: createPlacer(text)(index), message, help }];
}

function explainFailure(parser: Parser, text: string): { message: string; help: string; index: number } {
  try {
    const problem = parseStatements(parser, text);
    if (Array.isArray(problem)) throw new Error('a text that cannot be parsed was parsed');
    const { message, help = 'Correct it.' } = explainSyntaxProblem(problem);
    return { message, help, index: problem.index };
  } catch (error) {
    if (!(error instanceof KatError)) throw error;
    return { message: error.message, help: error.help ?? '', index: 0 };
  }
}

interface Report {
  whole: LintedWhole;
  found: readonly Named[];
  direction: 'up' | 'down';
}

/** The findings of one file, without those that a comment takes responsibility for. */
function report({ setting }: Reading, { whole, found, direction }: Report): LintFinding[] {
  const file = whole[direction] ?? whole.up;
  const own = found.filter((one) => (one.found.direction ?? 'up') === direction);
  if (own.length === 0) return [];
  const placeAt = createPlacer(file.text);
  const comments = commentsOf(file, placeAt);
  return own
    .filter(({ rule, found: { at } }) => !findIgnoring(comments, rule.id, at))
    .map(({ rule, found: one, fix }) => ({
      rule: rule.id,
      severity: setting.severities.get(rule.id) ?? one.severity ?? rule.severity,
      migration: whole.migration.id,
      direction,
      place: placeAt(one.at),
      message: one.message,
      help: one.help,
      ...(fix ? { fix } : {}),
    }))
    .sort((a, b) => a.place.start - b.place.start);
}

function commentsOf(
  { text, statements = [] }: LintedFile,
  placeAt: (index: number) => Place,
): IgnoreComment[] {
  return readIgnoreComments(text, readDirectives(text, placeAt), statements);
}
