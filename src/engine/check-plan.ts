/** Checks every file of a plan with PostgreSQL's own grammar before anything runs. */

import { KatError, type Problem } from '../errors.js';
import type { Migration } from '../graph/migration.js';
import type { Step } from '../graph/plan.js';
import { checksum, findSqlFile, readSqlFile } from '../project/load.js';
import { checksumIfLonger } from '../project/long-file.js';
import type { MigrationSqlCheck, SqlOrigin } from '../sql/check.js';
import type { PlannedMove } from './plan-run.js';

/** What is remembered of a file that was checked; its text is read again when its turn comes. */
export interface CheckedStep {
  step: Step;
  checksum: string;
  /** Whether an enclosing BEGIN and COMMIT must be taken off. */
  isWrapped: boolean;
  /** Whether it is too long to be parsed, and better held in pieces. */
  isLong: boolean;
  /** The text itself, where it is in no file. */
  stored?: string;
}

export interface CheckedPlan {
  /** By `keyOf` of the step. */
  steps: ReadonlyMap<string, CheckedStep>;
  /** What could be better, but is no reason to stop. */
  hints: readonly Problem[];
}

/** A step's name among all: a plan may have both directions of a migration. */
export function keyOf({ id, direction }: Step): string {
  return `${id} ${direction}`;
}

/**
 * @throws KatError SQL_INVALID, or FILES_INVALID when nothing but the files themselves is wrong, with all problems of
 *   all files. The parser is loaded only when there is something to check.
 */
export async function checkPlan(
  { graph, storedDowns }: Pick<PlannedMove, 'graph' | 'storedDowns'>,
  steps: readonly Step[],
): Promise<CheckedPlan> {
  if (steps.length === 0) return { steps: new Map(), hints: [] };
  const check = await loadChecker();
  const findings = steps.map((step) => {
    const stored = step.direction === 'down' ? storedDowns.get(step.id) : undefined;
    return stored === undefined
      ? checkStep(graph.get(step.id), step, check)
      : checkStored(graph.get(step.id), { step, stored }, check);
  });
  const problems = findings.flatMap((finding) => finding.problems);
  if (problems.length > 0) throw invalidPlan(problems);
  return {
    steps: new Map(findings.map(({ checked }) => [keyOf(checked.step), checked])),
    hints: findings.flatMap(({ hints }) => hints),
  };
}

interface Checker {
  /** Beyond this, a file is checked without its text. */
  maxBytes: number;
  checkText(text: string, origin: SqlOrigin): MigrationSqlCheck;
  checkLong(origin: SqlOrigin): MigrationSqlCheck;
}

async function loadChecker(): Promise<Checker> {
  const [{ checkLongSql, checkMigrationSql }, { loadParser, maxParsedBytes }] = await Promise.all([
    import('../sql/check.js'),
    import('../sql/parse.js'),
  ]);
  const parser = await loadParser();
  return {
    maxBytes: maxParsedBytes,
    checkText: (text, origin) => checkMigrationSql(parser, { text, ...origin }),
    checkLong: checkLongSql,
  };
}

interface Finding {
  checked: CheckedStep;
  problems: Problem[];
  hints: Problem[];
}

function checkStep(migration: Migration, step: Step, checker: Checker): Finding {
  const file = migration.files[step.direction];
  const origin = { file, migration: step.id, mode: step.mode };
  const longChecksum = checksumIfLonger(file, checker.maxBytes);
  if (longChecksum !== undefined)
    return describeFinding({ step, checksum: longChecksum, isLong: true }, checker.checkLong(origin));
  const sql = readStep(migration, step);
  const read = { step, checksum: typeof sql === 'string' ? checksum(sql) : '', isLong: false };
  if (typeof sql === 'string') return describeFinding(read, checker.checkText(sql, origin));
  return { checked: { ...read, isWrapped: false }, problems: sql, hints: [] };
}

function checkStored(
  { files }: Migration,
  { step, stored }: { step: Step; stored: string },
  checker: Checker,
): Finding {
  const origin = { file: files.down, migration: step.id, mode: step.mode };
  const read = { step, stored, checksum: checksum(stored), isLong: false };
  const isLong = Buffer.byteLength(stored) > checker.maxBytes;
  return describeFinding(read, isLong ? checker.checkLong(origin) : checker.checkText(stored, origin));
}

function describeFinding(read: Omit<CheckedStep, 'isWrapped'>, check: MigrationSqlCheck): Finding {
  const { step } = read;
  const { problems, hints, statements, isWrapped } = check;
  return {
    checked: { ...read, isWrapped },
    problems,
    // A migration needs `no_transaction` for either of its files, so what one of them needs says nothing.
    hints: step.direction === 'up' ? hints : emptyDownHints(step, statements),
  };
}

function readStep({ id, files }: Migration, { direction }: Step): string | Problem[] {
  try {
    const file = files[direction];
    return (direction === 'up' ? readSqlFile(file) : findSqlFile(file)) ?? [missingDown(id, file)];
  } catch (error) {
    if (!(error instanceof KatError)) throw error;
    return error.problems.map((problem) => ({ ...problem, migration: id }));
  }
}

function missingDown(id: string, file: string): Problem {
  return {
    message: 'there is no down.sql',
    migration: id,
    help: `Write ${file} with the SQL that takes the migration back.`,
  };
}

function emptyDownHints({ id }: Step, statements: readonly unknown[] | undefined): Problem[] {
  if (statements?.length !== 0) return [];
  return [
    {
      message: `down.sql of ${id} has no statements: only its row in the tracking table goes`,
      migration: id,
    },
  ];
}

function invalidPlan(problems: readonly Problem[]): KatError {
  const count = new Set(problems.map(({ migration }) => migration)).size;
  const code = problems.some(({ title }) => title === 'SQL error') ? 'SQL_INVALID' : 'FILES_INVALID';
  return new KatError(code, `${count} migration(s) cannot be run`, {
    problems,
    help: 'Correct what is named above and run the command again; nothing has been executed.',
  });
}
