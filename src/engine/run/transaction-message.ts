/** Builds one message from a migration and its records: a transaction that commits completely or not at all. */

import type { StatementResult } from '../../connections/driver.js';
import { ConnectionError, KatError, SqlError } from '../../errors.js';
import { present } from '../../present.js';
import { quoteLiteral } from '../../quote.js';
import { restoreConstraintModes } from '../../sql/join/constraint-modes.js';
import { forgetReplaced } from '../ledger/forget-replaced.js';
import { elapsedSince, type Ledger, recordWrite, tableOf } from '../ledger/ledger.js';
import { besideOthers, type LogEntry, logWrite } from '../ledger/log.js';
import { eq } from '../ledger/operators.js';
import { claimSameLedger, noteLedger, type ProvenWrite, proven } from '../ledger/proof.js';
import { literals, type ValueWriter } from '../ledger/values.js';
import type { GuardStatements } from '../plan/loss-guard.js';
import type { WaitPolicy } from '../policy/waits.js';
import { ProgramError } from '../program/program-error.js';
import { flushAtCommit, flushLater, flushNow } from '../session/late-flush.js';
import type { LockedSession } from '../session/locked-session.js';
import { timeoutStatements } from '../session/timeout-statements.js';
import { noteStart, startOf } from './migration-clock.js';
import { beginSequential } from './other-server/sequential-mode.js';
import type { PreparedStep } from './read-step.js';

/** One message, and where in it the migration's own text is. */
export interface Message {
  /** The statements before the migration's own text, the text, and the statements after it. */
  parts: readonly [head: string, ...bodyAndTail: string[]];
  /** How many statements come before the migration's own. */
  statementsBefore: number;
}

/** The parts of a message beside its migration. */
export interface Envelope {
  /** A comment at its head that tells other sessions who runs it, and what. */
  label: string;
  waits: WaitPolicy;
  /** Opens the transaction; otherwise it continues the transaction of an earlier message. */
  begins: boolean;
  /** Ends it. */
  commits: boolean;
  /**
   * The step whose message was sent ahead and is not answered yet: this one does nothing unless that one has happened.
   * (A failure leaves the transaction open and stops what follows with 25P02, but a COMMIT that fails ends it.)
   */
  before: PreparedStep | undefined;
  /** Statements that lock what the migration destroys, and fail if it holds something by then. */
  guard?: GuardStatements | undefined;
  /** A statement that may refuse to end it. */
  beforeCommit: string | undefined;
  /** Whether its COMMIT is answered before it is on disk: a later message of the same run makes sure of that. */
  flushesLater: boolean;
}

/** A setting that lives only as long as its transaction: it proves that this is still the one Kat opened. */
export const transactionMark = 'kat.migration';
/** A setting of the session: the last step whose message came past its COMMIT. A redo has a migration's id twice. */
export const committedMark = 'kat.committed';

/** A setting that lives only as long as its transaction: how long the migration took, in milliseconds. */
const elapsedMark = 'kat.elapsed';

/**
 * Since the server came to the message: the only clock that a migration has no hold on, and that costs nothing to start. Fails
 * when the migration has ended its transaction, or written into the tracking table.
 */
function measure(ledger: Ledger, step: PreparedStep): string {
  return `SELECT ${noteElapsed(step)},
${checkTransaction(step)},
${claimSameLedger(tableOf(ledger))}`;
}

/** An expression that notes how long the migration took, and returns it. */
export function noteElapsed(step: PreparedStep): string {
  return `pg_catalog.set_config('${elapsedMark}', (${elapsedSince(startOf(step))})::pg_catalog.text, true) AS duration_ms`;
}

/** An expression that fails when the migration has ended its transaction. */
export function checkTransaction({ step }: PreparedStep, values: ValueWriter = literals): string {
  return checkMark(transactionMark, values.text(step.id), endedTransaction);
}

/** What `noteElapsed` noted, as SQL. */
export const elapsedMs = `pg_catalog.current_setting('${elapsedMark}')::pg_catalog.float8`;

/** The migration, its rows, and around them what the envelope says, as they travel. */
export function transactionMessage(
  { ledger, sessionReset, mayFlushLater }: LockedSession,
  step: PreparedStep,
  { label, waits, begins, commits, before, guard, beforeCommit, flushesLater }: Envelope,
): Message {
  const { id } = step.step;
  const opening = [
    ...(begins ? ['BEGIN'] : []),
    ...(step.isApart ? [beginSequential] : []),
    ...timeoutStatements(waits, 'SET LOCAL'),
    // Before any query, which takes a snapshot.
    ...(guard?.locks ?? []),
    ...(before ? [`SELECT ${checkCommitted(before)}`] : []),
    `SET LOCAL ${transactionMark} = ${quoteLiteral(id)}`,
    ...(flushesLater ? [flushLater] : []),
    ...noteStart(step),
    // No query may come before SET TRANSACTION.
    ...(step.setsTransaction ? [] : [noteLedger(tableOf(ledger))]),
    ...(guard?.queries ?? []),
  ];
  const closing = [
    ...sessionReset.restoreRole,
    measure(ledger, step),
    ...forgetReplaced(ledger, step),
    provenSuccess(ledger, step, elapsedMs),
    ...(beforeCommit === undefined ? [] : [beforeCommit]),
    ...(commits && mayFlushLater && !flushesLater ? [flushAtCommit] : []),
    commits ? 'COMMIT' : restoreConstraintModes,
    ...sessionReset.clean,
    ...(commits ? [`SET ${committedMark} = ${quoteLiteral(committedMarkOf(step))}`] : []),
  ];
  return surround(step, { label, opening, closing });
}

