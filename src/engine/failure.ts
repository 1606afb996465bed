/** Turns what a session reports into what a person needs: which migration, which line, and what to do. */

import { ConnectionError, type ErrorCode, type FinishedStep, KatError, MigrationError, type Problem, type ServerReport, type SourceLocation, SqlError } from '../errors.js';
import { indexOfCharacter, locate } from '../sql/position.js';
import type { Statement } from '../sql/parse.js';
import type { Message } from './apply.js';
import type { PreparedStep } from './prepare.js';

/** The circumstances under which one step failed. */
export interface StepFailure {
  step: PreparedStep;
  /** What the run had finished before. */
  finished: readonly FinishedStep[];
  wasCancelled: boolean;
  /** How many statements of this migration stay done although it failed. */
  statementsDone: number;
}

/**
 * The error that a run ends with.
 * @param location where in the migration's file it failed, if that is known.
 */
export function migrationError(cause: unknown, failure: StepFailure, location?: SourceLocation): MigrationError {
  const report = cause instanceof SqlError ? cause.report : undefined;
  const { id, direction } = failure.step.step;
  const message = failureText(cause);
  const problem: Problem = {
    title: report ? 'SQL error' : 'Connection failed',
    message,
    migration: id,
    ...(location ? { location } : {}),
    ...(report ? { sqlstate: report.sqlstate } : {}),
  };
  return new MigrationError(codeFor(failure), message, {
    migration: id,
    direction,
    finished: failure.finished,
    report,
    problems: [problem],
    help: adviceFor(report, failure),
    cause,
  });
}

function codeFor({ wasCancelled, statementsDone }: StepFailure): ErrorCode {
  if (statementsDone > 0) return 'MIGRATION_HALF_DONE';
  return wasCancelled ? 'CANCELLED' : 'MIGRATION_FAILED';
}

/** `ERROR: division by zero (SQLSTATE 22012)`. */
export function failureText(cause: unknown): string {
  if (cause instanceof SqlError) {
    return `${cause.report.severity}: ${cause.report.message} (SQLSTATE ${cause.report.sqlstate})`;
  }
  return cause instanceof KatError ? cause.message : String(cause);
}

function adviceFor(report: ServerReport | undefined, failure: StepFailure): string {
  const { step, wasCancelled, statementsDone } = failure;
  const command = `kat ${step.step.direction}`;
  if (statementsDone > 0) {
    return `${statementsDone} statement(s) before it stay done; fix the cause and run \`${command}\` again, which goes on at this one.`;
  }
  if (wasCancelled) return `Run \`${command}\` again when you like; this migration was rolled back.`;
  if (report?.sqlstate === '57014') {
    return `The statement ran into statement_timeout; raise it or split the migration, then run \`${command}\` again.`;
  }
  return `Fix the cause and run \`${command}\` again; this migration was rolled back.`;
}

/** Where a message failed, in the migration's own file. */
export function locateInMessage(
  error: unknown,
  step: PreparedStep,
  message: Message,
  statements: readonly Statement[],
): SourceLocation | undefined {
  if (!(error instanceof SqlError)) return undefined;
  const index = error.report.position === undefined ? undefined : indexOfCharacter(message.sql, error.report.position);
  const inBody = index === undefined ? -1 : index - message.bodyStart;
  if (inBody >= 0 && inBody < step.sql.length) return locate(step.sql, inBody, step.file);
  const failed = statements[error.completedStatements - message.statementsBefore];
  return failed && locate(step.sql, failed.start, step.file);
}

/** Where a statement that was sent alone failed. */
export function locateInStatement(error: unknown, step: PreparedStep, statement: Statement): SourceLocation {
  const position = error instanceof SqlError ? (error.report.position ?? 1) : 1;
  return locate(step.sql, statement.start + indexOfCharacter(statement.text, position), step.file);
}

/** Whether the session is gone, so that nobody told us what became of the work. */
export function isConnectionLost(error: unknown): boolean {
  return error instanceof ConnectionError || (error instanceof SqlError && error.isSessionLost);
}
