/** Turns what a session reports into what a person needs: which migration, which line, and what to do. */

import {
  ConnectionError,
  type ErrorCode,
  type FinishedStep,
  KatError,
  MigrationError,
  type Problem,
  type ServerReport,
  type SourceLocation,
  SqlError,
} from '../errors.js';
import type { Statement } from '../sql/parse.js';
import { indexOfCharacter, locate } from '../sql/position.js';
import type { Message } from './apply.js';
import { logTableOf } from './ledger.js';
import { logStatement } from './log.js';
import { joinSql, type PreparedStep } from './prepare.js';
import { isCancelled, type RunContext } from './run-context.js';

/** How one step failed. */
export interface StepFailure {
  step: PreparedStep;
  cause: unknown;
  /** Where in the migration's file, if that is known. */
  location?: SourceLocation | undefined;
  /** Which statement of a migration that runs statement by statement, counted from 1. */
  statement?: number;
}

/**
 * Writes the failure into the log, tells it, and makes the error that the run ends with.
 * The log is an explanation, not the truth: that it cannot be written must not hide why the migration failed.
 */
export async function failStep(context: RunContext, failure: StepFailure): Promise<MigrationError> {
  const { workplace, reporter } = context;
  const { step, cause, statement } = failure;
  const entry = logStatement(logTableOf(workplace.ledger), {
    id: step.step.id,
    direction: step.step.direction,
    outcome: 'failed',
    checksum: step.checksum,
    error: failureText(cause),
    ...(cause instanceof SqlError ? { sqlstate: cause.report.sqlstate } : {}),
    ...(statement === undefined ? {} : { statement }),
  });
  const statements = [...workplace.hygiene.restoreRole, entry];
  await workplace.session.execute(statements.join(';\n')).catch(() => undefined);
  const error = migrationError(failure, reporter.finished, isCancelled(context));
  reporter.fail(step.step, error);
  return error;
}

function migrationError(failure: StepFailure, finished: readonly FinishedStep[], wasCancelled: boolean) {
  const { step, cause, location } = failure;
  const report = cause instanceof SqlError ? cause.report : undefined;
  const { id, direction } = step.step;
  const message = failureText(cause);
  const problem: Problem = {
    title: report && !isConnectionLost(cause) ? 'SQL error' : 'Connection failed',
    message,
    migration: id,
    ...(location ? { location } : {}),
    ...(report ? { sqlstate: report.sqlstate } : {}),
  };
  return new MigrationError(codeFor(failure, wasCancelled), message, {
    migration: id,
    direction,
    finished,
    report,
    problems: [problem],
    help: adviceFor(failure, wasCancelled),
    cause,
  });
}

function codeFor({ statement = 1 }: StepFailure, wasCancelled: boolean): ErrorCode {
  if (wasCancelled) return 'CANCELLED';
  return statement > 1 ? 'MIGRATION_HALF_DONE' : 'MIGRATION_FAILED';
}

/** `ERROR: division by zero (SQLSTATE 22012)`. */
function failureText(cause: unknown): string {
  if (cause instanceof SqlError) {
    return `${cause.report.severity}: ${cause.report.message} (SQLSTATE ${cause.report.sqlstate})`;
  }
  return cause instanceof KatError ? cause.message : String(cause);
}

function adviceFor({ step, cause, statement }: StepFailure, wasCancelled: boolean): string {
  const again = `run \`kat ${step.step.direction}\` again`;
  if (statement !== undefined && statement > 1) {
    return `The statements before it stay done. Fix the cause and ${again}: it goes on at statement ${statement}.`;
  }
  const outcome =
    statement === undefined ? 'this migration was rolled back' : 'nothing of this migration is recorded';
  if (wasCancelled) return `To go on, ${again}; ${outcome}.`;
  if (isConnectionLost(cause))
    return `Find out why the server ended the connection, then ${again}; ${outcome}.`;
  const advice = adviceByState(cause instanceof SqlError ? cause.report : undefined);
  return `${advice} and ${again}; ${outcome}.`;
}

function adviceByState(report: ServerReport | undefined): string {
  switch (report?.sqlstate) {
    case '57014':
      return report.message.includes('statement timeout')
        ? 'Raise statement_timeout or split the migration'
        : 'Find out who cancelled the statement';
    case '55P03':
      return 'End the session that holds the lock, or wait longer with `--lock-timeout` and `--retry-for`,';
    case '53100':
      return 'Make room on the disk of the server';
    case '53200':
      return 'Raise max_locks_per_transaction or memory on the server, or split the migration,';
    case '42501':
      return 'Give this role the privilege';
    default:
      return 'Fix the cause';
  }
}

/** Where a message failed, in the migration's own file; undefined for what is not the migration's own text. */
export function locateInMessage(
  error: unknown,
  step: PreparedStep,
  message: Message,
  statements: readonly Statement[],
): SourceLocation | undefined {
  if (!(error instanceof SqlError)) return undefined;
  const { position } = error.report;
  const [head] = message.parts;
  const body = joinSql(step.sql);
  const inBody = position === undefined ? 0 : position - [...head].length;
  if (inBody > 0 && indexOfCharacter(body, inBody) < body.length) {
    return locate(body, indexOfCharacter(body, inBody), step.file);
  }
  const failed = statements[error.completedStatements - message.statementsBefore];
  return failed && locate(body, failed.start, step.file);
}

/** Where a statement that was sent alone failed. */
export function locateInStatement(
  error: unknown,
  step: PreparedStep,
  statement: Statement,
  before = 0,
): SourceLocation {
  const position = error instanceof SqlError ? (error.report.position ?? 0) : 0;
  const index = Math.max(indexOfCharacter(statement.text, position - before), 0);
  return locate(joinSql(step.sql), statement.start + index, step.file);
}

/** Whether the session is gone, so that nobody told us what became of the work. */
export function isConnectionLost(error: unknown): boolean {
  return error instanceof ConnectionError || (error instanceof SqlError && error.isSessionLost);
}
