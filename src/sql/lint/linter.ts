/** Reads a history migration by migration, and says what rules find in those that are asked about. */

import type { Severity } from '../../findings.js';
import type { Catalogue } from '../dependencies/catalogue.js';
import { readDirectives } from '../effects/directives.js';
import type { Place } from '../effects/effect.js';
import { readEffects } from '../effects/read-effects.js';
import { createPlacer, indexBytes } from '../effects/text-places.js';
import { predictImpact } from '../impact/predict-impact.js';
import { type Parser, parseStatements, type Statement } from '../parse.js';
import { isOpaque } from '../round-trip/certain.js';
import { compareWays, noDifference, type RoundTrip } from '../round-trip/round-trip.js';
import { endMigration, followStatement } from '../schema/follow-statement.js';
import { emptySchema, findRelation, type RelationName, type Schema } from '../schema/schema.js';
import { type History, startHistory } from './history.js';
import { findIgnoring, type IgnoreComment, readIgnoreComments } from './ignored.js';
import type { Found, LintedFile, LintedMigration, LintedStatement, LintedWhole, Rule } from './rule.js';

/** Which rules are asked, and for what. */
export interface LintSetting {
  rules: readonly Rule[];
  /** By rule; a rule that is not in here has its own severity, and is not asked if it is optional. */
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
export function createLinter(parser: Parser, { rules, ...rest }: LintSetting): Linter {
  const setting = { ...rest, rules: rules.filter((rule) => isOn(rule, rest.severities)) };
  const schema = emptySchema();
  const history = startHistory();
  return {
    follow: (id, up) => {
      for (const { node } of parse(parser, up) ?? []) followStatement(schema, node, id);
      history.add(() => readEffects(parser, up));
      endMigration(schema);
    },
    lint: (migration) => lintMigration({ parser, setting, schema, history }, migration),
  };
}

function isOn({ id, isOptional }: Rule, severities: LintSetting['severities']): boolean {
  return !isOptional || severities.has(id);
}

interface Reading {
  parser: Parser;
  setting: LintSetting;
  schema: Schema;
  history: History;
}

function lintMigration(reading: Reading, migration: LintedMigration): LintFinding[] {
  const { parser, setting, schema, history } = reading;
  const up = readFile(parser, migration.up);
  const down = migration.down === undefined ? undefined : readFile(parser, migration.down);
  const found: Named[] = [];
  const statements = describeStatements(reading, migration, up);
  for (const statement of statements) {
    statement.impact = predictImpact(statement.node, schema, setting.oldestServer);
    for (const rule of setting.rules) {
      for (const one of rule.checkStatement?.(statement) ?? []) found.push({ rule, found: one });
    }
    followStatement(schema, statement.node, migration.id);
  }
  endMigration(schema);
  const whole = describeWhole(reading, { migration, statements, up, down });
  for (const rule of setting.rules) {
    for (const one of rule.checkMigration?.(whole) ?? []) found.push({ rule, found: one });
  }
  history.add(() => up.effects());
  return [
    ...report(reading, { whole, found, direction: 'up' }),
    ...report(reading, { whole, found, direction: 'down' }),
  ];
}

function describeWhole(
  { setting, history }: Reading,
  files: Pick<LintedWhole, 'migration' | 'statements' | 'up' | 'down'>,
): LintedWhole {
  const { oldestServer } = setting;
  const before = () => history.catalogue();
  let trip: RoundTrip | undefined;
  return {
    ...files,
    oldestServer,
    before,
    roundTrip: () => (trip ??= findRoundTrip(files, before)),
  };
}

/** What runs as a text that is known only then may do anything, and so take everything back. */
function findRoundTrip({ up, down }: Pick<LintedWhole, 'up' | 'down'>, before: () => Catalogue): RoundTrip {
  if (!up.statements?.length || !down?.statements?.length) return noDifference;
  return isOpaque(up.effects()) || isOpaque(down.effects())
    ? noDifference
    : compareWays(before(), up.effects(), down.effects());
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
    impact: { locks: [], rewrites: [], scans: [] },
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
