/**
 * Runs a `no_transaction` migration statement by statement, each journalled before and after, so that a run that was
 * interrupted resumes where it stopped.
 */

import { createHash } from 'node:crypto';
import { KatError } from '../errors.js';
import type { Statement } from '../sql/parse.js';
import type { Runner } from './apply.js';
import { logTableOf, recordStatement } from './ledger.js';
import { type FinishedStatement, type LogEntry, logStatement, readFinishedStatements } from './log.js';
import type { PreparedStep } from './prepare.js';

export interface StatementProgress {
  /** Called after each statement; `statement` counts from 1. */
  onFinished(statement: number): void;
}

/** A statement failed; those before it stay done. */
export interface StatementFailure {
  /** Index into the migration's statements. */
  index: number;
  error: unknown;
}

/**
 * Runs what has not run yet, then records the migration.
 * @returns how long it took in milliseconds, or the failure.
 * @throws KatError MIGRATION_HALF_DONE when statements that have already run were edited since.
 */
export async function applyStatements(
  runner: Runner,
  step: PreparedStep,
  statements: readonly Statement[],
  progress: StatementProgress,
): Promise<number | StatementFailure> {
  const { session, ledger } = runner;
  const { id, direction } = step.step;
  const logTable = logTableOf(ledger);
  const finished = await readFinishedStatements(session, logTable, id, direction);
  checkUnedited(step, statements, finished);
  const journal = (entry: Partial<LogEntry> & Pick<LogEntry, 'outcome'>) =>
    logStatement(logTable, { id, direction, ...entry });
  const startedAt = performance.now();
  await session.execute(journal({ outcome: 'started', checksum: step.checksum }));
  for (let index = finished.length; index < statements.length; index += 1) {
    const statement = statements[index] as Statement;
    const mark = { statement: index + 1, statementHash: hashStatement(statement) };
    await session.execute(journal({ outcome: 'statement started', ...mark }));
    const failure = await tryStatement(runner, statement, index);
    if (failure) return failure;
    await session.execute([...cleaning(runner), journal({ outcome: 'statement finished', ...mark })].join(';\n'));
    progress.onFinished(index + 1);
  }
  const durationMs = performance.now() - startedAt;
  await recordSuccess(runner, step, durationMs);
  return durationMs;
}

async function tryStatement(
  runner: Runner,
  statement: Statement,
  index: number,
): Promise<StatementFailure | undefined> {
  try {
    // A message of its own: several statements in one message would be one transaction.
    await runner.session.execute(statement.text);
    return undefined;
  } catch (error) {
    return { index, error };
  }
}

function cleaning(runner: Runner): readonly string[] {
  return [...runner.hygiene.restoreRole];
}

async function recordSuccess(runner: Runner, step: PreparedStep, durationMs: number): Promise<void> {
  const { id, direction } = step.step;
  const entry: LogEntry = {
    id,
    direction,
    outcome: 'succeeded',
    durationMs,
    checksum: step.checksum,
    parents: step.migration.parents,
    noTransaction: true,
    ...(step.downSql === undefined ? {} : { downSql: step.downSql }),
  };
  const statements = [
    'BEGIN',
    recordStatement(runner.ledger, id, direction, durationMs),
    logStatement(logTableOf(runner.ledger), entry),
    'COMMIT',
    ...runner.hygiene.clean,
  ];
  await runner.session.execute(statements.join(';\n'));
}

function hashStatement(statement: Statement): string {
  return createHash('sha256').update(statement.text.replaceAll('\r\n', '\n')).digest('hex');
}

function checkUnedited(
  step: PreparedStep,
  statements: readonly Statement[],
  finished: readonly FinishedStatement[],
): void {
  const edited = finished.find(({ hash }, index) => {
    const statement = statements[index];
    return !statement || hashStatement(statement) !== hash;
  });
  if (!edited) return;
  throw new KatError(
    'MIGRATION_HALF_DONE',
    `statement ${edited.statement} of ${step.step.id} has already run, and it was edited since`,
    { help: `Restore the first ${finished.length} statement(s) of ${step.file} as they ran, then run the command again.` },
  );
}
