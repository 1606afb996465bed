/**
 * Runs a `no_transaction` migration statement by statement, each journalled, so that a run that was interrupted
 * resumes at the statement that did not finish.
 */

import { SqlError } from '../errors.js';
import type { Step } from '../graph/plan.js';
import { type ConcurrentWork, findConcurrentWork } from '../sql/concurrent-work.js';
import type { Statement } from '../sql/parse.js';
import { changesRole, type StatementMode, statementMode } from '../sql/statement-modes.js';
import { successEntry, timeoutStatements } from './apply.js';
import type { ServerSession } from './events.js';
import { failStep, isConnectionLost, locateInStatement } from './failure.js';
import { checkIndexIsValid, clearLeftOver, isDone } from './half-done.js';
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
  /** What the session has, unless the file sets it. */
  lockTimeoutMs: number;
}

/** One statement of it. */
interface Piece {
  statement: Statement;
  mode: StatementMode;
  /** Counted from 1. */
  number: number;
  /** Whether the journal has that it was begun, when it was not done yet. */
  wasBegun: boolean;
}

/**
 * @throws MigrationError when a statement fails for good (those before it stay done); KatError MIGRATION_HALF_DONE when
 *   the file no longer fits what has already run.
 */
export async function runStatements(context: RunContext, { id }: Step): Promise<void> {
  checkCancelled(context);
  const step = await context.prepare(id);
  const { lockTimeoutMs } = waitsOf(step.migration, context.setting.waits);
  const work: Piecework = { context, step, statements: await parsePrepared(step), lockTimeoutMs };
  context.reporter.start(step.step);
  const startedAt = performance.now();
  const journal = await begin(work);
  for (const [index, statement] of work.statements.entries()) {
    const mode = statementMode(statement);
    if (index < journal.finished && mode !== 'setting') continue;
    const wasBegun = journal.wasBegun && index === journal.finished;
    await runPiece(work, { statement, mode, number: index + 1, wasBegun });
  }
  await record(work, performance.now() - startedAt);
}

async function begin(work: Piecework): Promise<Journal> {
  const { context, step } = work;
  try {
    const journal = await readOwnJournal(work);
    const started = entry(work, { outcome: 'started', checksum: step.checksum });
    await execute(work, [...openingStatements(work), started]);
    return journal;
  } catch (error) {
    if (!isConnectionLost(error)) throw error;
    throw await failStep(context, { step, cause: error });
  }
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

function openingStatements({ context, step, lockTimeoutMs }: Piecework): string[] {
  return timeoutStatements({ ...waitsOf(step.migration, context.setting.waits), lockTimeoutMs }, 'SET');
}

/**
 * lock_timeout also strikes while a concurrent build waits for old transactions, so it is off there unless the
 * migration's own metadata has one.
 */
async function setLockTimeout(work: Piecework, { statement }: Piece): Promise<void> {
  const { context, step, statements } = work;
  if (statements.some(setsLockTimeout)) return;
  const lockTimeoutMs = findConcurrentWork(statement.node)
    ? (step.migration.waits?.lockTimeoutMs ?? 0)
    : waitsOf(step.migration, context.setting.waits).lockTimeoutMs;
  if (lockTimeoutMs !== work.lockTimeoutMs) await execute(work, [`SET lock_timeout = ${lockTimeoutMs}`]);
  work.lockTimeoutMs = lockTimeoutMs;
}

function setsLockTimeout({ node }: Statement): boolean {
  return 'VariableSetStmt' in node && node.VariableSetStmt.name === 'lock_timeout';
}

async function runPiece(work: Piecework, piece: Piece): Promise<void> {
  const { context, step, statements } = work;
  const retries = createRetries(context, step);
  for (;;) {
    checkCancelled(context);
    try {
      await attempt(work, piece);
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
  const stopWatching = watchSession(work.context, work.step.step);
  try {
    if (piece.mode !== 'setting') await setLockTimeout(work, piece);
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
  const concurrent = findConcurrentWork(piece.statement.node);
  if (concurrent) await runConcurrent(work, piece, concurrent);
  else {
    await journalBegin(work, piece);
    await execute(work, [piece.statement.text]);
  }
  await execute(work, [...finishedEntry(work, piece), ...rolesAt(work, piece)]);
}

/**
 * What is there before the journal has that we began is not our work: then the statement runs, and the server says what
 * it thinks of it.
 */
async function runConcurrent(work: Piecework, piece: Piece, concurrent: ConcurrentWork): Promise<void> {
  const { session } = work.context.workplace;
  const isThere = await isDone(session, concurrent);
  if (isThere && piece.wasBegun) return;
  if (!isThere) {
    if (await clearLeftOver(session, concurrent, createWaiting(work))) return;
    await journalBegin(work, piece);
  }
  await execute(work, [piece.statement.text]);
  await checkIndexIsValid(session, concurrent);
}

/** Tells once who builds what we want to build. */
function createWaiting({ context, step }: Piecework): (builders: readonly ServerSession[]) => void {
  let isTold = false;
  return (blockers) => {
    checkCancelled(context);
    const { id, direction } = step.step;
    if (!isTold) context.setting.onEvent({ type: 'blocked', id, direction, blockers });
    isTold = true;
  };
}

async function journalBegin(work: Piecework, piece: Piece): Promise<void> {
  const { statement, number } = piece;
  const facts = { statement: number, statementHash: hashStatement(statement) };
  const begun = entry(work, { outcome: 'statement started', ...facts });
  await execute(work, [...work.context.workplace.hygiene.restoreRole, begun, ...rolesAt(work, piece)]);
  piece.wasBegun = true;
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

/** The answer is lost, not always the work: the journal tells, or what the database has. */
async function settlePiece(work: Piecework, piece: Piece, error: unknown): Promise<void> {
  const { context, step } = work;
  await reopenAfterLoss(context, step, error);
  const settings = work.statements
    .slice(0, piece.number)
    .filter((statement) => statementMode(statement) === 'setting');
  await execute(work, [...openingStatements(work), ...settings.map(({ text }) => text)]);
  const { finished } = await readOwnJournal(work);
  if (finished >= piece.number || piece.mode === 'setting') return;
  const concurrent = findConcurrentWork(piece.statement.node);
  if (piece.wasBegun && concurrent && (await isDone(context.workplace.session, concurrent))) {
    await execute(work, [...finishedEntry(work, piece), ...rolesAt(work, piece)]);
  } else {
    throw await failStep(context, { step, cause: error, statement: piece.number });
  }
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
    if (isConnectionLost(error)) await reopenAfterLoss(context, step, error);
    else await execute(work, ['ROLLBACK']);
    const applied = await readApplied(context.workplace.session, context.workplace.ledger);
    const isRecorded = applied.some((row) => row.id === id) === (direction === 'up');
    if (!isRecorded) throw await failStep(context, { step, cause: error, statement: statements.length + 1 });
  }
  context.reporter.succeed(step.step, durationMs);
}
