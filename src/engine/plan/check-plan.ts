/** Checks every file of a plan with PostgreSQL's own grammar before anything runs. */

import { basename } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { KatError, type Problem, type Result } from '../../errors.js';
import { counted } from '../../graph/counted.js';
import { isProgram, type Migration } from '../../graph/migration.js';
import type { Step } from '../../graph/plan.js';
import { checksum, findSqlFile, readSqlFile } from '../../project/folder/load.js';
import { checksumIfLonger } from '../../project/folder/long-file.js';
import { isUnwritten } from '../../project/metadata/migration-texts.js';
import { wholeFile } from '../../project/source-text.js';
import type { LongSqlCheck, MigrationSqlCheck } from '../../sql/check/check.js';
import { leavesNothing } from '../../sql/check/harmless-statements.js';
import type { SqlOrigin } from '../../sql/check/statement-problems.js';
import type { Literals } from '../../sql/syntax/backslashes.js';
import type { Statement } from '../../sql/syntax/parse.js';
import { keepsSession } from '../../sql/transactions/keeps-session.js';
import { setsTransaction } from '../../sql/transactions/transaction-control.js';
import { checkProgram, checkRivals } from './check-program.js';
import { type CheckedPlan, type CheckedStep, stepKey } from './checked-plan.js';
import type { PlannedMove } from './plan-run.js';
import { adviseOnRecorded } from './stored-downs.js';

/** The SQL of a plan, and how to read it: by default with standard strings. */
type SqlOfPlan = Pick<PlannedMove, 'graph' | 'storedDowns'> & { literals?: Literals; isSqlite?: boolean };

/**
 * @throws KatError SQL_INVALID, or FILES_INVALID when nothing but the files themselves is wrong, with all problems of
 *   all files. The parser is loaded only when there is something to check.
 */
export async function checkPlan(
  planned: SqlOfPlan,
  steps: readonly Step[],
  onParsed?: ParseListener,
): Promise<CheckedPlan> {
  const { literals = 'standard' } = planned;
  const examined = await examineSteps(planned, steps, onParsed);
  const problems = examined.flatMap((step) => step.problems);
  if (problems.length > 0) throw invalidPlan(problems);
  const silent = await findNothingToTakeBack({ ...planned, storedDowns: new Map() }, examined);
  return {
    literals,
    steps: new Map(examined.map(({ checked }) => [stepKey(checked.step), checked])),
    hints: examined.filter(({ checked }) => !silent.has(checked.step.id)).flatMap(hintsOf),
  };
}

/** Those whose down.sql may well be empty: their up.sql leaves nothing, as when it joins others or validates a constraint. */
async function findNothingToTakeBack(
  planned: SqlOfPlan,
  examined: readonly ExaminedStep[],
): Promise<ReadonlySet<string>> {
  const emptyDowns = examined
    .map(({ checked }) => checked)
    .filter(
      ({ step, isEmpty }) => isEmpty && step.direction === 'down' && !planned.graph.get(step.id).isMissing,
    );
  const ups = emptyDowns.map(({ step }): Step => ({ ...step, direction: 'up' }));
  const found = await examineSteps(planned, ups);
  return new Set(found.filter((one) => one.leavesNothing).map(({ checked }) => checked.step.id));
}

/** The problems in one file of a plan. */
export interface ExaminedStep {
  checked: CheckedStep;
  /** Why it must not be run. */
  problems: readonly Problem[];
  /** Hints for improvements. */
  hints: readonly Problem[];
  /** Whether it is known to do nothing that a rollback would have to take back. */
  leavesNothing: boolean;
}

/** Is shown the up.sql of a step, and what it was parsed into. */
export type ParseListener = (step: Step, text: string, statements: readonly Statement[]) => void;

