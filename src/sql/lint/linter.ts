/** Reads a history migration by migration, and says what rules find in those that are asked about. */

import type { Severity } from '../../findings.js';
import { readDirectives } from '../effects/directives.js';
import type { Place } from '../effects/effect.js';
import { readEffects } from '../effects/read-effects.js';
import { createPlacer, indexBytes } from '../effects/text-places.js';
import { noImpact } from '../impact/impact.js';
import { predictImpact } from '../impact/predict-impact.js';
import { type Parser, parseStatements, type Statement } from '../parse.js';
import { follow } from '../schema/follow-blocks.js';
import { endMigration } from '../schema/follow-statement.js';
import { emptySchema, findRelation, type RelationName, type Schema } from '../schema/schema.js';
import { findIgnoring, type IgnoreComment, readIgnoreComments } from './ignored.js';
import type { Found, LintedFile, LintedMigration, LintedStatement, LintedWhole, Rule } from './rule.js';

/** Which rules are asked, and for what. */
export interface LintSetting {
  rules: readonly Rule[];
  /** By rule; a rule that is not in here has its own severity. */
  severities: ReadonlyMap<string, Severity>;
  /** The oldest major version of PostgreSQL that migrations must run on. */
  oldestServer: number;
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
}

/** Reads migrations in the order of the graph, and remembers what they make of the database. */
export interface Linter {
  /** Carries a migration that nobody asks about into what is known. */
  follow(id: string, up: string): void;
  /** Carries a migration into what is known. @returns what the rules find in it, in the order of its files. */
  lint(migration: LintedMigration): LintFinding[];
}

/** @param parser loaded before */
export function createLinter(parser: Parser, setting: LintSetting): Linter {
  const schema = emptySchema();
  return {
    follow: (id, up) => {
      for (const { node } of parse(parser, up) ?? []) follow(parser, schema, { node, creator: id });
      endMigration(schema);
    },
    lint: (migration) => lintMigration({ parser, setting, schema }, migration),
  };
}

interface Reading {
  parser: Parser;
  setting: LintSetting;
  schema: Schema;
}

function lintMigration(reading: Reading, migration: LintedMigration): LintFinding[] {
  const { parser, setting, schema } = reading;
  const up = readFile(parser, migration.up);
  const down = migration.down === undefined ? undefined : readFile(parser, migration.down);
  const found: Named[] = [];
  const statements = describeStatements(reading, migration, up);
  for (const statement of statements) {
    statement.impact = predictImpact(statement.node, schema, setting.oldestServer);
    for (const rule of setting.rules) {
      for (const one of rule.checkStatement?.(statement) ?? []) found.push({ rule, found: one });
    }
    follow(parser, schema, { node: statement.node, creator: migration.id });
  }
  endMigration(schema);
  const { oldestServer } = setting;
  const whole: LintedWhole = { migration, statements, up, down, oldestServer };
  for (const rule of setting.rules) {
    for (const one of rule.checkMigration?.(whole) ?? []) found.push({ rule, found: one });
  }
  return [
    ...report(reading, { whole, found, direction: 'up' }),
    ...report(reading, { whole, found, direction: 'down' }),
  ];
}

interface Named {
  rule: Rule;
  found: Found;
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
  return statements.map(({ node, start, end, text: own }, index) => ({
    node,
    start,
    end,
    text: own,
    index,
    schema,
    impact: noImpact,
    migration,
    oldestServer: setting.oldestServer,
    indexOf: (location) => (location === undefined ? start : indexOfByte(location)),
    isNew,
  }));
}

function readFile(parser: Parser, text: string): LintedFile {
  const statements = parse(parser, text);
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
    .map(({ rule, found: one }) => ({
      rule: rule.id,
      severity: setting.severities.get(rule.id) ?? one.severity ?? rule.severity,
      migration: whole.migration.id,
      direction,
      place: placeAt(one.at),
      message: one.message,
      help: one.help,
    }))
    .sort((a, b) => a.place.start - b.place.start);
}

function commentsOf(
  { text, statements = [] }: LintedFile,
  placeAt: (index: number) => Place,
): IgnoreComment[] {
  return readIgnoreComments(text, readDirectives(text, placeAt), statements);
}
