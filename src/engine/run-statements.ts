/**
 * Runs a `no_transaction` migration statement by statement, each journalled, so that a run that was interrupted
 * resumes at the statement that did not finish.
 */

import { SqlError } from '../errors.js';
import type { Step } from '../graph/plan.js';
import { findConcurrentWork } from '../sql/concurrent-work.js';
import type { Statement } from '../sql/parse.js';
import { changesRole, type StatementMode, statementMode } from '../sql/statement-modes.js';
import { successEntry, timeoutStatements } from './apply.js';
import { failStep, isConnectionLost, locateInStatement } from './failure.js';
import { checkIndexIsValid, clearLeftOver } from './half-done.js';
import { hashStatement, type Journal, readJournal } from './journal.js';
import { logTableOf, readApplied, recordStatement } from './ledger.js';
import { type LogEntry, logStatement } from './log.js';
import { type PreparedStep, parsePrepared } from './prepare.js';
import { createRetries } from './retries.js';
import { checkCancelled, type RunContext } from './run-context.js';
import { reopenAfterLoss } from './settle.js';
import { waitsOf } from './waits.js';
import { watchSession } from './watch.js';

/** One run of one such migration. */
interface Piecework {
  context: RunContext;
  step: PreparedStep;
  statements: readonly Statement[];
}

/** One statement of it. */
interface Piece {
  statement: Statement;
  mode: StatementMode;
  /** Counted from 1. */
  number: number;
  /** Whether an earlier try began it. */
  wasBegun: boolean;
}

/**
 * @throws MigrationError when a statement fails for good (those before it stay done); KatError MIGRATION_HALF_DONE when
 *   the file no longer fits what has already run.
 */
export async function runStatements(context: RunContext, { id }: Step): Promise<void> {
  checkCancelled(context);
  const step = await context.prepare(id);
  const work: Piecework = { context, step, statements: await parsePrepared(step) };
  context.reporter.start(step.step);
  const journal = await readOwnJournal(work);
  const startedAt = performance.now();
  await execute(work, [
    ...openingStatements(work),
    entry(work, { outcome: 'started', checksum: step.checksum }),
  ]);
  for (const [index, statement] of work.statements.entries()) {
    const mode = statementMode(statement);
    if (index < journal.finished && mode !== 'setting') continue;
    const wasBegun = journal.wasBegun && index === journal.finished;
    await runPiece(work, { statement, mode, number: index + 1, wasBegun });
  }
  await record(work, performance.now() - startedAt);
}

function readOwnJournal({ context, step, statements }: Piecework): Promise<Journal> {
  const { session, ledger } = context.workplace;
  return readJournal(session, logTableOf(ledger), { ...step.step, file: step.file }, statements);
}

/** A statement of the file may end in a comment, so the semicolon stands on a line of its own. */
function execute({ context, step }: Piecework, sql: readonly string[]) {
  return context.workplace.session.execute(sql.join('\n;\n'), (notice) =>
    context.reporter.notice(step.step, notice),
  );
}

function entry({ context, step }: Piecework, facts: Omit<LogEntry, 'id' | 'direction'>): string {
  const { id, direction } = step.step;
  return logStatement(logTableOf(context.workplace.ledger), { id, direction, ...facts });
}

/** lock_timeout also strikes while a concurrent build waits for old transactions, so it is off there. */
function openingStatements({ context, step, statements }: Piecework): string[] {
  const waits = waitsOf(step.migration, context.setting.waits);
  const isConcurrent = statements.some(({ node }) => findConcurrentWork(node));
  const lockTimeoutMs = isConcurrent ? (step.migration.waits?.lockTimeoutMs ?? 0) : waits.lockTimeoutMs;
  return timeoutStatements({ ...waits, lockTimeoutMs }, 'SET');
}

async function runPiece(work: Piecework, piece: Piece): Promise<void> {
  const { context, step, statements } = work;
  const retries = createRetries(context, step);
  for (let { wasBegun } = piece; ; wasBegun = true) {
    checkCancelled(context);
    try {
      await attempt(work, { ...piece, wasBegun });
      break;
    } catch (error) {
      if (isConnectionLost(error)) {
        await settlePiece(work, piece, error);
        break;
      }
      if (!(await retries.waitAfter(error))) throw await failedForGood(work, piece, error);
    }
  }
  if (piece.mode !== 'setting') {
    const { id, direction } = step.step;
    const progress = { statement: piece.number, statements: statements.length };
    context.setting.onEvent({ type: 'statement-finished', id, direction, ...progress });
  }
}

