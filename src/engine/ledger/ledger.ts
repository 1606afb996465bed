/** Every statement about the tracking table: one row for each applied migration, and nothing else. */

import type { Session } from '../../connections/driver.js';
import { KatError, SqlError } from '../../errors.js';
import type { Direction } from '../../graph/migration.js';
import { type LedgerColumn, type LedgerShape, promisedShape, readShape } from './ledger-shape.js';
import { createLogTable } from './log.js';
import { quoteIdentifier, quoteLiteral } from './quote.js';
import { formatTableName, parseTableName, type TableName } from './table-name.js';

/** The tracking table of one database, as it was found there. */
export interface Ledger {
  /** With the schema that the session resolved, so that no `search_path` of a migration can mislead it. */
  name: Required<TableName> & { schema: string };
  /** Undefined while the table does not exist. */
  shape: LedgerShape | undefined;
  /** Whether the log table exists beside it. */
  hasLog: boolean;
}

/** One row of the tracking table. */
export interface AppliedMigration {
  id: string;
  /** ISO 8601 in UTC, with microseconds. */
  appliedAt: string;
  durationMs: number;
}

/**
 * Looks for the tracking table without touching anything.
 * @throws KatError LEDGER_MISMATCH when a table of that name is something else; CONFIG_INVALID when its schema does not exist.
 */
export async function findLedger(session: Session, configuredName: string): Promise<Ledger> {
  const name = parseTableName(configuredName);
  const schemaSql = name.schema === undefined ? 'pg_catalog.current_schema()' : quoteLiteral(name.schema);
  const [place, columns] = await session.execute(`
    SELECT n.nspname AS schema,
           EXISTS (SELECT FROM pg_catalog.pg_class l
                   WHERE l.relnamespace = n.oid AND l.relname = ${quoteLiteral(logNameOf(name.table))}) AS has_log
    FROM pg_catalog.pg_namespace n WHERE n.nspname = ${schemaSql};
    SELECT c.relkind AS kind, a.attname AS name, pg_catalog.format_type(a.atttypid, NULL) AS type,
           a.attnotnull AND NOT a.atthasdef AND a.attidentity = '' AS must_be_given
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE n.nspname = ${schemaSql} AND c.relname = ${quoteLiteral(name.table)}
    ORDER BY a.attnum`);
  const found = place?.rows[0];
  if (!found?.schema) throw missingSchema(name.schema);
  const ledgerName = { schema: found.schema, table: name.table };
  const rows = (columns?.rows ?? []) as unknown as LedgerColumn[];
  return {
    name: ledgerName,
    shape: rows.length === 0 ? undefined : readShape(rows, formatTableName(ledgerName)),
    hasLog: found.has_log === 't',
  };
}

function missingSchema(schema: string | undefined): KatError {
  return schema === undefined
    ? new KatError('CONFIG_INVALID', "no schema of this session's search_path exists", {
        help: 'Name the schema in the configuration, as in `tablename: public.migrations`, or set a search_path for the role.',
      })
    : new KatError(
        'CONFIG_INVALID',
        `schema ${JSON.stringify(schema)} of the tracking table does not exist`,
        {
          help: `Create it with \`CREATE SCHEMA ${quoteIdentifier(schema)}\`, or change \`tablename\`.`,
        },
      );
}

/** `migrations` is explained by `migrations_log`. */
function logNameOf(table: string): string {
  return `${table}_log`;
}

/**
 * Creates what is missing of the tracking table and its log. Call it while holding the runner's lock.
 * @returns the ledger as it is afterwards.
 */
export async function ensureLedger(session: Session, ledger: Ledger): Promise<Ledger> {
  const statements = [
    ...(ledger.shape ? [] : [createLedgerTable(ledger)]),
    ...(ledger.hasLog ? [] : [createLogTable(logTableOf(ledger))]),
  ];
  if (statements.length > 0) await createTables(session, ledger, statements);
  return { ...ledger, shape: ledger.shape ?? promisedShape, hasLog: true };
}

