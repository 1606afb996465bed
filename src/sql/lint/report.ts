/** Converts results of rules into findings with places, without accepted ones. */

import { KatError } from '../../errors.js';
import { nearest } from '../../graph/nearest.js';
import { explainSyntaxProblem } from '../check/explain-syntax.js';
import { readDirectives } from '../effects/directives.js';
import { findLeftover } from '../psql/psql-leftovers.js';
import type { SourcePosition } from '../syntax/object-id.js';
import { type Parser, parseStatements } from '../syntax/parse.js';
import { createPlacer } from '../syntax/text-places.js';
import type { LintFinding, RuleFound, RuleSetting } from './finding.js';
import { findIgnoring, type IgnoreComment, readIgnoreComments } from './ignored.js';
import type { LintedFile, LintedWhole } from './rule.js';

/** Reports a file that does not parse. */
export function reportSyntax(parser: Parser, whole: LintedWhole, direction: 'up' | 'down'): LintFinding[] {
  const { text, statements } = whole[direction] as LintedFile;
  if (statements) return [];
  const { rule, message, help, index } = explainFailure(parser, text);
  const finding = { rule, severity: 'error', migration: whole.migration.id, direction } as const;
  return [{ ...finding, place: createPlacer(text)(index), message, help }];
}

/** Its codes stand beside the ids of rules, and are those of `kat validate`. */
interface Failure extends Pick<LintFinding, 'rule' | 'message' | 'help'> {
  /** UTF-16 index into the text. */
  index: number;
}

function explainFailure(parser: Parser, text: string): Failure {
  try {
    const { problem } = parseStatements(parser, text);
    if (!problem) throw new Error('a text that cannot be parsed was parsed');
    const leftover = findLeftover(parser, text, problem);
    if (leftover) return { rule: 'psql', ...leftover, index: leftover.start };
    const { message, help = 'Correct it.' } = explainSyntaxProblem(problem);
    return { rule: 'syntax', message, help, index: problem.index };
  } catch (error) {
    if (!(error instanceof KatError)) throw error;
    return { rule: 'syntax', message: error.message, help: error.help ?? '', index: 0 };
  }
}

interface Report {
  whole: LintedWhole;
  found: readonly RuleFound[];
  direction: 'up' | 'down';
}

/** A comment with a misspelt word accepts nothing, which its author should know. */
export function reportUnknownCodes(
  { codes }: RuleSetting,
  whole: LintedWhole,
  direction: 'up' | 'down',
): LintFinding[] {
  const file = whole[direction] as LintedFile;
  if (!codes || !file.text.includes('kat:ignore')) return [];
  const placeAt = createPlacer(file.text);
  const finding = { severity: 'warning', migration: whole.migration.id, direction } as const;
  return commentsOf(file, placeAt).flatMap(({ rules, start }) =>
    rules
      .filter((code) => !codes.has(code))
      .map((code) => ({
        ...finding,
        rule: 'unknown-code',
        place: placeAt(start),
        message: `the comment accepts ${JSON.stringify(code)}, which is not a known finding code`,
        help: unknownCodeHelp(code, codes),
      })),
  );
}

function unknownCodeHelp(code: string, codes: ReadonlySet<string>): string {
  const [meant] = nearest(code, codes, 1);
  return meant === undefined ? 'Write `-- kat:ignore RULE reason`.' : `Write \`${meant}\`.`;
}

/** The findings of one file, without those that a comment takes responsibility for. */
export function report(setting: RuleSetting, { whole, found, direction }: Report): LintFinding[] {
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
  placeAt: (index: number) => SourcePosition,
): IgnoreComment[] {
  return readIgnoreComments(text, readDirectives(text, placeAt), statements);
}
