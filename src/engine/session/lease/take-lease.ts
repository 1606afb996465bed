/**
 * One runner at a time where advisory locks lock nothing: a lease, which its holder renews. A holder that slept past its end, or lost
 * its connections, cannot write any more once another run has the lease: every write is fenced.
 */

import type { Capabilities, Driver, Session } from '../../../connections/driver.js';
import { ConnectionError, KatError, SqlError } from '../../../errors.js';
import type { Ledger } from '../../ledger/ledger.js';
import { clientName } from '../../ledger/log.js';
import { startDeadline } from '../deadline.js';
import { type LockOptions, openLockSession, pollLock, type RunnerLock, withLabel } from '../lock.js';
import { withAnswerLimit } from './answer-limit.js';
import { keepLease } from './keep-lease.js';
import {
  createLeaseTable,
  fenceOf,
  fenceStatement,
  leaseTableOf,
  renewalOf,
  takeStatement,
} from './lease-table.js';

/** How long a lease lasts that nobody renews. */
const defaultLifeMs = 30_000;

/** How long the server itself waits for a lock. */
const lockTimeoutMs = 900;

/** The longest time that the server has for an answer beside that, whatever `connect_timeout` says. */
const longestAnswerMs = 30_000;

export interface LeaseRequest {
  driver: Driver;
  ledger: Ledger;
  /** The server's process id of the session that works. */
  backendPid: number;
  capabilities: Capabilities;
  lifeMs: number | undefined;
  /** Of the lease that a lost connection of the same run had. */
  formerToken: string | undefined;
}

/**
 * Takes the lease of this tracking table on a connection of its own, which renews it.
 * @throws KatError LOCKED when another run still renews it after `waitMs`; CANCELLED; CONNECTION_FAILED without a second connection,
 * and when the server does not answer on that connection.
 */
export async function takeLease(request: LeaseRequest, options: LockOptions): Promise<RunnerLock> {
  const { driver, ledger, backendPid, formerToken } = request;
  const lifeMs = request.lifeMs ?? defaultLifeMs;
  const opened = await (options.session ?? openLockSession(driver, options));
  if (!opened) throw noSecondConnection(request);
  const unlimited = withLabel(opened);
  const session = withAnswerLimit(unlimited, answerLimitOf(driver));
  try {
    const table = leaseTableOf(ledger);
    if (!ledger.hasLease) await createTable(session, table);
    const holder = { holder: `${clientName()} ${process.pid}`, backendPid, lifeMs };
    let token: string | undefined;
    const attempt = async () => {
      token = await tryTake(session, table, [
        takeStatement(table, holder, formerToken),
        fenceStatement(table, holder),
      ]);
      return token !== undefined;
    };
    const patience = { ...options, deadline: startDeadline(options.waitMs) };
    await pollLock(session, attempt, { name: ledger.name, hasLease: true }, patience);
    return hold(request, unlimited, { table, token: token as string, lifeMs });
  } catch (error) {
    await session.close();
    throw error instanceof ConnectionError ? notAnswered(error, lifeMs) : error;
  }
}

/** How long the server may take for an answer, its own wait for a lock included. */
function answerLimitOf({ answerTimeoutMs = Number.POSITIVE_INFINITY }: Driver): number {
  return Math.min(answerTimeoutMs, longestAnswerMs) + lockTimeoutMs;
}

function notAnswered(error: ConnectionError, lifeMs: number): ConnectionError {
  return new ConnectionError(`could not take the lease: ${error.message}`, {
    help: `No migration was run. If the server has granted the lease, it ends within ${lifeMs / 1000} s. Check the network, and run the command again.`,
    cause: error,
    isTransient: error.isTransient,
    sqlstate: error.sqlstate,
  });
}

function hold(
  { driver }: LeaseRequest,
  session: Session,
  lease: { table: string; token: string; lifeMs: number },
): RunnerLock {
  const { table, token } = lease;
  const { release } = keepLease(session, lease, driver);
  return { session, token, fence: fenceOf(table, token), renewal: renewalOf(table, token), release };
}

/**
 * In one message, so that no open transaction stays behind on a connection that is lost meanwhile.
 * @returns the token; undefined if another run has the lease, or is in the middle of taking it or of a write.
 */
async function tryTake(session: Session, table: string, statements: string[]): Promise<string | undefined> {
  const begin = `BEGIN READ WRITE; SET LOCAL lock_timeout = ${lockTimeoutMs}`;
  try {
    const results = await session.execute([begin, ...statements, 'COMMIT'].join('; '));
    return results.flatMap(({ rows }) => rows)[0]?.token ?? undefined;
  } catch (error) {
    if (!(error instanceof SqlError) || error.isSessionLost) throw error;
    await session.execute('ROLLBACK');
    if (isPassing(error)) return undefined;
    throw otherShapeStates.has(error.report.sqlstate) ? notOfALease(table, error) : error;
  }
}

/** A column is missing or of another type, or a view or something else has the name. */
const otherShapeStates = new Set(['42703', '42804', '42883', '42809', '55000', '23502']);

function notOfALease(table: string, cause: SqlError): KatError {
  const { message, sqlstate } = cause.report;
  return new KatError(
    'LEDGER_MISMATCH',
    `${table} exists, but it is not the table of a lease of Kat: ${message} (SQLSTATE ${sqlstate})`,
    {
      help: 'Runs on this server take turns by a table of this name. Rename yours, or rename the tracking table and write its new name into `migration.tablename`. Nothing was changed.',
      cause,
    },
  );
}

/** Lock time-out, deadlock and serialisation failure, and the last in the words of Aurora DSQL. */
const passingStates = new Set(['55P03', '40P01', '40001', 'OC000', 'OC001']);

function isPassing({ report }: SqlError): boolean {
  return passingStates.has(report.sqlstate);
}

/** Another run may create it at the same moment. */
const createdByOther = new Set(['23505', '42P07', ...passingStates]);

async function createTable(session: Session, table: string): Promise<void> {
  try {
    await session.execute(createLeaseTable(table));
  } catch (error) {
    if (!(error instanceof SqlError) || error instanceof ConnectionError) throw error;
    if (!createdByOther.has(error.report.sqlstate)) throw notCreated(table, error);
    await session.execute(createLeaseTable(table));
  }
}

function notCreated(table: string, cause: SqlError): KatError {
  const { message, sqlstate } = cause.report;
  return new KatError(
    'SQL_ERROR',
    `the table of the lease ${table} cannot be created: ${message} (SQLSTATE ${sqlstate})`,
    {
      help: 'Let this role create tables in the schema of the tracking table. Nothing was changed.',
      cause,
    },
  );
}

function noSecondConnection({ capabilities }: LeaseRequest): KatError {
  return new KatError(
    'CONNECTION_FAILED',
    `advisory locks lock nothing on this server (${capabilities.name}), and Kat has only one connection`,
    {
      help: 'Give Kat a URL, or a pool with two free connections: one of them renews the lease. Nothing was changed.',
    },
  );
}
