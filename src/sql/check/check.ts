/** Finds problems of a migration's SQL before anything runs. */

import { KatError, type Problem, type SourceLocation } from '../../errors.js';
import { blank, findLeftover, type Leftover } from '../psql/psql-leftovers.js';
import {
  maxParsedBytes,
  type Parser,
  parseStatements,
  type Statement,
  type SyntaxProblem,
} from '../syntax/parse.js';
import { indexLines } from '../syntax/position.js';
import { mayNeedNoTransaction } from '../transactions/known-harmless.js';
import { findEnclosingPair } from '../transactions/transaction-control.js';
import { checkUnparsed } from './check-unparsed.js';
import { explainSyntaxProblem } from './explain-syntax.js';
import { isHarmless } from './harmless-statements.js';
import {
  asSqlError,
  findStatementProblem,
  type SqlOrigin,
  type StatementProblem,
} from './statement-problems.js';

interface MigrationSql extends SqlOrigin {
  text: string;
}

export interface MigrationSqlCheck {
  /** Why the migration must not be run, in the order of the text. */
  problems: Problem[];
  /** Hints for improvements that do not stop the run. */
  hints: Problem[];
  /** The SQL to run, without an enclosing BEGIN and COMMIT; undefined if the text does not parse. */
  statements: readonly Statement[] | undefined;
  /** Whether the text must go through `withoutEnclosingTransaction` before it is run. */
  isWrapped: boolean;
}

/** Each leftover of psql costs one more look at the whole text. */
const maxLeftovers = 10;

/**
 * Checks one file: its syntax, what only psql understands, and how it gets on with the transaction that it runs in.
 * A text that the parser cannot take (over `maxParsedBytes`, or nested too deeply) passes with a hint in mode
 * `transaction`, where the server checks it soon enough; it is a problem in mode `statements`, which needs them.
 */
export function checkMigrationSql(parser: Parser, sql: MigrationSql): MigrationSqlCheck {
  const reading = readSql(parser, sql.text);
  if (typeof reading === 'string') return describeUnread(sql, reading, checkPiece(parser, sql));
  const { statements, leftovers, error } = reading;
  const place = createPlacer(sql);
  const explained = leftovers.map(({ message, help, start }) =>
    place(start, { code: 'psql', message, help }),
  );
  if (!statements) {
    const problems = error && leftovers.length === 0 ? [describeError(error, place)] : explained;
    return { problems: problems.map(asSqlError), hints: [], statements: undefined, isWrapped: false };
  }
  const pair = sql.mode === 'transaction' ? findEnclosingPair(statements) : undefined;
  const run = pair ? statements.slice(1, -1) : statements;
  const found = run.flatMap((statement) => {
    const finding = findStatementProblem(statement.node, sql.mode);
    return finding ? [place(statement.start, finding)] : [];
  });
  return {
    problems: [...explained, ...found].sort(byPlace).map(asSqlError),
    hints: sql.mode === 'statements' ? findHints(sql, statements, place) : [],
    statements: run,
    isWrapped: pair !== undefined,
  };
}

/** Checks a text over `maxParsedBytes` as `checkMigrationSql` does, without holding all of it. */
export function checkLongSql(parser: Parser, origin: SqlOrigin): LongSqlCheck {
  const { push, finish } = checkUnparsed(parser, origin);
  return { push, finish: () => describeUnread(origin, tooLong, finish()) };
}

/** Takes a text in pieces, and says at its end what is wrong with it. */
export interface LongSqlCheck {
  push(piece: string): void;
  finish(): MigrationSqlCheck;
}

/**
 * The SQL to run: the text itself, or, when one BEGIN and COMMIT enclose it, with spaces in their place, so that every
 * position in it stays that of the file.
 */