/** The SQL of a step between statements of Kat. */
export function surround(
  { sql }: PreparedStep,
  { label, opening, closing }: { label: string; opening: readonly string[]; closing: readonly string[] },
): Message {
  return {
    parts: [
      `${label}\n${opening.join(';\n')};\n`,
      ...(typeof sql === 'string' ? [sql] : sql),
      `\n;${closing.join(';\n')}`,
    ],
    statementsBefore: opening.length,
  };
}

/** The log entry of a finished step. */
export function successEntry(
  { step, checksum, bareChecksum, migration, downSql }: PreparedStep,
  elapsedMs: string,
): LogEntry {
  return {
    id: step.id,
    direction: step.direction,
    outcome: 'succeeded',
    elapsedMs,
    checksum,
    ...present({ statementHash: bareChecksum }),
    parents: migration.parents,
    noTransaction: step.mode === 'statements',
    ...present({ downSql }),
  };
}

/** The statements that record a step as done: its row, and an entry in the log. */
export function provenSuccess(ledger: Ledger, step: PreparedStep, elapsedMs: string): string {
  return proven(...successWrites(ledger, step, elapsedMs));
}

/** The same as writes and their proofs. */
export function successWrites(
  ledger: Ledger,
  step: PreparedStep,
  elapsedMs: string,
  values?: ValueWriter,
): [ProvenWrite, ProvenWrite] {
  return [
    recordWrite(ledger, step.step, { elapsedMs }, values),
    logWrite(ledger, { ...successEntry(step, elapsedMs), ...besideOthers(ledger) }, values),
  ];
}

const endedTransaction = 'the migration ended the transaction that Kat opened';

/** Whether a message failed because its migration had ended its transaction: says so in these words. */
export function isEndedTransaction(error: unknown): error is SqlError {
  return (
    error instanceof SqlError &&
    error.report.sqlstate === '22P02' &&
    error.report.message.includes(endedTransaction)
  );
}

/** How many of a migration's own statements were committed although its message failed. */
export function countCommitted(error: unknown, { statementsBefore }: Message): number {
  if (error instanceof ProgramError) return error.hasEndedTransaction ? 1 : 0;
  const isTold = error instanceof SqlError || error instanceof ConnectionError;
  return isTold ? Math.max(error.committedStatements - statementsBefore, 0) : 0;
}

/** An expression that fails unless this step's message came past its COMMIT: five times as fast as asking the ledger for its row. */
export function checkCommitted(step: PreparedStep, values: ValueWriter = literals): string {
  return checkMark(
    committedMark,
    values.text(committedMarkOf(step)),
    'the previous migration failed at its COMMIT',
  );
}

/** What `committedMark` is behind the message of this step. */
export function committedMarkOf({ step: { id, direction } }: PreparedStep): string {
  return `${direction} ${id}`;
}

/** Fails with 22P02 and these words when the mark is another; `concat` is not folded before the branch is chosen. @param value as SQL. */
function checkMark(name: string, value: string, words: string): string {
  const mark = `pg_catalog.current_setting('${name}', true)`;
  return `CASE WHEN ${mark} ${eq} ${value} THEN 0
ELSE pg_catalog.concat('${words}')::pg_catalog.int4 END`;
}

/**
 * @returns how long the migration took, in milliseconds, measured on the server.
 * @throws KatError STATE_UNKNOWN when the answer has no such number.
 */
export function readDuration(results: readonly StatementResult[]): number {
  // A migration's own results come before that of Kat.
  const measured = results.findLast(({ rows }) => rows[0] !== undefined && 'duration_ms' in rows[0]);
  const durationMs = Number(measured?.rows[0]?.duration_ms ?? Number.NaN);
  if (Number.isFinite(durationMs)) return durationMs;
  throw new KatError('STATE_UNKNOWN', 'the server did not report the duration of the migration', {
    help: 'Run `kat status` to see what is applied.',
  });
}

/** Resets a session after a failed message, and has what was committed before it written to disk. */
export function rollbackMessage({ sessionReset, mayFlushLater }: LockedSession): string {
  const flush = mayFlushLater ? [flushNow] : [];
  return ['ROLLBACK', ...sessionReset.restoreRole, ...flush, ...sessionReset.clean].join(';\n');
}
