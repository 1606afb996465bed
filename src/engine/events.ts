/** The events of Kat's work. Every screen, log and JSON line formats one of these. */

import type { Notice, ServerInfo } from '../connections/driver.js';
import type { KatError, Problem } from '../errors.js';
import type { LintFindings } from '../findings.js';
import type { Direction } from '../graph/migration.js';
import type { Plan } from '../graph/plan.js';
import type { UntriedStep } from '../graph/untried.js';
import { present } from '../present.js';

/** A session of the server, as `pg_stat_activity` tells it; fields that we may not see are left out. */
export interface ServerSession {
  processId: number;
  applicationName?: string;
  user?: string;
  client?: string;
  /** Such as `idle in transaction`. */
  state?: string;
  /** When its transaction began, ISO 8601 in UTC. */
  since?: string;
  /** How long ago that was, by the server's clock. */
  transactionMs?: number;
  /** The current or last statement, without its values. */
  statement?: string;
  /** The work of Kat in this session, if it belongs to Kat. */
  work?: RunningWork;
  /** Where a run holds a lease and no advisory lock. */
  lease?: Lease;
}

/** The right to run alone, for a limited time that its holder lengthens. */
interface Lease {
  /** Each one that is taken has a higher number. */
  token: string;
  /** ISO 8601 in UTC, by the server's clock. */
  expiresAt: string;
  /** How long it still lasts. */
  remainingMs: number;
}

/** A session that waits for a migration. */
export interface WaitingSession extends ServerSession {
  /** How long, if it is known. */
  waitedMs?: number;
}

/** How far the server says that a statement is. */
export interface StatementProgress {
  /** Such as `CREATE INDEX CONCURRENTLY`. */
  command: string;
  /** In the server's words, such as `building index: scanning table`. */
  phase: string;
  /** With its schema; absent if it is not committed yet. */
  relation?: string;
  /** Of this phase; absent where the server counts nothing. */
  done?: number;
  total?: number;
  unit?: 'tuples' | 'blocks' | 'bytes' | 'transactions';
  /** The session that this phase waits for. */
  lockerProcessId?: number;
}

/** A table as the planner's statistics know it. */
export interface UsedTable {
  name: string;
  rows: number;
  bytes: number;
}

/** What a migration does at one moment. */
export interface Activity {
  /** Which statement, counted from 1, and of how many; of a `no_transaction` migration. */
  statement?: number;
  statements?: number;
  /** How long the statement runs, or the whole migration in a transaction. */
  runningMs: number;
  /** Absent if the server reports nothing about such a statement. */
  progress?: StatementProgress;
  /** The largest table that it has locked, where there is no progress. */
  table?: UsedTable;
  /** The sessions that it waits for. */
  blockers: readonly ServerSession[];
  /** The sessions that wait for it and for nobody else. */
  waiting: readonly WaitingSession[];
}

/** A run of Kat, as described in its application name. */
export interface RunningWork {
  /** User and host of the computer that it runs on, as `user@host`. */
  client: string;
  /** Its process id there. */
  clientPid: number;
  command?: string;
  migration?: string;
  direction?: Direction;
  /** Which statement it is at, counted from 1, and of how many; of a migration that runs statement by statement. */
  statement?: number;
  statements?: number;
}

/** A try failed and another follows: one of so many `attempts`, or as long as `remainingMs` allows. */
export interface ConnectionFailed {
  type: 'connection-failed';
  error: KatError;
  retryInMs: number;
  attempt: number;
  attempts?: number;
  remainingMs?: number;
}

export type KatEvent =
  | { type: 'connecting'; database: string }
  | ConnectionFailed
  | { type: 'connected'; database: string; server: ServerInfo }
  | { type: 'waiting-for-lock'; holder: ServerSession | undefined; waitedMs: number }
  | { type: 'planned'; plan: Plan; isDryRun: boolean }
  | ({ type: 'linted' } & LintFindings)
  | { type: 'started'; id: string; direction: Direction }
  | { type: 'notice'; id: string; direction: Direction; notice: Notice }
  | { type: 'blocked'; id: string; direction: Direction; blockers: readonly ServerSession[] }
  /** About once a second of a migration that runs for longer than that. */
  | ({ type: 'activity'; id: string; direction: Direction } & Activity)
  /** Sessions that wait for this migration and for nobody else; the one that waited longest comes first. */
  | { type: 'blocking'; id: string; direction: Direction; waiting: readonly WaitingSession[] }
  | {
      type: 'retrying';
      id: string;
      direction: Direction;
      error: KatError;
      retryInMs: number;
      attempt: number;
    }
  | { type: 'statement-finished'; id: string; direction: Direction; statement: number; statements: number }
  | { type: 'succeeded'; id: string; direction: Direction; durationMs: number }
  | { type: 'validated'; id: string; direction: Direction }
  | { type: 'rehearsed'; id: string; direction: Direction; durationMs: number }
  | ({ type: 'not-tried' } & UntriedStep)
  | { type: 'failed'; id: string; direction: Direction; error: KatError }
  /** Migrations are executed there, and not in memory. `version` is that of its server. */
  | { type: 'throwaway-opened'; place: string; version: string }
  /** Where a long task is: `done` of `total` have begun. */
  | { type: 'progress'; task: string; done: number; total: number }
  | { type: 'warning'; message: string; help?: string };

export type EventListener = (event: KatEvent) => void;

/** Reports a problem that does not stop the run as a warning. */
export function warnOf(onEvent: EventListener): (problem: Problem) => void {
  return ({ message, help }) => onEvent({ type: 'warning', message, ...present({ help }) });
}
