/** Puts one migration and its ledger rows into one message: a transaction that happens as a whole or not at all. */

import type { StatementResult } from '../drivers/driver.js';
import { logTableOf, recordStatement, requireStatement } from './ledger.js';
import { logStatement } from './log.js';
import type { PreparedStep } from './prepare.js';
import { quoteLiteral } from './quote.js';
import type { WaitPolicy } from './waits.js';
import type { Workplace } from './workplace.js';

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
 * BEGIN, the migration, its rows, COMMIT and the cleaning up, as they travel.
 * @param before the step whose message was sent ahead of this one and is not answered yet: this one does nothing
 *   unless that one has happened. (A failure leaves the transaction open and stops what follows with 25P02, but a
 *   COMMIT that fails ends it.)
 */
export function transactionMessage(
  { ledger, hygiene }: Workplace,
  step: PreparedStep,
  waits: WaitPolicy,
  before?: PreparedStep,
): Message {
  const { id, direction } = step.step;
  const opening = [
    'BEGIN',
    `SELECT pg_catalog.set_config('${transactionMark}', ${quoteLiteral(id)}, true)`,
    ...timeoutStatements(waits, 'SET LOCAL'),
    ...(before ? [requireStatement(ledger, before.step.id, before.step.direction)] : []),
  ];
  const closing = [
    ...hygiene.restoreRole,
    checkTransaction(id),
    recordStatement(ledger, id, direction),
    logStatement(logTableOf(ledger), successEntry(step)),
    'COMMIT',
    ...hygiene.clean,
  ];
  const head = `${opening.join(';\n')};\n`;
  return {
    sql: `${head}${step.sql}\n;${closing.join(';\n')}`,
    bodyStart: head.length,
    statementsBefore: opening.length,
  };
}

/** What the log says of a step that is done. */
export function successEntry({ step, checksum, migration, downSql }: PreparedStep) {
  return {
    id: step.id,
    direction: step.direction,
    outcome: 'succeeded' as const,
    checksum,
    parents: migration.parents,
    noTransaction: step.mode === 'statements',
    ...(downSql === undefined ? {} : { downSql }),
  };
}

/** @param command `SET LOCAL` within a transaction, `SET` outside. */
export function timeoutStatements(waits: WaitPolicy, command: 'SET' | 'SET LOCAL'): string[] {
  const { lockTimeoutMs, statementTimeoutMs } = waits;
  return [
    `${command} lock_timeout = ${lockTimeoutMs}`,
    ...(statementTimeoutMs === undefined ? [] : [`${command} statement_timeout = ${statementTimeoutMs}`]),
  ];
}

/** Fails with 22P02 and these words when the mark is gone; `concat` is not folded before the branch is chosen. */
function checkTransaction(id: string): string {
  const mark = `pg_catalog.current_setting('${transactionMark}', true)`;
  return `SELECT CASE WHEN ${mark} = ${quoteLiteral(id)} THEN 0
ELSE pg_catalog.concat('the migration ended the transaction that Kat opened', ${mark})::pg_catalog.int4 END`;
}

/**
 * @param results of a message that `transactionMessage` built.
 * @returns how long the migration took, in milliseconds, measured on the server.
 */
export function readDuration(results: readonly StatementResult[], { hygiene }: Workplace): number {
  const [recorded, , committed] = results.slice(-(hygiene.clean.length + 3));
  // PostgreSQL answers ROLLBACK, without an error, to the COMMIT of a transaction that has failed.
  if (committed?.tag !== 'COMMIT') throw new Error(`the server answered ${committed?.tag} to COMMIT`);
  return Number(recorded?.rows[0]?.duration_ms);
}

/** What brings a session back after a message that failed. */
export function rollbackMessage({ hygiene }: Workplace): string {
  return ['ROLLBACK', ...hygiene.restoreRole, ...hygiene.clean].join(';\n');
}
