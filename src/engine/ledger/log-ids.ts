/**
 * Takes ids of the log before the statements of a `no_transaction` migration. An entry between two of them that took its id from the
 * sequence would change what `lastval()` says to the second.
 */

import type { StatementResult } from '../../connections/driver.js';
import { quoteLiteral } from '../../quote.js';
import { type Ledger, logTableOf } from './ledger.js';

const idsColumn = 'kat_log_ids';

/** How many entries a statement may have: begun, finished and the state of its session. */
export const entriesOfStatement = 3;

/** Further tries have entries of their own; what comes after these takes its id from the sequence again. */
const spareIds = 16;

/**
 * Ids for the journal of so many statements as an SQL expression: a text with commas. It is empty where the log has no sequence of its own,
 * or the role may not use it: an identity column does not ask for that.
 */
export function newLogIds(ledger: Ledger, statements: number): string {
  const sequence = `pg_catalog.pg_get_serial_sequence(${quoteLiteral(logTableOf(ledger))}, 'id')::pg_catalog.regclass`;
  const count = statements * entriesOfStatement + spareIds;
  return `coalesce((SELECT pg_catalog.string_agg(pg_catalog.nextval(s.sequence)::pg_catalog.text, ',')
  FROM (SELECT ${sequence} AS sequence) s, pg_catalog.generate_series(1, ${count})
  WHERE pg_catalog.has_sequence_privilege(s.sequence, 'USAGE')), '')`;
}

/** A statement that takes them, for `findLogIds`. */
export function takeLogIds(ledger: Ledger, statements: number): string {
  return `SELECT ${newLogIds(ledger, statements)} AS ${idsColumn}`;
}

/** The ids that a message has taken, in order. */
export function findLogIds(results: readonly StatementResult[]): string[] {
  const row = results.flatMap(({ rows }) => rows.slice(0, 1)).findLast((one) => idsColumn in one);
  return (row?.[idsColumn] ?? '').split(',').filter((id) => id !== '');
}

/** Lets `lastval()` fail until the migration has taken a value of its own. */
export const forgetSequences = 'DISCARD SEQUENCES';
