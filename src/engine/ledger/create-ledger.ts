/** Creates the tracking table and its log. */

import type { Session } from '../../connections/driver.js';
import { KatError, SqlError } from '../../errors.js';
import { quoteIdentifier } from '../../quote.js';
import { type Ledger, logTableOf, tableOf } from './ledger.js';
import { type LedgerShape, promisedShape } from './ledger-shape.js';
import { createLogTable } from './log.js';

/**
 * Creates what is missing of the two. Call it while holding the runner's lock.
 * @param newShape says the form of a new tracking table.
 * @returns the ledger as it is afterwards.
 * @throws KatError SQL_ERROR in the server's words.
 */
export async function ensureLedger(
  session: Session,
  ledger: Ledger,
  newShape = () => promisedShape,
): Promise<Ledger> {
  const shape = ledger.shape ?? newShape();
  const statements = missingTables(ledger, shape);
  // The transaction of another server may take one of them only, or none of both be undone.
  if (session.capabilities)
    for (const statement of statements) await createTables(session, ledger, [statement]);
  else if (statements.length > 0) await createTables(session, ledger, ['BEGIN', ...statements, 'COMMIT']);
  return { ...ledger, shape, hasLog: true };
}

/**
 * Begins a transaction in which both tables exist, created where they are missing.
 * @param newShape as of `ensureLedger`.
 * @throws KatError as `ensureLedger` does.
 */
export async function beginWithLedger(
  session: Session,
  ledger: Ledger,
  newShape: () => LedgerShape,
): Promise<void> {
  const shape = ledger.shape ?? newShape();
  await createTables(session, ledger, ['BEGIN', ...missingTables(ledger, shape)]);
}

function missingTables(ledger: Ledger, shape: LedgerShape): string[] {
  return [
    ...(ledger.shape ? [] : [createLedgerTable(ledger, shape)]),
    ...(ledger.hasLog ? [] : [createLogTable(logTableOf(ledger))]),
  ];
}

async function createTables(session: Session, ledger: Ledger, statements: readonly string[]): Promise<void> {
  try {
    await session.execute(statements.join(';\n'));
  } catch (cause) {
    if (!(cause instanceof SqlError) || cause.isSessionLost) throw cause;
    throw notCreated(ledger, cause);
  }
}

function notCreated(ledger: Ledger, cause: SqlError): KatError {
  const { sqlstate, message, detail, hint } = cause.report;
  const what = ledger.shape ? `the log ${logTableOf(ledger)}` : `the tracking table ${tableOf(ledger)}`;
  return new KatError('SQL_ERROR', `${what} cannot be created: ${message} (SQLSTATE ${sqlstate})`, {
    problems: [detail, hint].flatMap((text) => (text === undefined ? [] : [{ message: text }])),
    help:
      sqlstate === '42501'
        ? grantCreate(ledger)
        : 'Remove the cause and run the command again; nothing was created.',
    cause,
  });
}

/** A table that is there stays where it is: another `tablename` would begin a new history. */
function grantCreate(ledger: Ledger): string {
  const schema = quoteIdentifier(ledger.name.schema);
  const grant = `Let this role create tables there: GRANT CREATE ON SCHEMA ${schema}`;
  return ledger.shape ? `${grant}.` : `${grant}, or name another schema in \`tablename\`.`;
}

/** @param ledger one whose table does not exist. */
export function createLedgerTable(ledger: Ledger, { time, duration }: LedgerShape): string {
  return `CREATE TABLE ${tableOf(ledger)} (
  id SERIAL PRIMARY KEY,
  name VARCHAR NOT NULL UNIQUE,
  migration_time ${time === 'timestamptz' ? timeOfGo : utcTime},
  duration ${duration === 'interval' ? 'INTERVAL' : 'INTEGER'} NOT NULL
)`;
}

const utcTime = "TIMESTAMP NOT NULL DEFAULT (pg_catalog.now() AT TIME ZONE 'UTC')";

const timeOfGo = 'TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT pg_catalog.now()';
