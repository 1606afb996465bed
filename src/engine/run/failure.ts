/** Converts a session's error into the report: the migration, the line, and the solution. */

import {
  type ErrorCode,
  isConnectionLost,
  KatError,
  MigrationError,
  type Problem,
  type SourceLocation,
  SqlError,
} from '../../errors.js';
import { countedAre } from '../../graph/counted.js';
import { listIds } from '../../graph/list-ids.js';
import type { Direction } from '../../graph/migration.js';
import { present } from '../../present.js';
import type { Statement } from '../../sql/syntax/parse.js';
import { indexOfCharacter, locate } from '../../sql/syntax/position.js';
import { besideOthers, logStatement } from '../ledger/log.js';
import { adviseOnUnproven, readUnproven } from '../ledger/proof.js';
import { adviseOnSequences } from '../ledger/used-ids.js';
import { adviseOnCommitting } from '../plan/half-undone.js';
import type { LostWithSession } from '../plan/lost-session.js';
import { adviseOnRecorded } from '../plan/stored-downs.js';
import { placeInProgram } from '../program/program-error.js';
import { adviceByState } from './advice-by-state.js';
import { findPlaceInCode } from './place-in-code.js';
import { joinSql, type PreparedStep } from './read-step.js';
import { halfRedone, isCancelled, type RunContext } from './run-context.js';
import { isEndedTransaction, type Message } from './transaction-message.js';

/** How one step failed. */
export interface StepFailure {
  step: PreparedStep;
  cause: unknown;
  /** The place in the migration's file, if known. */
  location?: SourceLocation | undefined;
  /** Which statement of a migration that runs statement by statement, counted from 1. */
  statement?: number;
  /** Whether that statement refused a transaction block, so that its committed part is unknown. */
  mayHaveCommitted?: boolean;
  /** How many statements a transactional migration has committed by itself. */
  committed?: number;
  /** What goes with the session, where the next run could not continue without it. */
  lost?: LostWithSession | undefined;
  /** INVALID indexes that this statement left, as SQL. */
  invalidIndexes?: readonly string[];
  /** Of a rehearsal, which leaves nothing behind: ids of what it could not try before. */
  untried?: readonly string[];
}

/**
 * Writes the failure into the log, tells it, and makes the error that the run ends with.
 * The log is an explanation, not the truth: that it cannot be written must not hide why the migration failed.
 */
export async function failStep(context: RunContext, failure: StepFailure): Promise<MigrationError> {
  const { lockedSession, reporter } = context;
  const { step, cause, statement, committed } = failure;
  const { id, direction } = step.step;
  const { ledger } = lockedSession;
  const entry = logStatement(ledger, {
    ...besideOthers(ledger),
    id,
    direction,
    outcome: 'failed',
    checksum: step.checksum,
    error: failureText(cause),
    ...(cause instanceof SqlError ? { sqlstate: cause.report.sqlstate } : {}),
    ...present({ statement }),
  });
  const statements = [
    ...lockedSession.sessionReset.restoreRole,
    ...(committed === undefined
      ? []
      : [
          logStatement(ledger, {
            ...{ id, direction, outcome: 'statement finished', statement: committed },
            parents: step.migration.parents,
            ...besideOthers(ledger),
          }),
        ]),
    entry,
  ];
  await lockedSession.session.execute(statements.join(';\n')).catch((error: unknown) => {
    if (!isConnectionLost(error)) warnOfMissingEntry(context, error);
  });
  const error = migrationError(failure, context);
  reporter.fail(step.step, error);
  return error;
}

function warnOfMissingEntry({ setting }: RunContext, error: unknown): void {
  const message = `the failure could not be recorded in the log: ${failureText(error)}`;
  setting.onEvent({ type: 'warning', message });
}

