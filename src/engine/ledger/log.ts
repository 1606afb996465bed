/** Every statement about the log table: append-only, it explains what the tracking table says. */

import { hostname, userInfo } from 'node:os';
import type { Session } from '../../connections/driver.js';
import type { Direction } from '../../graph/migration.js';
import { checksum as checksumOfDown } from '../../project/folder/load.js';
import { quoteLiteral, quoteTextArray } from '../../quote.js';
import { version } from '../../version.js';
import { type Ledger, logTableOf, writeTargetOf } from './ledger.js';
import { eq } from './operators.js';
import { type ProvenWrite, proven } from './proof.js';
import { literals, type ValueWriter } from './values.js';

/**
 * `started` and `statement …` appear only for migrations that run statement by statement. `statement undone`: it was begun, and
 * the server or somebody has said that it may run from its beginning once more.
 */
export type LogOutcome =
  | 'started'
  | 'statement started'
  | 'statement finished'
  | 'statement undone'
  | 'succeeded'
  | 'failed'
  | RecordedOutcome;

/** `stamped`: recorded as applied, or as not, without running. `repaired`: what was recorded of it was set right. */
export type RecordedOutcome = 'stamped' | 'repaired';

/** A condition on the log: the entries that determine a migration's state and its logged files. */
export const isSettled = `outcome ${eq} ANY (ARRAY['succeeded', 'stamped', 'repaired']::pg_catalog.text[])`;

export interface LogEntry {
  id: string;
  /** The id of the entry itself, taken beforehand; left out, the next of the log's sequence. */
  logId?: string | undefined;
  direction: Direction;
  outcome: LogOutcome;
  /** Of the file that ran, as `project/load` computes it. */
  checksum?: string;
  parents?: readonly string[];
  /** The SQL that goes back, so that it can be undone where its folder is not. */
  downSql?: string;
  noTransaction?: boolean;
  /** Counted from 1. */
  statement?: number;
  /** SHA-256 of that statement; without one, `bareChecksum` of the file that ran. */
  statementHash?: string;
  sqlstate?: string;
  error?: string;
  /** What the session has behind the statement, as SQL of type text: `ledger/session-state.ts` reads and writes it. */
  sessionState?: string;
  /** How long it took, as SQL. */
  elapsedMs?: string;
  /** As SQL: without it there is no entry. */
  onlyIf?: string;
  /** The client, as SQL; the user and host of this process if left out. */
  client?: string;
  /** Other sessions of the run write into the log as well, so that only the last entry of this migration must be this one. */
  isBesideOthers?: true;
}

/** @param logTable as SQL. */
export function createLogTable(logTable: string): string {
  return `CREATE TABLE ${logTable} (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  logged_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT pg_catalog.clock_timestamp(),
  migration pg_catalog.text NOT NULL,
  direction pg_catalog.text NOT NULL,
  outcome pg_catalog.text NOT NULL,
  duration_ms DOUBLE PRECISION,
  checksum pg_catalog.text,
  parents pg_catalog.text[],
  down_sql pg_catalog.text,
  no_transaction BOOLEAN,
  statement INTEGER,
  statement_hash pg_catalog.text,
  sqlstate pg_catalog.text,
  error pg_catalog.text,
  database_user pg_catalog.text NOT NULL DEFAULT session_user,
  client pg_catalog.text NOT NULL,
  kat_version pg_catalog.text NOT NULL
)`;
}

/** The statements that append one entry, with the proof that it is there as it was written. */
export function logStatement(ledger: Ledger, entry: LogEntry): string {
  return proven(logWrite(ledger, entry));
}

/** The same as a statement and its proof. */
export function logWrite(ledger: Ledger, entry: LogEntry, values: ValueWriter = literals): ProvenWrite {
  const logTable = logTableOf(ledger);
  const columns = Object.entries(columnsOf(entry, values)).filter(([, value]) => value !== 'NULL');
  const row = columns.map(([, value]) => value).join(', ');
  const { id, logId, onlyIf } = entry;
  const own = entry.isBesideOthers ? ` WHERE migration ${eq} ${values.text(id)}` : '';
  const isLast = `coalesce((SELECT ${conditionOn(entry, values)} FROM ${logTable}${own} ORDER BY id DESC LIMIT 1), false)`;
  return {
    sql: `INSERT INTO ${logTable} (${columns.map(([column]) => column).join(', ')})${logId === undefined ? '' : ' OVERRIDING SYSTEM VALUE'}
${onlyIf === undefined ? `VALUES (${row})` : `SELECT ${row} WHERE ${onlyIf}`}`,
    proof: onlyIf === undefined ? isLast : `(NOT (${onlyIf}) OR ${isLast})`,
    words: `the log ${logTable} did not take the entry of ${id} as it was written`,
    ...writeTargetOf(ledger),
  };
}

function columnsOf(entry: LogEntry, values: ValueWriter): Record<string, string> {
  return {
    id: entry.logId ?? 'NULL',
    ...factsOf(entry, values),
    duration_ms: entry.elapsedMs ?? 'NULL',
    down_sql: values.text(entry.downSql),
    sqlstate: values.text(entry.sqlstate),
    error: entry.sessionState ?? values.text(entry.error),
    client: entry.client ?? quoteLiteral(clientName()),
    kat_version: quoteLiteral(version),
  };
}

/** The data that later runs need; short enough to send twice. */
function factsOf(entry: LogEntry, values: ValueWriter): Record<string, string> {
  return {
    migration: values.text(entry.id),
    direction: quoteLiteral(entry.direction),
    outcome: quoteLiteral(entry.outcome),
    checksum: values.text(entry.checksum),
    parents: entry.parents ? values.texts(entry.parents) : 'NULL',
    no_transaction: entry.noTransaction === undefined ? 'NULL' : String(entry.noTransaction),
    statement: entry.statement === undefined ? 'NULL' : String(entry.statement),
    statement_hash: values.text(entry.statementHash),
    error: entry.sessionState ?? 'NULL',
  };
}

