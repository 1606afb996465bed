/** Runs the program of a migration in the transaction of its message, and proves that it is still the same transaction. */

import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NoticeListener, Session, StatementResult } from '../../connections/driver.js';
import { KatError, SqlError } from '../../errors.js';
import { findPlace } from '../../project/code-place.js';
import { checksum, readSqlFile } from '../../project/folder/load.js';
import { quoteLiteral } from '../../quote.js';
import { checkMigrationSql } from '../../sql/check/check.js';
import { loadParser, type Parser, type Statement } from '../../sql/syntax/parse.js';
import { findTransactionControl, resumesTransaction } from '../../sql/transactions/transaction-control.js';
import { eq } from '../ledger/operators.js';
import { moveIntoSql, ProgramError, QueryError } from './program-error.js';
import { writeQuery } from './query-text.js';
import { FailedQuery, runThread, type ThreadWork } from './thread.js';
import type { ThreadAnswer, ThreadQuery } from './thread-messages.js';
import { findTouches, readTouched, refuseOtherTouches } from './touched-tables.js';

/** What a program runs in. */
export interface ProgramWork extends Pick<ThreadWork, 'file' | 'id' | 'direction' | 'signal'> {
  session: Session;
  /** Of the file that was checked. */
  checksum: string;
  /** `statement_timeout` in milliseconds; 0 means without end, undefined the server's own setting. */
  statementTimeoutMs: number | undefined;
  /** The tables that its metadata says it touches; undefined where it says nothing. */
  touches: readonly string[] | undefined;
  /** The statements before and after the program, as they travel. */
  head: string;
  tail: string;
  /** The comment at the head of each query. */
  label: string;
  onNotice: NoticeListener;
}

const silenceMs = 600_000;
const mostRows = 100_000;

/**
 * @returns the results of the statements after the program.
 * @throws QueryError, ProgramError with the place in the file; ConnectionError; SqlError of the statements around the program.
 */
export async function runProgram(work: ProgramWork): Promise<StatementResult[]> {
  const { session, head, tail, onNotice } = work;
  const opened = await session.execute(`${head}${readTransaction}`, onNotice);
  const transaction = opened.at(-1)?.rows[0]?.transaction ?? '';
  const proof = checkTransaction(transaction);
  const proveTouches = await watchTouches(work, proof);
  const queries = createQueries(work, transaction, await loadParser(session.literals));
  await runThread(threadWork(work, queries)).catch(async (error: unknown) => {
    throw await queries.stop(error);
  });
  refuseEdited(work);
  try {
    await proveTouches();
    return await session.execute(`${proof};\n${tail}`, onNotice, 1);
  } catch (error) {
    throw queries.explainLast(error);
  }
}

/** @returns what compares the tables that the program touched with those of its metadata. */
async function watchTouches({ session, touches }: ProgramWork, proof: string): Promise<() => Promise<void>> {
  if (!touches) return async () => undefined;
  const declared = await findTouches(session, touches);
  const before = await readTouched(session, proof);
  return async () => refuseOtherTouches(declared, before, await readTouched(session, proof));
}

function threadWork(work: ProgramWork, { answer }: Queries): ThreadWork {
  const { file, id, direction, signal, statementTimeoutMs, onNotice } = work;
  const onLog = (message: string) =>
    onNotice({ severity: 'NOTICE', sqlstate: '00000', message, isRaised: true });
  return { file, id, direction, signal, silenceMs: statementTimeoutMs || silenceMs, onLog, answer };
}

/** The program may import its file anew at any time, so the text that ran is the checked one only if it still is. */
function refuseEdited({ file, checksum: checked }: ProgramWork): void {
  if (checksum(readSqlFile(file)) === checked) return;
  throw new ProgramError(`${file} was edited during the run`, {
    help: 'Run the command again: Kat then checks the new text first.',
  });
}

const currentTransaction = 'pg_catalog.pg_current_xact_id()::pg_catalog.text';
const readTransaction = `SELECT ${currentTransaction} AS transaction`;
const otherTransaction = 'this is not the transaction that Kat opened';

/** Fails with 22P02 and these words; `concat` is not folded before the branch is chosen. */
function checkTransaction(transaction: string): string {
  return `SELECT CASE WHEN ${currentTransaction} ${eq} ${quoteLiteral(transaction)} THEN 0
ELSE pg_catalog.concat('${otherTransaction}')::pg_catalog.int4 END`;
}

function hasEndedTransaction(error: unknown): boolean {
  return (
    error instanceof SqlError &&
    error.report.sqlstate === '22P02' &&
    error.report.message.includes(otherTransaction)
  );
}

interface Queries {
  answer(query: ThreadQuery): Promise<ThreadAnswer>;
  /** Cancels the queries that still run after the program has failed. @returns the reason of its failure. */
  stop(error: unknown): Promise<unknown>;
  /** @returns the reason why the statements after the program failed. */
  explainLast(error: unknown): unknown;
}

const repeatMs = 500;