/** The error that ends a run; reports and writes nothing. */
export function migrationError(failure: StepFailure, context: RunContext): MigrationError {
  const { step, cause, location } = failure;
  const report = cause instanceof SqlError ? cause.report : undefined;
  const { id, direction } = step.step;
  const message = failureText(cause);
  const problem: Problem = {
    ...titleOf(cause),
    message,
    migration: id,
    ...(location ? { location } : {}),
    ...(report ? { sqlstate: report.sqlstate } : {}),
  };
  return new MigrationError(codeFor(failure, isCancelled(context)), message, {
    migration: id,
    direction,
    finished: context.reporter.finished,
    report,
    problems: [problem],
    help: `${adviceFor(failure, context)}${otherDown(step)}${leftIndexes(failure, context)}${halfRedone(context)}`,
    cause,
  });
}

function titleOf(cause: unknown): Pick<Problem, 'title'> {
  if (isConnectionLost(cause)) return { title: 'Connection failed' };
  return cause instanceof SqlError ? { title: 'SQL error' } : {};
}

function codeFor(
  { statement = 1, committed = 0, mayHaveCommitted }: StepFailure,
  wasCancelled: boolean,
): ErrorCode {
  if (committed > 0 || mayHaveCommitted) return 'MIGRATION_HALF_DONE';
  if (wasCancelled) return 'CANCELLED';
  return statement > 1 ? 'MIGRATION_HALF_DONE' : 'MIGRATION_FAILED';
}

/** `ERROR: division by zero (SQLSTATE 22012)`. */
function failureText(cause: unknown): string {
  if (isEndedTransaction(cause)) return 'the migration ended the transaction that Kat opened';
  const unproven = readUnproven(cause);
  if (unproven !== undefined) return unproven;
  if (cause instanceof SqlError) {
    const { severity, message, sqlstate } = cause.report;
    return `${severity}: ${message} (${nameSqlstate(sqlstate)})`;
  }
  return cause instanceof KatError ? cause.message : String(cause);
}

/** SQLite's codes have names: `SQLITE_BUSY`. */
export const nameSqlstate = (code: string) => (code.startsWith('SQLITE_') ? code : `SQLSTATE ${code}`);

function adviceFor(failure: StepFailure, context: RunContext): string {
  const { step, cause, statement, untried, committed = 0 } = failure;
  const { direction } = step.step;
  if (committed > 0) return adviceForHalf(step, committed);
  if (untried) return adviceForRehearsal(failure, untried);
  const again = `run \`kat ${commandToGoOn(context, direction)}\` again`;
  if (failure.mayHaveCommitted) {
    const command = commandToGoOn(context, direction);
    const place = { id: step.step.id, statement: statement ?? 1, command };
    return adviseOnCommitting({ ...place, capabilities: context.lockedSession.session.capabilities });
  }
  if (statement !== undefined && statement > 1) {
    if (failure.lost)
      return `${ownHelp(cause)}Earlier statements are committed. Fix the cause. The next run has another session, and ${failure.lost.needs}. ${failure.lost.advice}`;
    const fix = adviseOnSequences(context.lockedSession.ledger, cause)?.concat(',') ?? 'Fix the cause';
    return `${ownHelp(cause)}Earlier statements are committed. ${fix} and ${again}: it continues at statement ${statement}.`;
  }
  const outcome = outcomeOf(direction, statement);
  if (isCancelled(context)) return `To continue, ${again}; ${outcome}.`;
  if (isConnectionLost(cause))
    return `Find out why the server ended the connection, then ${again}; ${outcome}.`;
  if (ownHelp(cause) !== '') return `${ownHelp(cause)}Then ${again}; ${outcome}.`;
  const advice = adviceByCause(cause, step, context);
  return `${advice} and ${again}; ${outcome}.`;
}

function adviceByCause(
  cause: unknown,
  step: PreparedStep,
  { lockedSession }: Pick<RunContext, 'lockedSession'>,
): string {
  const unproven = readUnproven(cause);
  if (unproven !== undefined) return `${adviseOnUnproven(unproven)},`;
  const used = adviseOnSequences(lockedSession.ledger, cause);
  return used === undefined
    ? adviceByState(cause instanceof SqlError ? cause.report : undefined, step)
    : `${used},`;
}

