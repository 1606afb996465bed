/**
 * Proof that what was written is there. A trigger, a rule or row-level security can keep a row away or change it while the
 * server answers as if all were well, so writes are followed by a statement that looks, in the same transaction. Constraint
 * triggers may be deferred to its end, so they are made to fire before the look.
 */

import { SqlError } from '../../errors.js';
import { quoteLiteral } from '../../quote.js';
import { gt, le, plus } from './operators.js';

/** A statement that writes, and what must hold behind it. */
export interface ProvenWrite {
  sql: string;
  /** A condition, as SQL. */
  proof: string;
  /** The message if the proof fails. */
  words: string;
  /** The tracking table and its log, as SQL: whichever it writes, the rows of both must stay. */
  tables: readonly string[];
  /** It deletes rows, one at least or any number. */
  deletes?: 'some' | 'any';
}

/**
 * Fires what was deferred to the end of the transaction, and defers nothing more in it
 * (https://www.postgresql.org/docs/current/sql-set-constraints.html).
 */
export const fireDeferred = 'SET CONSTRAINTS ALL IMMEDIATE';

/**
 * The writes, and behind them a statement that fails, and takes the transaction with it, unless all proofs hold, and no other row
 * of their tables was changed or deleted meanwhile.
 */
export function proven(...writes: readonly ProvenWrite[]): string {
  const tables = [...new Set(writes.flatMap((write) => write.tables))];
  const claims = [...writes, { proof: keepsOtherRows(tables), words: otherRows }];
  return [noteChanges(tables), ...writes.map(statementOf), fireDeferred, `SELECT ${checkAll(claims)}`].join(
    ';\n',
  );
}

/** What a policy hides cannot be seen behind a DELETE, so the statement itself fails when it takes no row away. */
function statementOf({ sql, deletes, words }: ProvenWrite): string {
  if (!deletes) return sql;
  const count = '(SELECT pg_catalog.count(*) FROM gone)';
  const claims = deletes === 'some' ? [{ proof: `${count} ${gt} 0`, words }] : [];
  const noted = `pg_catalog.set_config('${changesMark}', (${notedChanges} ${plus} ${count})::pg_catalog.text, true)`;
  return `WITH gone AS (${sql} RETURNING 1)\nSELECT ${noted}, ${checkAll(claims)}`;
}

const mark = 'kat: ';

/** A statement that fails with 22P02 and these words unless the condition holds. */
export function assertion(condition: string, words: string): string {
  return `SELECT ${claim(condition, words)}`;
}

/** The same as an expression; `concat` is not folded before the branch is chosen. */
export function claim(condition: string, words: string): string {
  return checkAll([{ proof: condition, words }]);
}

const otherRows = 'other rows of the tracking table or its log were changed or deleted';

/** A setting of the transaction: how many rows of the tables it may have changed or deleted so far. */
const changesMark = 'kat.changed_rows';

const notedChanges = `pg_catalog.current_setting('${changesMark}')::pg_catalog.int8`;

/**
 * How many rows this transaction has changed and deleted, as SQL
 * (https://www.postgresql.org/docs/current/monitoring-stats.html). A server with `track_counts = off` says 0.
 */
function countChanges(tables: readonly string[]): string {
  const counts = tables.flatMap((table) =>
    ['updated', 'deleted'].map(
      (change) => `pg_catalog.pg_stat_get_xact_tuples_${change}(${quoteLiteral(table)}::pg_catalog.regclass)`,
    ),
  );
  return `(${counts.join(` ${plus} `)})`;
}

function noteChanges(tables: readonly string[]): string {
  return `SELECT pg_catalog.set_config('${changesMark}', ${countChanges(tables)}::pg_catalog.text, true)`;
}

function keepsOtherRows(tables: readonly string[]): string {
  return `${countChanges(tables)} ${le} ${notedChanges}`;
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
