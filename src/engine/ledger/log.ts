/** Every statement about the log table: append-only, it explains what the tracking table says. */

import { hostname, userInfo } from 'node:os';
import type { Session } from '../../connections/driver.js';
import type { Direction } from '../../graph/migration.js';
import { version } from '../../version.js';
import { quoteLiteral, quoteTextArray } from './quote.js';

/** `started` and `statement …` appear only for migrations that run statement by statement. */
export type LogOutcome =
  | 'started'
  | 'statement started'
  | 'statement finished'
  | 'succeeded'
  | 'failed'
  | RecordedOutcome;

/** `stamped`: recorded as applied, or as not, without running. `repaired`: what was recorded of it was set right. */
export type RecordedOutcome = 'stamped' | 'repaired';

/** A condition on the log: the entries that say where a migration stands, and what its files were then. */
export const isSettled = "outcome IN ('succeeded', 'stamped', 'repaired')";

export interface LogEntry {
  id: string;
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
  statementHash?: string;
  sqlstate?: string;
  error?: string;
  /** How long it took, as SQL. */
  elapsedMs?: string;
  /** As SQL: without it there is no entry. */
  onlyIf?: string;
  /** Who did it, as SQL; the user and host of this process if left out. */
  client?: string;
}

/** @param logTable as SQL. */
export function createLogTable(logTable: string): string {
  return `CREATE TABLE ${logTable} (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  logged_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT clock_timestamp(),
  migration TEXT NOT NULL,
  direction TEXT NOT NULL,
  outcome TEXT NOT NULL,
  duration_ms DOUBLE PRECISION,
  checksum TEXT,
  parents TEXT[],
  down_sql TEXT,
  no_transaction BOOLEAN,
  statement INTEGER,
  statement_hash TEXT,
  sqlstate TEXT,
  error TEXT,
  database_user TEXT NOT NULL DEFAULT session_user,
  client TEXT NOT NULL,
  kat_version TEXT NOT NULL
)`;
}

/** The statement that appends one entry. */
export function logStatement(logTable: string, entry: LogEntry): string {
  const values: Record<string, string> = {
    migration: quoteLiteral(entry.id),
    direction: quoteLiteral(entry.direction),
    outcome: quoteLiteral(entry.outcome),
    duration_ms: entry.elapsedMs ?? 'NULL',
    checksum: quoteLiteral(entry.checksum),
    parents: entry.parents ? quoteTextArray(entry.parents) : 'NULL',
    down_sql: quoteLiteral(entry.downSql),
    no_transaction: entry.noTransaction === undefined ? 'NULL' : String(entry.noTransaction),
    statement: entry.statement === undefined ? 'NULL' : String(entry.statement),
    statement_hash: quoteLiteral(entry.statementHash),
    sqlstate: quoteLiteral(entry.sqlstate),
    error: quoteLiteral(entry.error),
    client: entry.client ?? quoteLiteral(clientName()),
    kat_version: quoteLiteral(version),
  };
  const given = Object.entries(values).filter(([, value]) => value !== 'NULL');
  const row = given.map(([, value]) => value).join(', ');
  return `INSERT INTO ${logTable} (${given.map(([column]) => column).join(', ')})
${entry.onlyIf === undefined ? `VALUES (${row})` : `SELECT ${row} WHERE ${entry.onlyIf}`}`;
}

let knownClientName: string | undefined;

/** `user@host` of the process that runs Kat. The system is asked once: it takes longer than all the rest of an entry. */
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
  /** Ids, as they were then. */
  parents: readonly string[];
}

/** The last such entry of each migration that the log knows, by id. */
export async function readLastSuccesses(
  session: Session,
  logTable: string,
): Promise<Map<string, LastSuccess>> {
  // DISTINCT ON would sort the whole log: six times as long at a million entries.
  const [result] = await session.execute(
    `SELECT migration, direction, outcome, checksum, pg_catalog.array_to_json(parents) AS parents, ${instantOf('logged_at')} AS at
     FROM ${logTable} WHERE id IN (SELECT max(id) FROM ${logTable} WHERE ${isSettled} GROUP BY migration)`,
  );
  const rows = result?.rows ?? [];
  return new Map(
    rows.map(({ migration, direction, outcome, at, checksum, parents }) => [
      migration ?? '',
      {
        direction: direction as Direction,
        outcome: outcome as LastSuccess['outcome'],
        at: at ?? '',
        checksum: checksum ?? undefined,
        parents: JSON.parse(parents ?? '[]') as string[],
      },
    ]),
  );
}
