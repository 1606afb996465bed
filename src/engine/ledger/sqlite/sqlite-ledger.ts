/** Finds, creates and writes tracking table and log of a SQLite database. */

import type { Session } from '../../../connections/driver.js';
import { asciiLower } from '../../../connections/sqlite/ascii-lower.js';
import { KatError } from '../../../errors.js';
import { version } from '../../../version.js';
import type { Ledger } from '../ledger.js';
import { promisedShape } from '../ledger-shape.js';
import { clientName, type LogEntry } from '../log.js';
import { refuseLostLog } from '../lost-log.js';
import { dottedName, formatTableName, logNameOf, parseTableName, type TableName } from '../table-name.js';
import { quoteSqliteText } from './ledger-sql.js';

const ledgerColumns = ['id', 'name', 'migration_time', 'duration'];

const logColumns = [
  ...[
    'id',
    'logged_at',
    'migration',
    'direction',
    'outcome',
    'duration_ms',
    'checksum',
    'parents',
    'down_sql',
  ],
  ...[
    'no_transaction',
    'statement',
    'statement_hash',
    'sqlstate',
    'error',
    'database_user',
    'client',
    'kat_version',
  ],
];

/**
 * Looks for the tracking table without touching anything.
 * @throws KatError CONFIG_INVALID for a name with a schema; LEDGER_MISMATCH when a table of that name is something else.
 */
export async function findSqliteLedger(session: Session, configured: string | TableName): Promise<Ledger> {
  const { schema = 'main', table } = typeof configured === 'string' ? parseTableName(configured) : configured;
  if (schema !== 'main') throw await hasNoSchemas(session, schema, table);
  const found = await readTables(session, [table, logNameOf(table)]);
  const name = { schema, table };
  const own = found.get(asciiLower(table));
  const log = found.get(asciiLower(logNameOf(table)));
  if (own) refuseOther(formatTableName(name), own, ledgerColumns);
  if (log) refuseOther(formatTableName({ schema, table: logNameOf(table) }), log, logColumns);
  if (!own && log) await refuseLostTable(session, name);
  const ledger = { name, shape: own && promisedShape, hasLog: log !== undefined };
  await refuseLostLog(session, ledger);
  return ledger;
}

async function hasNoSchemas(session: Session, schema: string, table: string): Promise<KatError> {
  const dotted = `${schema}.${table}`;
  if ((await readTables(session, [dotted])).size > 0) return dottedName({ schema: undefined, table: dotted });
  return new KatError(
    'CONFIG_INVALID',
    `\`tablename\` names the schema ${schema}, but SQLite has no schemas`,
    {
      help: `Write \`tablename: ${table}\`.`,
    },
  );
}

interface FoundTable {
  kind: string;
  columns: string[];
}

/** By name in lower case: SQLite's names have no case. */
async function readTables(session: Session, names: readonly string[]): Promise<Map<string, FoundTable>> {
  const wanted = names.map((name) => quoteSqliteText(asciiLower(name))).join(', ');
  const [result] = await session.execute(
    `SELECT lower(m.name) AS name, m.type AS kind, json_group_array(lower(c.name)) AS columns
     FROM sqlite_master m LEFT JOIN pragma_table_info(m.name) c
     WHERE lower(m.name) IN (${wanted}) AND m.type IN ('table', 'view') GROUP BY m.name`,
  );
  return new Map(
    (result?.rows ?? []).map(({ name, kind, columns }) => [
      name ?? '',
      { kind: kind ?? '', columns: JSON.parse(columns ?? '[]') as string[] },
    ]),
  );
}

function refuseOther(name: string, { kind, columns }: FoundTable, expected: readonly string[]): void {
  const missing = expected.filter((column) => !columns.includes(column));
  if (kind === 'table' && missing.length === 0) return;
  throw new KatError('LEDGER_MISMATCH', `${name} exists, but it is not a table of Kat`, {
    problems: [{ message: kind === 'table' ? `it has no column ${missing.join(', ')}` : 'it is a view' }],
    help: 'Set `migration.tablename` to a name that is free, such as kat_migrations. Kat has not touched this table.',
  });
}

/** @throws KatError LEDGER_MISMATCH when the log has applied migrations, but the tracking table is missing. */
async function refuseLostTable(session: Session, { schema, table }: Ledger['name']): Promise<void> {
  const log = formatTableName({ schema, table: logNameOf(table) });
  const [result] = await session.execute(
    `SELECT count(*) AS applied FROM ${log} WHERE direction = 'up' AND id IN (SELECT max(id) FROM ${log}
       WHERE outcome IN ('succeeded', 'stamped', 'repaired') GROUP BY migration)`,
  );
  const applied = Number(result?.rows[0]?.applied);
  if (applied === 0) return;
  throw new KatError(
    'LEDGER_MISMATCH',
    `${table} does not exist, but its log ${log} has applied migrations: ${applied}`,
    {
      help: `If the table was renamed, rename it back. Or write its name into \`tablename\`, and rename ${log} as well. A new table begins an empty history, and \`kat up\` applies every migration again.`,
    },
  );
}