/** What an entry must say where other sessions of the run write into the log as well. */
export function besideOthers({
  hasOtherWriters,
}: {
  hasOtherWriters?: true;
}): Pick<LogEntry, 'isBesideOthers'> {
  return hasOtherWriters ? { isBesideOthers: true } : {};
}

/** Nobody else writes into the log while the lock is held, so the last row must be this entry. */
function conditionOn(entry: LogEntry, values: ValueWriter): string {
  const facts = Object.entries(factsOf(entry, values)).filter(([, value]) => value !== 'NULL');
  return [
    ...facts.map(([column, value]) => `${column} ${eq} ${value}`),
    ...(entry.downSql === undefined
      ? []
      : [
          `pg_catalog.length(${asUtf8('down_sql')}) ${eq} ${values.text(String(Buffer.byteLength(entry.downSql)))}::pg_catalog.int4`,
        ]),
  ].join(' AND ');
}

/** The bytes that travelled, as SQL: how many characters a text has depends on the encoding of the database. */
function asUtf8(text: string): string {
  return `pg_catalog.convert_to(${text}, 'UTF8')`;
}

let knownClientName: string | undefined;

/** `user@host` of the process that runs Kat. Read once, because it takes longer than the rest of an entry. */
export function clientName(): string {
  knownClientName ??= `${operatingSystemUser()}@${hostname()}`;
  return knownClientName;
}

function operatingSystemUser(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a user id that has no name.
    return String(process.getuid?.() ?? 'unknown');
  }
}

/** How these migrations last went through, or were recorded, such as `up succeeded`, by id. */
export async function readLastOutcomes(
  session: Session,
  ledger: Ledger,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const log = logTableOf(ledger);
  const [result] = await session.execute(
    session.sqlite
      ? (await import('./sqlite/ledger-sql.js')).lastOutcomesSql(log, ids)
      : `SELECT migration, direction, outcome FROM ${log} WHERE id ${eq} ANY (SELECT pg_catalog.max(id) FROM ${log}
         WHERE migration ${eq} ANY (${quoteTextArray(ids)}) AND ${isSettled} GROUP BY migration)`,
  );
  const rows = result?.rows ?? [];
  return new Map(
    rows.map(({ migration, direction, outcome }) => [migration ?? '', `${direction} ${outcome}`]),
  );
}

/** What these migrations ever went through, or were recorded as, such as `up 1_users`. */
export async function readSettled(
  session: Session,
  ledger: Ledger,
  ids: readonly string[],
): Promise<Set<string>> {
  const [result] = await session.execute(
    `SELECT DISTINCT direction, migration FROM ${logTableOf(ledger)}
     WHERE migration ${eq} ANY (${quoteTextArray(ids)}) AND ${isSettled}`,
  );
  return new Set((result?.rows ?? []).map(({ direction, migration }) => `${direction} ${migration}`));
}

/** A `timestamptz` column as ISO 8601 in UTC with microseconds, as SQL: whatever a role has set for its sessions. */
export function instantOf(column: string): string {
  return `pg_catalog.to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}

/** How a migration last went through, or was recorded, in either direction. */
export interface LastSuccess {
  direction: Direction;
  /** `stamped` and `repaired` did not run. */
  outcome: 'succeeded' | RecordedOutcome;
  /** ISO 8601 in UTC. */
  at: string;
  /** Of the file that ran; undefined for what an older log does not tell. */
  checksum: string | undefined;
  /** The same without comments and white space. */
  bareChecksum: string | undefined;
  /** Ids, as they were then. */
  parents: readonly string[];
  /** Of the down.sql that the log keeps; undefined where there was none. */
  downChecksum: string | undefined;
}

/** As `checksum` of project/load computes it, by the server: the SQL itself may be long. */
const downChecksum = `pg_catalog.encode(pg_catalog.sha256(${asUtf8(
  'pg_catalog.replace(down_sql, pg_catalog.chr(13) OPERATOR(pg_catalog.||) pg_catalog.chr(10), pg_catalog.chr(10))',
)}), 'hex')`;

/** The last such entry of each migration that the log knows, by id. */
export async function readLastSuccesses(
  session: Session,
  logTable: string,
): Promise<Map<string, LastSuccess>> {
  // DISTINCT ON would sort the whole log: six times as long at a million entries.
  const [result] = await session.execute(
    session.sqlite
      ? (await import('./sqlite/ledger-sql.js')).lastSuccessesSql(logTable)
      : `SELECT migration, direction, outcome, checksum, statement_hash, pg_catalog.array_to_json(parents) AS parents, ${instantOf('logged_at')} AS at,
       ${downChecksum} AS down_checksum
     FROM ${logTable} WHERE id ${eq} ANY (SELECT pg_catalog.max(id) FROM ${logTable} WHERE ${isSettled} GROUP BY migration)`,
  );
  const rows = result?.rows ?? [];
  return new Map(
    rows.map(({ migration, direction, outcome, at, checksum, statement_hash, parents, ...row }) => [
      migration ?? '',
      {
        direction: direction as Direction,
        outcome: outcome as LastSuccess['outcome'],
        at: at ?? '',
        checksum: checksum ?? undefined,
        bareChecksum: statement_hash ?? undefined,
        parents: JSON.parse(parents ?? '[]') as string[],
        downChecksum: row.down_checksum ?? (row.down_sql ? checksumOfDown(row.down_sql) : undefined),
      },
    ]),
  );
}