async function createTables(session: Session, ledger: Ledger, statements: readonly string[]): Promise<void> {
  try {
    await session.execute(['BEGIN', ...statements, 'COMMIT'].join(';\n'));
  } catch (cause) {
    if (!(cause instanceof SqlError)) throw cause;
    const { sqlstate, message } = cause.report;
    throw new KatError(
      'SQL_ERROR',
      `the tracking table ${tableOf(ledger)} cannot be created: ${message} (SQLSTATE ${sqlstate})`,
      {
        help: `Let this role create tables there: GRANT CREATE ON SCHEMA ${quoteIdentifier(ledger.name.schema)}, or name another schema in \`tablename\`.`,
        cause,
      },
    );
  }
}

/** @param ledger one whose table does not exist. */
export function createLedgerTable(ledger: Ledger): string {
  return `CREATE TABLE ${tableOf(ledger)} (
  id SERIAL PRIMARY KEY,
  name VARCHAR NOT NULL UNIQUE,
  migration_time TIMESTAMP NOT NULL DEFAULT (now() AT TIME ZONE 'UTC'),
  duration INTEGER NOT NULL
)`;
}

/** The tracking table's name as SQL. */
export function tableOf(ledger: Ledger): string {
  return formatTableName(ledger.name);
}

/** The log's name as SQL. */
export function logTableOf(ledger: Ledger): string {
  return formatTableName({ schema: ledger.name.schema, table: logNameOf(ledger.name.table) });
}

/** The ids of what is applied, in the order in which it was recorded: a tenth of the work of `readApplied`. */
export async function readAppliedIds(session: Session, ledger: Ledger): Promise<string[]> {
  if (!ledger.shape) return [];
  // One long value is read several times as fast as ten thousand rows.
  const [result] = await session.execute(
    `SELECT pg_catalog.json_agg(name ORDER BY id) AS names FROM ${tableOf(ledger)}`,
  );
  return JSON.parse(result?.rows[0]?.names ?? '[]') as string[];
}

/** What is applied, in the order in which it was recorded; empty while there is no table. */
export async function readApplied(session: Session, ledger: Ledger): Promise<AppliedMigration[]> {
  if (!ledger.shape) return [];
  const { time, duration } = ledger.shape;
  const utc = time === 'timestamptz' ? "migration_time AT TIME ZONE 'UTC'" : 'migration_time';
  const ms = duration === 'interval' ? 'extract(epoch FROM duration) * 1000' : 'duration';
  const [result] = await session.execute(
    `SELECT name, to_char(${utc}, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS applied_at, ${ms} AS duration_ms
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
  return `extract(epoch FROM pg_catalog.clock_timestamp() - ${instant}) * 1000`;
}

/** Times as SQL. */
interface RecordedTimes {
  /** How long it took. */
  elapsedMs: string;
  /** When it was applied, of type `timestamptz`; now if left out. */
  appliedAt?: string;
  /** Whether the statement answers with `duration_ms`; it does if left out. */
  isAnswered?: boolean;
}

/** The statement that records a migration inside its own transaction. */
export function recordStatement(
  ledger: Ledger,
  { id, direction }: { id: string; direction: Direction },
  { elapsedMs, appliedAt = 'pg_catalog.now()', isAnswered = true }: RecordedTimes,
): string {
  const returning = isAnswered ? ` RETURNING ${elapsedMs} AS duration_ms` : '';
  if (direction === 'down') {
    return `DELETE FROM ${tableOf(ledger)} WHERE name = ${quoteLiteral(id)}${returning}`;
  }
  const { time, duration } = ledger.shape ?? promisedShape;
  const timeSql = time === 'timestamptz' ? appliedAt : `${appliedAt} AT TIME ZONE 'UTC'`;
  const durationSql =
    duration === 'interval' ? `(${elapsedMs}) * interval '1 millisecond'` : `pg_catalog.round(${elapsedMs})`;
  return `INSERT INTO ${tableOf(ledger)} (name, migration_time, duration)
VALUES (${quoteLiteral(id)}, ${timeSql}, ${durationSql})${returning}`;
}
