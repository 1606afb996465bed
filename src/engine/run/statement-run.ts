/** A `no_transaction` migration at work: what its statements share, and how they are sent and journalled. */

import type { StatementResult } from '../../connections/driver.js';
import { quoteLiteral } from '../../quote.js';
import type { Statement } from '../../sql/syntax/parse.js';
import {
  changesRole,
  modeWithoutTransaction,
  type StatementMode,
  statementMode,
} from '../../sql/transactions/statement-modes.js';
import { hashStatement, type Journal, readJournal } from '../ledger/journal.js';
import { logTableOf } from '../ledger/ledger.js';
import { besideOthers, type LogEntry, logStatement } from '../ledger/log.js';
import { noteRole, type SessionRole, takeRole } from '../ledger/session-role.js';
import {
  findState,
  lookAtState,
  readJournalledStates,
  stateColumn,
  stateEntry,
} from '../ledger/session-state.js';
import type { GuardStatements } from '../plan/loss-guard.js';
import { waitsOf } from '../policy/waits.js';
import { beginWriting } from '../session/begin-writing.js';
import { runsByStatement } from '../session/server-promises.js';
import { timeoutStatements } from '../session/timeout-statements.js';
import type { PreparedStep } from './read-step.js';
import { createRetries } from './retries.js';
import { labelOf as labelOfStep, type RunContext } from './run-context.js';
import { sendMigration } from './send-migration.js';

/** One run of one such migration. */
export interface StatementRun {
  context: RunContext;
  step: PreparedStep;
  statements: readonly Statement[];
  /** Ids of the log for the next entries, in order. */
  logIds: string[];
  /** As `findSettingNames` finds them in the statements. */
  settingNames: readonly string[];
  /** The state of the session that the journal has last, as text. */
  sessionState: string;
  /** The role that Kat connected as; undefined on servers that are asked nothing. */
  ownRole?: SessionRole | undefined;
  /** The session's value, unless the file sets it. */
  lockTimeoutMs: number;
  /** The number of the statement that is under way, counted from 1. */
  current: number;
}

/** One statement of it. */
export interface StatementStep {
  statement: Statement;
  mode: StatementMode;
  /** Counted from 1. */
  number: number;
  /** Whether the journal has that it was begun, when it was not done yet. */
  wasBegun: boolean;
  /**
   * Whether its latest try ran outside of a transaction block because it refuses one, or the server does not hold it together: parts of it
   * may be committed.
   */
  mayHaveCommitted?: boolean;
  /** Statements that lock what it destroys, and fail if that holds something by then. */
  guard?: GuardStatements | undefined;
  /** How many characters stood before it in the message that it was last sent in. */
  charactersBefore: number;
}

/** How a statement is sent to this server. */
export function modeOf({ context }: StatementRun, statement: Statement): StatementMode {
  const { session } = context.lockedSession;
  if (runsByStatement(session)) return modeWithoutTransaction(statement);
  const mode = statementMode(statement);
  // The session of a run that lost its lease may still be at work on it.
  return mode === 'alone' && session.capabilities?.lock === 'lease' ? 'by itself' : mode;
}

/**
 * Sends statements in one message. One of the file may end in a comment, so the semicolon stands on a line of its own.
 * @throws SqlError, ConnectionError
 */
export async function execute(work: StatementRun, sql: readonly string[]): Promise<StatementResult[]> {
  const { context, step } = work;
  const results = await sendMigration(
    context.lockedSession.session,
    labelOf(work) + sql.join(separator),
    (notice) => context.reporter.notice(step.step, notice),
  );
  work.sessionState = findState(results) ?? work.sessionState;
  return results;
}

const separator = '\n;\n';

function labelOf({ context, step, statements, current }: StatementRun): string {
  const progress = { statement: current, statements: statements.length };
  return `${labelOfStep(context, step.step, progress)}\n`;
}

/** As `execute`, for a message that is one transaction: tries again what may succeed a moment later. */
export async function executeAgain(work: StatementRun, sql: readonly string[]): Promise<StatementResult[]> {
  const retries = createRetries(work.context, work.step);
  for (;;) {
    try {
      return await execute(work, sql);
    } catch (error) {
      if (!(await retries.waitAfter(error))) throw error;
    }
  }
}

/** Sends a statement of the file, between others or alone. @throws SqlError, ConnectionError */
export function executeStep(
  work: StatementRun,
  statementStep: StatementStep,
  { before = [], after = [] }: { before?: readonly string[]; after?: readonly string[] } = {},
): Promise<StatementResult[]> {
  const ahead = before.map((sql) => sql + separator).join('');
  statementStep.charactersBefore = [...(labelOf(work) + ahead)].length;
  return execute(work, [...before, statementStep.statement.text, ...after]);
}