/** What Kat itself found says what to change, with a blank behind it; else empty. */
function ownHelp(cause: unknown): string {
  const isOwn = cause instanceof KatError && !(cause instanceof SqlError) && !isConnectionLost(cause);
  return isOwn && cause.help ? `${cause.help} ` : '';
}

/** Sentences with a blank before them; else empty. The file has another text than the excerpt. */
function otherDown({ isRecorded, migration }: PreparedStep): string {
  return isRecorded ? ` ${adviseOnRecorded(migration)}` : '';
}

/** A sentence, with a blank before it; else empty. */
function leftIndexes({ step, invalidIndexes = [] }: StepFailure, context: RunContext): string {
  if (invalidIndexes.length === 0) return '';
  const command = commandToGoOn(context, step.step.direction);
  const [index, it] = invalidIndexes.length === 1 ? ['index', 'it'] : ['indexes', 'them'];
  return ` The statement left the INVALID ${index} ${invalidIndexes.join(', ')}. The next \`kat ${command}\` replaces ${it}.`;
}

/** Nothing runs again before somebody has looked: it would do its first half twice. */
function adviceForHalf({ step: { id }, isProgram }: PreparedStep, committed: number): string {
  if (isProgram)
    return `Kat does not know which statements of the program are committed. Look at the database, and finish or undo them by hand. Then run \`kat repair --done ${id}\` or \`kat repair --undone ${id}\`.`;
  return `The migration ended its own transaction: the first ${countedAre(committed, 'statement')} committed, the rest was rolled back. Finish or undo them by hand, then run \`kat repair --done ${id}\` or \`kat repair --undone ${id}\`.`;
}

function adviceForRehearsal({ cause, step }: StepFailure, untried: readonly string[]): string {
  const advice = adviceByState(cause instanceof SqlError ? cause.report : undefined, step);
  const doubt =
    untried.length > 0
      ? ` The cause may be that these migrations could not be tried before it: ${listIds(untried)}.`
      : '';
  return `${advice} and try again; everything was rolled back.${doubt}`;
}

/** A redo that has begun to apply again is nothing but an `up` from there on. */
function commandToGoOn({ command }: RunContext, direction: Direction): string {
  return command === 'redo' && direction === 'up' ? 'up' : command;
}

function outcomeOf(direction: Direction, statement: number | undefined): string {
  if (statement !== undefined) return 'nothing of this migration is recorded';
  return direction === 'up' ? 'this migration was rolled back' : 'this migration stays applied';
}

/** The place of a message's failure in the migration's own file; undefined outside of the migration's own text. */
export function locateInMessage(
  error: unknown,
  step: PreparedStep,
  message: Message,
  statements: readonly Statement[],
): SourceLocation | undefined {
  if (step.isProgram) return placeInProgram(error);
  if (!(error instanceof SqlError)) return undefined;
  const { position } = error.report;
  const [head] = message.parts;
  const body = joinSql(step.sql);
  const inBody = position === undefined ? 0 : position - [...head].length;
  if (inBody > 0 && indexOfCharacter(body, inBody) < body.length) {
    return locate(body, indexOfCharacter(body, inBody), step.file);
  }
  const failed = statements[error.completedStatements - message.statementsBefore];
  if (!failed) return undefined;
  const inCode = position === undefined ? findPlaceInCode(body, failed, error.report.where) : undefined;
  return locate(body, inCode ?? failed.start, step.file);
}

/** The place of the failure in a statement that was sent alone. */
export function locateInStatement(
  error: unknown,
  step: PreparedStep,
  statement: Statement,
  before = 0,
): SourceLocation {
  const { position = 0, where } = error instanceof SqlError ? error.report : {};
  const body = joinSql(step.sql);
  const inCode = position === 0 ? findPlaceInCode(body, statement, where) : undefined;
  const index = Math.max(indexOfCharacter(statement.text, position - before), 0);
  return locate(body, inCode ?? statement.start + index, step.file);
}
