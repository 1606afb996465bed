/** Runs one step of a plan, tells what happens to it, and writes down a failure. */

import { type FinishedStep, KatError, type SourceLocation } from '../errors.js';
import type { Step } from '../graph/plan.js';
import type { Statement } from '../sql/parse.js';
import { applyInTransaction, transactionMessage } from './apply.js';
import { applyStatements, type StatementFailure } from './apply-statements.js';
import { isConnectionLost, locateInMessage, locateInStatement, migrationError } from './failure.js';
import { failureText } from './failure.js';
import { logTableOf } from './ledger.js';
import { logStatement } from './log.js';
import { type CheckedStep, parsePrepared, type PreparedStep, prepareStep } from './prepare.js';
import type { RunContext } from './run.js';

/**
 * Applies or reverts one migration.
 * @throws MigrationError with the line that failed, or KatError when it could not even begin.
 */
export async function runStep(
  context: RunContext,
  { id, direction }: Step,
  finished: readonly FinishedStep[],
): Promise<FinishedStep> {
  const { onEvent } = context.setting;
  const { session } = context.runner;
  const step = await prepareStep(context.graph, context.checked.steps.get(id) as CheckedStep);
  onEvent({ type: 'started', id, direction });
  session.onNotice((notice) => onEvent({ type: 'notice', id, direction, notice }));
  try {
    const durationMs = await apply(context, step, finished);
    onEvent({ type: 'succeeded', id, direction, durationMs });
    return { id, direction, durationMs };
  } catch (error) {
    if (error instanceof KatError) onEvent({ type: 'failed', id, direction, error });
    throw error;
  } finally {
    session.onNotice(undefined);
  }
}

async function apply(
  context: RunContext,
  step: PreparedStep,
  finished: readonly FinishedStep[],
): Promise<number> {
  return step.step.mode === 'transaction'
    ? applyWhole(context, step, finished)
    : applyPiecewise(context, step, finished);
}

async function applyWhole(
  context: RunContext,
  step: PreparedStep,
  finished: readonly FinishedStep[],
): Promise<number> {
  try {
    return await applyInTransaction(context.runner, step);
  } catch (error) {
    const message = transactionMessage(context.runner, step);
    const location = locateInMessage(error, step, message, await parsePrepared(step.sql));
    return fail(context, { step, finished, location, error });
  }
}

async function applyPiecewise(
  context: RunContext,
  step: PreparedStep,
  finished: readonly FinishedStep[],
): Promise<number> {
  const { id, direction } = step.step;
  const statements = await parsePrepared(step.sql);
  const outcome = await applyStatements(context.runner, step, statements, {
    onFinished: (statement) =>
      context.setting.onEvent({
        type: 'statement-finished',
        id,
        direction,
        statement,
        statements: statements.length,
      }),
  });
  if (typeof outcome === 'number') return outcome;
  return failPiecewise(context, { step, finished, statements, failure: outcome });
}

interface PiecewiseFailure {
  step: PreparedStep;
  finished: readonly FinishedStep[];
  statements: readonly Statement[];
  failure: StatementFailure;
}

async function failPiecewise(context: RunContext, { step, finished, statements, failure }: PiecewiseFailure) {
  const statement = statements[failure.index] as Statement;
  const location = locateInStatement(failure.error, step, statement);
  return fail(context, { step, finished, location, error: failure.error, statement: failure.index + 1 });
}

interface Failure {
  step: PreparedStep;
  finished: readonly FinishedStep[];
  location: SourceLocation | undefined;
  error: unknown;
  /** Counted from 1, for a migration that ran statement by statement. */
  statement?: number;
}

async function fail(context: RunContext, failure: Failure): Promise<never> {
  const { error, step, finished, location, statement } = failure;
  if (!isConnectionLost(error)) await writeDown(context, failure);
  const wasCancelled = context.setting.signal?.aborted ?? false;
  throw migrationError(error, { step, finished, wasCancelled, statementsDone: (statement ?? 1) - 1 }, location);
}

/** The log is an explanation, not the truth: that it can't be written must not hide why the migration failed. */
async function writeDown(context: RunContext, { step, error, statement }: Failure): Promise<void> {
  const { session, ledger } = context.runner;
  const entry = logStatement(logTableOf(ledger), {
    id: step.step.id,
    direction: step.step.direction,
    outcome: 'failed',
    checksum: step.checksum,
    error: failureText(error),
    ...(statement === undefined ? {} : { statement }),
  });
  await session.execute(entry).catch(() => undefined);
}