/** Checks files as `checkPlan` does, and throws nothing for what is wrong with them. */
export async function examineSteps(
  { graph, storedDowns, literals, isSqlite }: SqlOfPlan,
  steps: readonly Step[],
  onParsed: ParseListener = () => undefined,
): Promise<ExaminedStep[]> {
  if (steps.length === 0) return [];
  const check = isSqlite ? await loadSqliteChecker() : await loadChecker(literals);
  const examined: ExaminedStep[] = [];
  for (const step of steps) {
    // Meanwhile the connection for the lock is opened, which cannot go on while this thread is busy.
    if (examined.length % stepsATurn === stepsATurn - 1) await nextTurn();
    const stored = step.direction === 'down' ? storedDowns.get(step.id) : undefined;
    const migration = graph.get(step.id);
    examined.push(
      stored === undefined
        ? checkStep(migration, step, { ...check, onParsed })
        : checkStored(migration, { step, stored }, check),
    );
  }
  return examined;
}

const stepsATurn = 32;

/** What is found in a text, whatever its SQL is. */
type TextCheck = Pick<MigrationSqlCheck, 'problems' | 'hints' | 'isWrapped'> & {
  /** Undefined if the text does not parse. */
  statements: readonly unknown[] | undefined;
  /** As libpg-query reads them; undefined for SQLite. */
  parsed?: readonly Statement[] | undefined;
};

interface Checker {
  isSqlite: boolean;
  /** Beyond this, a file is checked without its text. */
  maxBytes: number;
  checkText(text: string, origin: SqlOrigin): TextCheck;
  checkLong(origin: SqlOrigin): LongSqlCheck;
}

async function loadChecker(literals: Literals | undefined): Promise<Checker> {
  const [{ checkLongSql, checkMigrationSql }, { loadParser, maxParsedBytes }] = await Promise.all([
    import('../../sql/check/check.js'),
    import('../../sql/syntax/parse.js'),
  ]);
  const parser = await loadParser(literals);
  return {
    isSqlite: false,
    maxBytes: maxParsedBytes,
    checkText: (text, origin) => {
      const found = checkMigrationSql(parser, { text, ...origin });
      return { ...found, parsed: found.statements };
    },
    checkLong: (origin) => checkLongSql(parser, origin),
  };
}

/** Long texts are split like others. */
async function loadSqliteChecker(): Promise<Checker> {
  const { checkSqliteSql } = await import('./sqlite/check-sqlite.js');
  return {
    isSqlite: true,
    maxBytes: Infinity,
    checkText: (text, origin) => ({ ...checkSqliteSql({ text, ...origin }), hints: [], isWrapped: false }),
    checkLong: () => ({
      push: () => undefined,
      finish: () => ({ problems: [], hints: [], statements: undefined, isWrapped: false }),
    }),
  };
}

function checkStep(
  migration: Migration,
  step: Step,
  checker: Checker & { onParsed: ParseListener },
): ExaminedStep {
  const file = migration.files[step.direction];
  if (isProgram(file)) return examineProgram(migration, step, checker);
  const origin = { file, migration: step.id, mode: step.mode };
  const long = checker.checkLong(origin);
  const longChecksum = checksumIfLonger(file, checker.maxBytes, long.push);
  if (longChecksum !== undefined)
    return describeStep({ step, checksum: longChecksum, isLong: true }, long.finish());
  const { value: sql, problems } = readStep(migration, step);
  const read = { step, checksum: sql === undefined ? '' : checksum(sql), isLong: false };
  if (sql !== undefined) {
    const found = checker.checkText(sql, origin);
    if (found.statements?.length === 0 && step.direction === 'up' && !mayBeEmpty(migration, sql))
      found.problems.push(missingStatements(migration));
    found.problems.push(...checkRivals(migration, step.direction));
    if (found.parsed && step.direction === 'up') checker.onParsed(step, sql, found.parsed);
    return describeStep(read, found);
  }
  return {
    checked: { ...read, isWrapped: false, isEmpty: false, setsTransaction: false, keepsSession: false },
    problems,
    hints: [],
    leavesNothing: false,
  };
}