function createQueries(work: ProgramWork, transaction: string, parser: Parser): Queries {
  const failures = new Map<number, KatError>();
  const running = new Set<Promise<unknown>>();
  let first: KatError | undefined;
  let hasEnded = false;
  const execute = async (query: ThreadQuery, { text: sql, proofAt }: CheckedQuery) => {
    const [before, behind] = [sql.slice(0, proofAt), sql.slice(proofAt)];
    const text = `${work.label}\n${before}${proofAt > 0 ? ';\n' : ''}${checkTransaction(transaction)};\n${behind}`;
    const sent = work.session.execute(text, work.onNotice, query.keepsRows ? mostRows : 1);
    const settled = sent.catch(() => undefined);
    running.add(settled);
    const results = await sent.finally(() => running.delete(settled));
    return { result: resultOf(query, results.toSpliced(proofAt > 0 ? 1 : 0, 1)) };
  };
  const answer = async (query: ThreadQuery): Promise<ThreadAnswer> => {
    const place = findPlace(query.stack, work.file);
    try {
      return await execute(query, checkQuery(work, query, parser));
    } catch (error) {
      hasEnded ||= hasEndedTransaction(error);
      const failure = locateFailure(error, place);
      failures.set(query.number, failure);
      if (error instanceof SqlError) first ??= failure;
      return { failure: describeFailure(failure) };
    }
  };
  return {
    answer,
    stop: async (error) => {
      while (running.size > 0) {
        await work.session.cancel();
        await Promise.race([Promise.all(running), sleep(repeatMs)]);
      }
      if (hasEnded) return endedTransaction(work);
      return error instanceof FailedQuery ? failures.get(error.number) : error;
    },
    explainLast: (error) => {
      if (hasEnded || hasEndedTransaction(error)) return endedTransaction(work);
      const isAborted = error instanceof SqlError && error.report.sqlstate === '25P02';
      return isAborted && first ? first : error;
    },
  };
}

function endedTransaction({ file }: ProgramWork): ProgramError {
  return new ProgramError(`the transaction that Kat opened ended while ${basename(file)} ran`, {
    hasEndedTransaction: true,
  });
}

interface CheckedQuery {
  text: string;
  /** Where the transaction is proven: in front of the text, or behind the ROLLBACK TO with which it begins, as nothing else runs after an error. */
  proofAt: number;
}

/** @throws KatError SQL_INVALID for what may not run in a migration, such as COMMIT. */
function checkQuery({ file, id, touches }: ProgramWork, query: ThreadQuery, parser: Parser): CheckedQuery {
  const text = writeQuery(query);
  const { problems, isWrapped, statements } = checkMigrationSql(parser, {
    text,
    file,
    migration: id,
    mode: 'transaction',
  });
  const [problem] = problems;
  if (problem) {
    const help = problem.code === 'needs-no-transaction' ? `${moveIntoSql}.` : problem.help;
    throw new KatError('SQL_INVALID', problem.message, help ? { help } : {});
  }
  if (touches) refuseSavepoints(statements ?? []);
  const first = statements?.[0];
  if (!isWrapped) return { text, proofAt: first && resumesTransaction(first.node) ? first.end : 0 };
  throw new KatError('SQL_INVALID', 'a program cannot begin or end a transaction', {
    help: 'Take out BEGIN and COMMIT: Kat runs the program in a transaction.',
  });
}

/** ROLLBACK TO releases the locks by which `touches` is verified (AbortSubTransaction in xact.c). */
function refuseSavepoints(statements: readonly Statement[]): void {
  if (!statements.some(({ node }) => findTransactionControl(node)?.isSavepoint)) return;
  throw new KatError('SQL_INVALID', 'a program with `touches` cannot use savepoints', {
    help: 'Take out the savepoints, or take `touches` out of metadata.yaml: ROLLBACK TO releases the locks that verify it.',
  });
}

function resultOf({ keepsRows }: ThreadQuery, results: readonly StatementResult[]): unknown {
  const last = results.at(-1);
  const count = Number(/\d+$/.exec(last?.tag ?? '')?.[0] ?? 0);
  if (!keepsRows) return count;
  if (!last?.isCut) return last?.rows ?? [];
  const excess =
    last.rows.length < mostRows
      ? `the rows of the query are longer than the 100 million characters that a program gets at once`
      : `the query has ${count} rows, and a program gets at most ${mostRows} at once`;
  throw new KatError('SQL_INVALID', excess, {
    help: 'Read the rows in parts, such as by `WHERE id > … ORDER BY id LIMIT 10000`.',
  });
}

function locateFailure(error: unknown, location: ProgramError['location']): KatError {
  if (error instanceof SqlError) return new QueryError(error, location);
  if (!(error instanceof KatError) || error.code !== 'SQL_INVALID') return error as KatError;
  return new ProgramError(error.message, { location, help: error.help ?? 'Correct the program.' });
}

/** What the program may read of an error. */
function describeFailure(failure: KatError): { message: string; [field: string]: unknown } {
  const { message } = failure;
  if (!(failure instanceof SqlError)) return { message, name: 'Error' };
  const { sqlstate, detail, hint, schema, table, column, constraint } = failure.report;
  return { name: 'SqlError', message, sqlstate, detail, hint, schema, table, column, constraint };
}