/** @throws KatError MIGRATION_HALF_DONE when a statement that is done was edited since. */
export function readOwnJournal({ context, step, statements }: StatementRun): Promise<Journal> {
  const { session, ledger } = context.lockedSession;
  return readJournal(session, logTableOf(ledger), { ...step.step, file: step.file }, statements);
}

/** The state of the session that the journal of its unfinished run has last, as text. */
export async function readSessionState({ context, step }: StatementRun): Promise<string> {
  const { session, ledger } = context.lockedSession;
  return (await readJournalledStates(session, ledger, step.step)).at(-1)?.text ?? '';
}

/** The statement that writes into the log. */
export function entry(work: StatementRun, facts: Omit<LogEntry, 'id' | 'direction' | 'logId'>): string {
  return logStatement(work.context.lockedSession.ledger, { ...ownFacts(work), ...facts });
}

function ownFacts({ context, step, logIds }: StatementRun): Omit<LogEntry, 'outcome'> {
  const { id, direction } = step.step;
  return { id, direction, logId: logIds.shift(), ...besideOthers(context.lockedSession.ledger) };
}

/** The settings that the session gets before the first statement, and again after it was lost. */
export function openingStatements({ context, step, lockTimeoutMs }: StatementRun): string[] {
  return timeoutStatements({ ...waitsOf(step.migration, context.setting.waits), lockTimeoutMs }, 'SET');
}

/**
 * The same for a message outside of a transaction that has several statements, of which it is the first. A failure leaves
 * nothing open.
 */
const allowWriting = 'SET TRANSACTION READ WRITE';

/** The message after a statement that ran alone. */
export function finishedAlone(work: StatementRun, statementStep: StatementStep): string[] {
  return [allowWriting, ...finishedEntry(work, statementStep)];
}

/**
 * Records in the journal what the session has behind a finished statement, in a transaction of its own behind that of the statement:
 * what belongs to that alone, such as SET LOCAL, is gone by then.
 */
export function sessionTransaction(work: StatementRun, { statement, number }: StatementStep): string[] {
  const { context, settingNames, sessionState, ownRole } = work;
  const { session, ledger } = context.lockedSession;
  if (session.capabilities) return [];
  const facts = { ...ownFacts(work), statement: number, statementHash: hashStatement(statement) };
  return [
    beginWriting,
    `SELECT ${noteRole}`,
    ...(ownRole ? takeRole(ownRole) : []),
    `SELECT ${lookAtState(settingNames)} AS ${stateColumn}`,
    logStatement(ledger, stateEntry(facts, quoteLiteral(sessionState))),
    'COMMIT',
  ];
}

/** The message before a statement that runs alone. */
export function begunAlone(work: StatementRun, statementStep: StatementStep): string[] {
  const { statement, number } = statementStep;
  const facts = { statement: number, statementHash: hashStatement(statement) };
  const begun = entry(work, { outcome: 'statement started', ...facts });
  return [allowWriting, ...asKat(work, statementStep, [begun])];
}

/**
 * Records a finished statement in the journal.
 * @param more statements that Kat's own role executes behind it, in the same transaction.
 */
export function finishedEntry(
  work: StatementRun,
  statementStep: StatementStep,
  more: readonly string[] = [],
): string[] {
  const { statement, number } = statementStep;
  const facts = { statement: number, statementHash: hashStatement(statement) };
  return asKat(work, statementStep, [entry(work, { outcome: 'statement finished', ...facts }), ...more]);
}

/** Executes statements under the role that Kat connected as, at the end of a transaction; then the session has the role that it had. */
function asKat(
  work: StatementRun,
  statementStep: Pick<StatementStep, 'number'>,
  statements: readonly string[],
): string[] {
  if (work.ownRole) return [...takeRole(work.ownRole), ...statements];
  const { restoreRole } = work.context.lockedSession.sessionReset;
  return [...restoreRole, ...statements, ...rolesAt(work, statementStep)];
}

/** Records in the journal that nothing of a statement has happened, which was begun. */
export function undoneEntry(work: StatementRun, statementStep: StatementStep): string[] {
  const undone = entry(work, { outcome: 'statement undone', statement: statementStep.number });
  return [allowWriting, ...asKat(work, statementStep, [undone])];
}

/** The statements by which the file has changed its role so far. */
export function rolesAt({ statements }: StatementRun, { number }: Pick<StatementStep, 'number'>): string[] {
  return statements
    .slice(0, number)
    .filter(changesRole)
    .map(({ text }) => text);
}