async function attempt(work: Piecework, piece: Piece): Promise<void> {
  const { workplace, setting } = work.context;
  const stopWatching = watchSession(workplace, work.step.step, setting.onEvent);
  try {
    if (piece.mode === 'setting') await execute(work, [piece.statement.text]);
    else if (piece.mode === 'alone') await runAlone(work, piece);
    else await runInBlock(work, piece);
  } finally {
    stopWatching();
  }
}

/** The statement and the journal's entry happen together or not at all. */
async function runInBlock(work: Piecework, piece: Piece): Promise<void> {
  try {
    await execute(work, [
      'BEGIN',
      piece.statement.text,
      ...finishedEntry(work, piece),
      'COMMIT',
      ...rolesAt(work, piece),
    ]);
  } catch (error) {
    if (isConnectionLost(error)) throw error;
    await execute(work, ['ROLLBACK']);
    // A procedure or block that commits by itself cannot do so inside a transaction.
    if (piece.mode !== 'block or alone' || !hasState(error, '2D000')) throw error;
    await runAlone(work, piece);
  }
}

/** A message of its own, between two entries of the journal: the server takes it only outside of a transaction. */
async function runAlone(work: Piecework, piece: Piece): Promise<void> {
  const { statement, number } = piece;
  const { session } = work.context.workplace;
  const concurrent = findConcurrentWork(statement.node);
  const leftOver = concurrent ? await clearLeftOver(session, concurrent, piece.wasBegun) : 'run it';
  if (leftOver === 'run it') {
    const begun = entry(work, {
      outcome: 'statement started',
      statement: number,
      statementHash: hashStatement(statement),
    });
    await execute(work, [...work.context.workplace.hygiene.restoreRole, begun, ...rolesAt(work, piece)]);
    await execute(work, [statement.text]);
    if (concurrent) await checkIndexIsValid(session, concurrent);
  }
  await execute(work, [...finishedEntry(work, piece), ...rolesAt(work, piece)]);
}

/** Written as the role that Kat connected as. */
function finishedEntry(work: Piecework, { statement, number }: Piece): string[] {
  const facts = { statement: number, statementHash: hashStatement(statement) };
  return [
    ...work.context.workplace.hygiene.restoreRole,
    entry(work, { outcome: 'statement finished', ...facts }),
  ];
}

/** The statements by which the file has changed its role so far. */
function rolesAt({ statements }: Piecework, { number }: Piece): string[] {
  return statements
    .slice(0, number)
    .filter(changesRole)
    .map(({ text }) => text);
}

/** The answer is lost, not always the work: the journal tells. */
async function settlePiece(work: Piecework, piece: Piece, error: unknown): Promise<void> {
  const { context, step } = work;
  await reopenAfterLoss(context, step, error);
  const { finished } = await readOwnJournal(work);
  if (finished < piece.number) throw await failStep(context, { step, cause: error, statement: piece.number });
  const settings = work.statements
    .slice(0, piece.number)
    .filter((statement) => statementMode(statement) === 'setting');
  await execute(work, [...openingStatements(work), ...settings.map(({ text }) => text)]);
}

async function failedForGood({ context, step }: Piecework, piece: Piece, cause: unknown) {
  const ahead = piece.mode.startsWith('block') ? 'BEGIN\n;\n'.length : 0;
  const location = locateInStatement(cause, step, piece.statement, ahead);
  return failStep(context, { step, cause, location, statement: piece.number });
}

function hasState(error: unknown, sqlstate: string): boolean {
  return error instanceof SqlError && error.report.sqlstate === sqlstate;
}

async function record(work: Piecework, durationMs: number): Promise<void> {
  const { context, step, statements } = work;
  const { id, direction } = step.step;
  const { ledger, hygiene } = context.workplace;
  try {
    await execute(work, [
      ...hygiene.restoreRole,
      'BEGIN',
      recordStatement(ledger, id, direction, String(durationMs)),
      entry(work, successEntry(step, String(durationMs))),
      'COMMIT',
      ...hygiene.clean,
    ]);
  } catch (error) {
    if (!isConnectionLost(error)) throw error;
    await reopenAfterLoss(context, step, error);
    const applied = await readApplied(context.workplace.session, context.workplace.ledger);
    const isDone = applied.some((row) => row.id === id) === (direction === 'up');
    if (!isDone) throw await failStep(context, { step, cause: error, statement: statements.length + 1 });
  }
  context.reporter.succeed(step.step, durationMs);
}