function examineProgram(migration: Migration, step: Step, checker: Checker): ExaminedStep {
  const { value: text, problems } = readStep(migration, step);
  const isBlank = text?.trim() === '';
  return {
    checked: {
      step,
      checksum: text === undefined ? '' : checksum(text),
      isEmpty: isBlank,
      isWrapped: false,
      setsTransaction: false,
      keepsSession: false,
      isLong: false,
      isProgram: true,
    },
    problems: [
      ...(problems ?? checkProgram(migration, step, checker)),
      ...(isBlank && step.direction === 'up' ? [missingStatements(migration)] : []),
    ],
    hints: [],
    leavesNothing: false,
  };
}

function checkStored(
  migration: Migration,
  { step, stored }: { step: Step; stored: string },
  checker: Checker,
): ExaminedStep {
  const origin = { file: migration.files.down, migration: step.id, mode: step.mode };
  const read = { step, stored, checksum: checksum(stored), isLong: false };
  const found = checker.checkText(stored, origin);
  const withAdvice = (problem: Problem) => ({
    ...problem,
    help: [problem.help, adviseOnRecorded(migration)].filter(Boolean).join(' '),
  });
  return describeStep(
    read,
    migration.isMissing ? found : { ...found, problems: found.problems.map(withAdvice) },
  );
}

function describeStep(
  read: Omit<CheckedStep, 'isWrapped' | 'isEmpty' | 'setsTransaction' | 'keepsSession'>,
  { problems, hints, statements, parsed, isWrapped }: TextCheck,
): ExaminedStep {
  return {
    checked: {
      ...read,
      isWrapped,
      isEmpty: statements?.length === 0,
      setsTransaction: parsed?.some(({ node }) => setsTransaction(node)) === true,
      keepsSession: parsed?.every(keepsSession) === true,
    },
    problems,
    hints,
    leavesNothing: parsed ? parsed.every(leavesNothing) : statements?.length === 0,
  };
}

/** A migration needs `no_transaction` for either of its files, so what one of them needs says nothing. */
function hintsOf({ checked: { step, isEmpty }, hints }: ExaminedStep): readonly Problem[] {
  if (step.direction === 'up') return hints;
  return isEmpty ? [emptyDown(step)] : [];
}

function readStep({ id, files }: Migration, { direction }: Step): Result<string> {
  try {
    const file = files[direction];
    const value = direction === 'up' ? readSqlFile(file) : findSqlFile(file);
    return value === undefined ? { problems: [missingDown(id, file)] } : { value };
  } catch (error) {
    if (!(error instanceof KatError)) throw error;
    return { problems: error.problems.map((problem) => ({ ...problem, migration: id })) };
  }
}

/** One that joins others may do nothing by itself. `kat add` on several heads joins them too, but its SQL is still to be written. */
export function mayBeEmpty({ parents }: Migration, upSql: string): boolean {
  return parents.length > 1 && !isUnwritten(upSql);
}

/** Applied, it would count as done, and what is written into it later would never run. */
export function missingStatements({ id, files }: Migration): Problem {
  return {
    code: 'empty-up',
    message: `${basename(files.up)} of ${id} has no statements`,
    location: wholeFile(files.up),
    help: 'Write its SQL, or delete the migration if no database has it. For a migration that does nothing, write `SELECT 1;`.',
    migration: id,
  };
}

function missingDown(id: string, file: string): Problem {
  return {
    code: 'missing-down',
    message: `${id} has no down.sql`,
    migration: id,
    help: `Write ${file} with the SQL that rolls the migration back. If nothing can, undo the change with a new migration.`,
  };
}

function emptyDown({ id }: Step): Problem {
  return {
    code: 'empty-down',
    message: `down.sql of ${id} has no statements: only its row in the tracking table is removed, and what its up.sql did stays`,
    migration: id,
  };
}

function invalidPlan(problems: readonly Problem[]): KatError {
  const count = new Set(problems.map(({ migration }) => migration)).size;
  const code = problems.some(({ title }) => title === 'SQL error') ? 'SQL_INVALID' : 'FILES_INVALID';
  return new KatError(code, `${counted(count, 'migration')} cannot be run`, {
    problems,
    help: 'Correct these problems and run the command again. Nothing was executed.',
  });
}
