/** Runs one migration and its ledger rows as one transaction, in one message to the server. */

import type { Session, StatementResult } from '../drivers/driver.js';
import { SqlError } from '../errors.js';
import { type Ledger, logTableOf, recordStatement } from './ledger.js';
import { logStatement } from './log.js';
import type { PreparedStep } from './prepare.js';
import { quoteLiteral } from './quote.js';
import type { Hygiene } from './session-hygiene.js';

/** What running a migration needs beside the migration. */
export interface Runner {
  session: Session;
  ledger: Ledger;
  hygiene: Hygiene;
  statementTimeoutMs: number | undefined;
}

/** One message, and where in it the migration's own text is. */
export interface Message {
  sql: string;
  /** UTF-16 index of the migration's text within `sql`. */
  bodyStart: number;
  /** How many statements come before the migration's own. */
  statementsBefore: number;
}

/** A setting that lives only as long as its transaction: it proves that the transaction is still the one Kat opened. */
const transactionMark = 'kat.migration';

/**
 * Applies one step as a whole: its changes and its ledger rows are committed together, or nothing is.
 * @returns how long it took, in milliseconds, measured on the server.
 * @throws SqlError or ConnectionError as the session reports them; the transaction is then rolled back or lost.
 */
export async function applyInTransaction(runner: Runner, step: PreparedStep): Promise<number> {
  const message = transactionMessage(runner, step);
  try {
    return readDuration(await runner.session.execute(message.sql), runner.hygiene);
  } catch (error) {
    if (error instanceof SqlError && !error.isSessionLost) await rollBack(runner);
    throw error;
  }
}

/** BEGIN, the migration, its rows, COMMIT and the cleaning up, as they travel. */
export function transactionMessage(runner: Runner, step: PreparedStep): Message {
  const { id, direction } = step.step;
  const before = [
    'BEGIN',
    `SELECT pg_catalog.set_config('${transactionMark}', ${quoteLiteral(id)}, true)`,
    ...timeoutStatements(runner),
  ];
  const entry = {
    id,
    direction,
    outcome: 'succeeded' as const,
    checksum: step.checksum,
    parents: step.migration.parents,
    noTransaction: false,
    ...(step.downSql === undefined ? {} : { downSql: step.downSql }),
  };
  const after = [
    ...runner.hygiene.restoreRole,
    checkTransaction(id),
    recordStatement(runner.ledger, id, direction),
    logStatement(logTableOf(runner.ledger), entry),
    'COMMIT',
    ...runner.hygiene.clean,
  ];
  const head = `${before.join(';\n')};\n`;
  return {
    sql: `${head}${step.sql}\n;${after.join(';\n')}`,
    bodyStart: head.length,
    statementsBefore: before.length,
  };
}

function timeoutStatements(runner: Runner): string[] {
  return runner.statementTimeoutMs === undefined
    ? []
    : [`SET LOCAL statement_timeout = ${runner.statementTimeoutMs}`];
}

/** Fails with 22P02 and these words when the mark is gone; `concat` is not folded before the branch is chosen. */
function checkTransaction(id: string): string {
  const mark = `pg_catalog.current_setting('${transactionMark}', true)`;
  return `SELECT CASE WHEN ${mark} = ${quoteLiteral(id)} THEN 0
ELSE pg_catalog.concat('the migration ended the transaction that Kat opened', ${mark})::pg_catalog.int4 END`;
}

function readDuration(results: readonly StatementResult[], hygiene: Hygiene): number {
  const [recorded, , committed] = results.slice(-(hygiene.clean.length + 3));
  if (committed?.tag !== 'COMMIT') throw new Error(`expected COMMIT, got ${committed?.tag}`);
  return Number(recorded?.rows[0]?.duration_ms);
}

async function rollBack(runner: Runner): Promise<void> {
  await runner.session.execute(['ROLLBACK', ...runner.hygiene.restoreRole, ...runner.hygiene.clean].join(';\n'));
}
