/** Every statement about the tracking table: one row for each applied migration, and nothing else. */

import type { Session } from '../../connections/driver.js';
import type { Direction } from '../../graph/migration.js';
import { present } from '../../present.js';
import { type LedgerShape, promisedShape } from './ledger-shape.js';
import { eq, le, minus, times } from './operators.js';
import type { ProvenWrite } from './proof.js';
import { formatTableName, leaseNameOf, logNameOf, type TableName } from './table-name.js';
import { literals, type ValueWriter } from './values.js';

/** The tracking table of one database, as it was found there. */
export interface Ledger {
  /** With the schema that the session resolved, so that no `search_path` of a migration can mislead it. */
  name: Required<TableName> & { schema: string };
  /** Whether the session chose the schema, as the configuration names none: the history may be in any. */
  isSchemaFound?: true;
  /** Undefined while the table does not exist. */
  shape: LedgerShape | undefined;
  /** Whether the log table exists beside it. */
  hasLog: boolean;
  /** Whether other sessions of the same run write into the tables as well. */
  hasOtherWriters?: true;
  /** Whether a table for leases exists beside it. */
  hasLease?: boolean;
  /** An expression that fails when another run has taken this run's lease: every write into the tables evaluates it first. */
  fence?: string;
}

/** One row of the tracking table. */
export interface AppliedMigration {
  id: string;
  /** ISO 8601 in UTC, with microseconds. */
  appliedAt: string;
  durationMs: number;
}

/** The tracking table's name as SQL. */
export function tableOf(ledger: Ledger): string {
  return formatTableName(ledger.name);
}

/** The log's name as SQL. */
export function logTableOf(ledger: Ledger): string {
  return formatTableName({ schema: ledger.name.schema, table: logNameOf(ledger.name.table) });
}

/** Both names as SQL. */
export function tablesOf(ledger: Ledger): [ledger: string, log: string] {
  return [tableOf(ledger), logTableOf(ledger)];
}

/** All tables of Kat beside each other. */
export function tableNamesOf({
  name: { schema, table },
  hasLease,
}: Ledger): (TableName & { schema: string })[] {
  const names = [table, logNameOf(table), ...(hasLease ? [leaseNameOf(table)] : [])];
  return names.map((one) => ({ schema, table: one }));
}

/** The tables of a write, and what it evaluates first. */
export function writeTargetOf(ledger: Ledger): Pick<ProvenWrite, 'tables' | 'fence'> {
  return { tables: tablesOf(ledger), ...present({ fence: ledger.fence }) };
}

/** The ids of what is applied, in the order in which it was recorded: a tenth of the work of `readApplied`. */
export async function readAppliedIds(session: Session, ledger: Ledger): Promise<string[]> {
  if (!ledger.shape) return [];
  // One long value is read several times as fast as ten thousand rows.
  const [result] = await session.execute(
    session.sqlite
      ? (await import('./sqlite/ledger-sql.js')).appliedIdsSql(tableOf(ledger))
      : `SELECT pg_catalog.json_agg(name ORDER BY id) AS names FROM ${tableOf(ledger)}`,
  );
  return JSON.parse(result?.rows[0]?.names ?? '[]') as string[];
}

/** The applied migrations, in recorded order; empty without a table. */
export async function readApplied(session: Session, ledger: Ledger): Promise<AppliedMigration[]> {
  if (!ledger.shape) return [];
  if (session.sqlite)
    return (await import('./sqlite/read-applied.js')).readSqliteApplied(session, tableOf(ledger));
  const { time, duration } = ledger.shape;
  const utc = time === 'timestamptz' ? "migration_time AT TIME ZONE 'UTC'" : 'migration_time';
  const [result] = await session.execute(
    `SELECT name, pg_catalog.to_char(${utc}, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS applied_at, ${millisecondsOf(duration)} AS duration_ms
     FROM ${tableOf(ledger)} ORDER BY id`,
  );
  return (result?.rows ?? []).map((row) => ({
    id: row.name ?? '',
    appliedAt: row.applied_at ?? '',
    durationMs: Number(row.duration_ms),
  }));
}

/** Milliseconds since an instant, as SQL that the server measures when it gets there. */
export function elapsedSince(instant: string): string {
  return `(extract(epoch FROM (pg_catalog.clock_timestamp() ${minus} ${instant})) ${times} 1000)`;
}

/** Times as SQL. */
interface RecordedTimes {
  /** How long it took: the same value wherever it is evaluated, to be proven. */
  elapsedMs: string;
  /** When it was applied, of type `timestamptz`; now if left out. */
  appliedAt?: string;
}

/** The statement that records a migration in its transaction, and checks that exactly its row exists or is deleted. */
export function recordWrite(
  ledger: Ledger,
  { id, direction }: { id: string; direction: Direction },
  { elapsedMs, appliedAt = 'pg_catalog.now()' }: RecordedTimes,
  values: ValueWriter = literals,
): ProvenWrite {
  const rows = `FROM ${tableOf(ledger)} WHERE name ${eq} ${values.text(id)}`;
  if (direction === 'down') {
    const words = `the row of ${id} did not leave the tracking table`;
    const proof = `NOT EXISTS (SELECT ${rows})`;
    return { sql: `DELETE ${rows}`, proof, words, ...writeTargetOf(ledger), deletes: 'some' };
  }
  const { time, duration } = ledger.shape ?? promisedShape;
  const timeSql = time === 'timestamptz' ? appliedAt : `${appliedAt} AT TIME ZONE 'UTC'`;
  const durationSql =
    duration === 'interval'
      ? `(${elapsedMs}) ${times} interval '1 millisecond'`
      : `pg_catalog.round(${elapsedMs})`;
  const isRight = `coalesce(pg_catalog.abs(${millisecondsOf(duration)} ${minus} ${elapsedMs}) ${le} 1000, false)`;
  return {
    sql: `INSERT INTO ${tableOf(ledger)} (name, migration_time, duration)
VALUES (${values.text(id)}, ${timeSql}, ${durationSql})`,
    proof: `(SELECT pg_catalog.count(*) ${eq} 1 AND pg_catalog.bool_and(${isRight}) ${rows})`,
    words: `the tracking table did not take exactly the row of ${id}`,
    ...writeTargetOf(ledger),
    inserts: 1,
  };
}

/** A duration as a number of milliseconds, as SQL. */
function millisecondsOf(duration: LedgerShape['duration']): string {
  return duration === 'interval' ? `(extract(epoch FROM duration) ${times} 1000)` : 'duration';
}
