/** Says what to do about an error of the server by its code. */

import type { ServerReport } from '../../errors.js';
import { moveIntoSql } from '../program/program-error.js';
import { isRefusedByWorker } from './other-server/sequential-mode.js';
import type { PreparedStep } from './read-step.js';

/** @returns how the sentence "… and run Kat again" begins. */
export function adviceByState(
  report: ServerReport | undefined,
  { isProgram, step }: Pick<PreparedStep, 'isProgram' | 'step'>,
): string {
  if (step.direction === 'up' && report && isThereAlready(report))
    return `Compare with \`kat drift\`. If everything that this migration makes is there already, record it with \`kat stamp ${step.id}\`. If not, fix the cause`;
  switch (report?.sqlstate) {
    case '57014':
      return report.message.includes('statement timeout')
        ? 'Raise statement_timeout or split the migration'
        : 'Find out what cancelled it, another session or statement_timeout,';
    case '55P03':
      return 'Wait until the session that holds the lock is done, or allow more time with `--lock-timeout` and `--retry-for`,';
    case '53100':
      return 'Free disk space on the server';
    case 'SQLITE_FULL':
      return 'Free disk space';
    case 'SQLITE_BUSY':
      return 'Wait until the program that keeps the database locked is done, or allow more time with `--lock-timeout` and `--retry-for`,';
    case '53200':
      return 'Raise max_locks_per_transaction or memory on the server, or split the migration,';
    case '25001':
      // Only names of commands stay as they are in every language of messages.
      if (/\bSET TRANSACTION\b/.test(report.message))
        return 'Make SET TRANSACTION the first statement of the migration, in a transaction of its own,';
      return outsideTransaction(isProgram);
    case '2D000':
      return outsideTransaction(isProgram);
    case '42601':
      if (isRefusedByWorker(report))
        return 'Citus cannot run these statements in one transaction. Move the last one into a migration of its own';
      return 'Fix the cause';
    case '42501':
      return 'Give this role the privilege';
    default:
      return 'Fix the cause';
  }
}

/** Tables and what PostgreSQL keeps like them, columns, schemas, functions, other objects (PostgreSQL's appendix of error codes). */
const duplicates: ReadonlySet<string> = new Set(['42P07', '42701', '42P06', '42723', '42710']);

function isThereAlready({ sqlstate, message }: ServerReport): boolean {
  if (sqlstate === 'SQLITE_ERROR') return / already exists$|^duplicate column name: /.test(message);
  return duplicates.has(sqlstate);
}

function outsideTransaction(isProgram: boolean): string {
  return isProgram
    ? `${moveIntoSql},`
    : 'Write `no_transaction: true` into its metadata.yaml, because it cannot run in a transaction,';
}
