/**
 * Proof that what was written is there. A trigger, a rule or row-level security can keep a row away or change it while the
 * server answers as if all were well, so writes are followed by a statement that looks, in the same transaction. Constraint
 * triggers may be deferred to its end, so they are made to fire before the look.
 */

import { SqlError } from '../../errors.js';
import { eq, gt, le, plus } from './operators.js';
import { literals, oidOf, type ValueWriter } from './values.js';

/** A statement that writes, and what must hold behind it. */
export interface ProvenWrite {
  sql: string;
  /** A condition, as SQL. */
  proof: string;
  /** The message if the proof fails. */
  words: string;
  /** The tracking table and its log, as SQL: whichever it writes, the rows of both must stay. */
  tables: readonly [ledger: string, log: string];
  /** As of the ledger. */
  fence?: string;
  /** How many rows it inserts into the tracking table; none if left out. */
  inserts?: number;
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
  const [{ tables, fence }] = writes as [ProvenWrite];
  const first = [...(fence === undefined ? [] : [fence]), noteChanges(tables)];
  return [`SELECT ${first.join(', ')}`, ...writesAndLook(writes)].join(';\n');
}

/** Those behind `noteChanges`. The last one is a query. @param values how the writes have their values. */
export function writesAndLook(writes: readonly ProvenWrite[], values: ValueWriter = literals): string[] {
  const [{ tables }] = writes as [ProvenWrite];
  const inserted = writes.reduce((sum, { inserts = 0 }) => sum + inserts, 0);
  const claims = [...writes, { proof: keepsOtherRows(tables, inserted, values), words: otherRows }];
  return [...writes.map(statementOf), fireDeferred, `SELECT ${checkAll(claims, values)}`];
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

const otherRows = 'other rows of the tracking table or its log were added, changed or deleted';

/** A setting of the transaction: how many rows of the tables it may have written so far. */
const changesMark = 'kat.changed_rows';

const notedChanges = `pg_catalog.current_setting('${changesMark}')::pg_catalog.int8`;

type Tables = ProvenWrite['tables'];

/** How many rows this transaction has changed and deleted, and inserted into the tracking table, as SQL. */
function countChanges(tables: Tables, values: ValueWriter): string {
  const counts = [...countWrites('l'), ...countWrites('g', ['updated', 'deleted'])];
  return `(SELECT ${counts.join(` ${plus} `)} FROM ${values.tables(...tables)})`;
}

/**
 * How many rows this session has inserted, changed and deleted that the server has not told its statistics yet, as SQL: those of
 * this transaction, and others before it (https://www.postgresql.org/docs/current/monitoring-stats.html). A server with
 * `track_counts = off` says 0.
 * @param oid of the table, as SQL: short, as `pg_stat_activity` shows the first thousand bytes of a message.
 */
function countWrites(oid: string, kinds: readonly string[] = ['inserted', 'updated', 'deleted']): string[] {
  return kinds.map((kind) => `pg_catalog.pg_stat_get_xact_tuples_${kind}(${oid})`);
}

/** An expression that notes, before writes, how many rows of the tables this transaction may have written. */
export function noteChanges(tables: Tables, values: ValueWriter = literals): string {
  return `pg_catalog.set_config('${changesMark}', ${countChanges(tables, values)}::pg_catalog.text, true)`;
}

function keepsOtherRows(tables: Tables, inserted: number, values: ValueWriter): string {
  return `${countChanges(tables, values)} ${le} (${notedChanges} ${plus} ${inserted})`;
}

function checkAll(
  claims: readonly Pick<ProvenWrite, 'proof' | 'words'>[],
  values: ValueWriter = literals,
): string {
  return claims.reduceRight(
    (others, { proof, words }) =>
      `CASE WHEN ${proof} THEN ${others}\nELSE pg_catalog.concat(${values.text(mark + words)})::pg_catalog.int4 END`,
    '0',
  );
}

/** A setting of the transaction: the tracking table as it was before the migration's own SQL. */
const ledgerMark = 'kat.ledger';

const changedLedger = 'the tracking table was changed or replaced while the migration ran';

/** Notes the tracking table before a migration's own SQL, in its transaction. @param table as SQL. */
export function noteLedger(table: string): string {
  return `SELECT pg_catalog.set_config('${ledgerMark}', ${ledgerState}, true) FROM ${oidOf(table)} AS l`;
}

/** An expression that fails if the migration's own SQL has written, emptied or replaced the table noted before. */
export function claimSameLedger(table: string): string {
  const noted = `coalesce(pg_catalog.current_setting('${ledgerMark}', true), '')`;
  const states = `ARRAY['', (SELECT ${ledgerState} FROM ${oidOf(table)} AS l)]`;
  return claim(`${noted} ${eq} ANY (${states}::pg_catalog.text[])`, changedLedger);
}

/** The table `l` behind the name, its file, which TRUNCATE replaces, and the rows this session wrote into it, as SQL. */
const ledgerState = `pg_catalog.concat_ws(' ', l::pg_catalog.oid, pg_catalog.pg_relation_filenode(l), ${countWrites('l').join(', ')})`;

/** The words of the proof that failed; undefined for any other error. */
export function readUnproven(error: unknown): string | undefined {
  if (!(error instanceof SqlError) || error.report.sqlstate !== '22P02') return undefined;
  // The server puts the text between quotes, in whatever language the rest is.
  return /"kat: (.*)"/s.exec(error.report.message)?.[1];
}

/** The advice after a failed proof, without a full stop. @param words of the proof. */
export function adviseOnUnproven(words: string): string {
  return words === changedLedger
    ? 'Remove what writes into the tracking table from the migration, its functions and triggers (`kat stamp` and `kat repair` correct that table)'
    : unprovenHelp;
}

/** The advice where something keeps or changes what Kat itself writes. */
export const unprovenHelp =
  'Look for triggers, rules and row-level security on the tracking table and its log (`\\d` in psql), and remove what keeps or changes rows, or advance a sequence of their ids that is behind the rows';
