/**
 * Proof that what was written is there. A trigger, a rule or row-level security can keep a row away or change it while the
 * server answers as if all were well, so writes are followed by a statement that looks, in the same transaction. Constraint
 * triggers may be deferred to its end, so they are made to fire before the look.
 */

import { SqlError } from '../../errors.js';
import { quoteLiteral } from '../../quote.js';

/** A statement that writes, and what must hold behind it. */
export interface ProvenWrite {
  sql: string;
  /** A condition, as SQL. */
  proof: string;
  /** The message if the proof fails. */
  words: string;
}

/**
 * Fires what was deferred to the end of the transaction, and defers nothing more in it
 * (https://www.postgresql.org/docs/current/sql-set-constraints.html).
 */
export const fireDeferred = 'SET CONSTRAINTS ALL IMMEDIATE';

/** The writes, and behind them a statement that fails, and takes the transaction with it, unless all proofs hold. */
export function proven(...writes: readonly ProvenWrite[]): string {
  return [...writes.map(({ sql }) => sql), fireDeferred, `SELECT ${checkAll(writes)}`].join(';\n');
}

const mark = 'kat: ';

/** A statement that fails with 22P02 and these words unless the condition holds; `concat` is not folded before the branch is chosen. */
export function assertion(condition: string, words: string): string {
  return `SELECT ${checkAll([{ proof: condition, words }])}`;
}

function checkAll(claims: readonly Pick<ProvenWrite, 'proof' | 'words'>[]): string {
  return claims.reduceRight(
    (others, { proof, words }) =>
      `CASE WHEN ${proof} THEN ${others}\nELSE pg_catalog.concat(${quoteLiteral(mark + words)})::pg_catalog.int4 END`,
    '0',
  );
}

/** The words of the proof that failed; undefined for any other error. */
export function readUnproven(error: unknown): string | undefined {
  if (!(error instanceof SqlError) || error.report.sqlstate !== '22P02') return undefined;
  // The server puts the text between quotes, in whatever language the rest is.
  return /"kat: (.*)"/s.exec(error.report.message)?.[1];
}

/** The advice after a failed proof. */
export const unprovenHelp =
  'Look for triggers, rules and row-level security on the tracking table and its log (`\\d` in psql), and remove what keeps or changes rows';