export function withoutEnclosingTransaction(parser: Parser, text: string): string {
  const { statements } = parseStatements(parser, text);
  const pair = statements && findEnclosingPair(statements);
  if (!pair) return text;
  const { begin, commit } = pair;
  return [
    text.slice(0, begin.start),
    blank(text, begin.start, begin.end),
    text.slice(begin.end, commit.start),
    blank(text, commit.start, commit.end),
    text.slice(commit.end),
  ].join('');
}

interface Reading {
  statements?: readonly Statement[];
  leftovers: readonly Leftover[];
  error?: SyntaxProblem;
}

const tooLong = `is longer than ${maxParsedBytes / 2 ** 20} MB`;

/** @returns what was read; or why nothing could be. */
function readSql(parser: Parser, text: string): Reading | string {
  if (Buffer.byteLength(text) > maxParsedBytes) return tooLong;
  try {
    return readAround(parser, text);
  } catch (error) {
    if (error instanceof KatError) return 'nests too deeply for the parser';
    throw error;
  }
}

/** Replaces what only psql understands and reads on, so that all of it is found at once. */
function readAround(parser: Parser, text: string): Reading {
  const leftovers: Leftover[] = [];
  let rest = text;
  for (;;) {
    const { statements, problem } = parseStatements(parser, rest);
    if (!problem) return { statements, leftovers };
    const leftover = leftovers.length < maxLeftovers ? findLeftover(parser, rest, problem) : undefined;
    if (!leftover) return { leftovers, error: problem };
    leftovers.push(leftover);
    rest = rest.slice(0, leftover.start) + leftover.replacement + rest.slice(leftover.end);
  }
}

type PlacedProblem = Problem & { location: SourceLocation };
type Placer = (index: number, finding: StatementProblem) => PlacedProblem;

function createPlacer({ text, file, migration }: MigrationSql): Placer {
  const positionOf = indexLines(text);
  return (index, finding) => ({ ...finding, location: { file, ...positionOf(index) }, migration });
}

function describeError(error: SyntaxProblem, place: Placer): Problem {
  const { location, ...problem } = place(error.index, {
    code: 'syntax',
    ...explainSyntaxProblem(error),
  });
  return error.isPlaced ? { ...problem, location } : problem;
}

/** Several statements may be apart so that none keeps its locks while the next one runs: the linter, which knows tables, says more. */
function findHints({ migration }: SqlOrigin, statements: readonly Statement[], place: Placer): Problem[] {
  const first = statements[0];
  const isSeveral = statements.filter((statement) => !isHarmless(statement)).length > 1;
  if (!first || isSeveral || statements.some(mayNeedNoTransaction)) return [];
  const finding: StatementProblem = {
    code: 'needless-no-transaction',
    message: `nothing in ${migration} needs \`no_transaction: true\``,
    help: `Remove it from ${migration}/metadata.yaml, so that the migration is applied as a whole or not at all.`,
  };
  return [place(first.start, finding)];
}

function checkPiece(parser: Parser, sql: MigrationSql): Problem[] {
  const check = checkUnparsed(parser, sql);
  check.push(sql.text);
  return check.finish();
}

/** @param problems what was found in single statements of it. */
function describeUnread(
  { file, migration, mode }: SqlOrigin,
  reason: string,
  problems: Problem[],
): MigrationSqlCheck {
  const unread = { statements: undefined, isWrapped: false };
  if (mode === 'transaction') {
    const hint: Problem = {
      code: 'unchecked-sql',
      message: `${file} ${reason}, so only statements about transactions were checked beforehand`,
      migration,
    };
    return { problems, hints: [hint], ...unread };
  }
  const problem: Problem = {
    code: 'unsplittable-sql',
    message: `${file} ${reason}, so it cannot be run statement by statement`,
    help: 'Split the migration, or remove `no_transaction: true` from metadata.yaml.',
    migration,
  };
  return { problems: [asSqlError(problem)], hints: [], ...unread };
}

function byPlace(a: { location: SourceLocation }, b: { location: SourceLocation }): number {
  return a.location.line - b.location.line || a.location.column - b.location.column;
}