/**
 * Creates what is missing of the two, in the transaction that is open. The tracking table has the form of Go's Kat 0.2.
 * @returns the ledger as it is afterwards.
 */
export async function ensureSqliteLedger(session: Session, ledger: Ledger): Promise<Ledger> {
  if (!ledger.shape)
    await session.execute(`CREATE TABLE ${formatTableName(ledger.name)} ${ledgerColumnsSql}`);
  if (!ledger.hasLog) await session.execute(createLog(logOf(ledger)));
  return { ...ledger, shape: promisedShape, hasLog: true };
}

function logOf({ name: { schema, table } }: Ledger): string {
  return formatTableName({ schema, table: logNameOf(table) });
}

/** What stands behind the name in CREATE TABLE, as Go's Kat 0.2 writes it. */
export const ledgerColumnsSql = `(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    migration_time TEXT NOT NULL DEFAULT (datetime('now')),
    duration TEXT NOT NULL
)`;

function createLog(log: string): string {
  return `CREATE TABLE ${log} (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    logged_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    migration TEXT NOT NULL,
    direction TEXT NOT NULL,
    outcome TEXT NOT NULL,
    duration_ms REAL,
    checksum TEXT,
    parents TEXT,
    down_sql TEXT,
    no_transaction INTEGER,
    statement INTEGER,
    statement_hash TEXT,
    sqlstate TEXT,
    error TEXT,
    database_user TEXT NOT NULL,
    client TEXT NOT NULL,
    kat_version TEXT NOT NULL
)`;
}

/** An entry of the log, whose values are known here and not only by the server. */
export type SqliteLogEntry = Omit<LogEntry, 'elapsedMs' | 'onlyIf' | 'client'> & { durationMs?: number };

/**
 * Appends one entry to the log, and looks whether it is the last one.
 * @throws KatError SQL_ERROR when a trigger has kept it away or changed it.
 */
export async function writeSqliteEntry(
  session: Session,
  ledger: Ledger,
  entry: SqliteLogEntry,
): Promise<void> {
  const log = logOf(ledger);
  const columns = Object.entries(columnsOf(entry)).filter(([, value]) => value !== 'NULL');
  await session.execute(
    `INSERT INTO ${log} (${columns.map(([column]) => column).join(', ')}) VALUES (${columns.map(([, value]) => value).join(', ')})`,
  );
  const isOwn = columns.map(([column, value]) => `${column} IS ${value}`).join(' AND ');
  const [result] = await session.execute(`SELECT ${isOwn} AS is_own FROM ${log} ORDER BY id DESC LIMIT 1`);
  if (result?.rows[0]?.is_own === '1') return;
  throw unproven(`the log ${log} did not take the entry of ${entry.id} as it was written`);
}

function columnsOf(entry: SqliteLogEntry): Record<string, string> {
  const numberOf = (value: number | undefined) => (value === undefined ? 'NULL' : String(value));
  return {
    migration: quoteSqliteText(entry.id),
    direction: quoteSqliteText(entry.direction),
    outcome: quoteSqliteText(entry.outcome),
    duration_ms: numberOf(entry.durationMs),
    checksum: quoteSqliteText(entry.checksum),
    parents: quoteSqliteText(entry.parents && JSON.stringify(entry.parents)),
    down_sql: quoteSqliteText(entry.downSql),
    no_transaction: numberOf(entry.noTransaction === undefined ? undefined : Number(entry.noTransaction)),
    statement: numberOf(entry.statement),
    statement_hash: quoteSqliteText(entry.statementHash),
    sqlstate: quoteSqliteText(entry.sqlstate),
    error: quoteSqliteText(entry.error),
    database_user: quoteSqliteText(userName()),
    client: quoteSqliteText(clientName()),
    kat_version: quoteSqliteText(version),
  };
}

/** SQLite has no users, so the one of the operating system stands for them. */
function userName(): string {
  return clientName().split('@')[0] ?? '';
}

/** @param words which row or entry is not as it was written */
export function unproven(words: string): KatError {
  return new KatError('SQL_ERROR', words, {
    help: 'Find the trigger on this table that keeps or changes rows, and remove it.',
  });
}
