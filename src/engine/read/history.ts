/** Reads the log as a person asks for it: the newest entries first, and no more of them than wanted. */

import type { Driver, Session } from '../../connections/driver.js';
import type { Graph } from '../../graph/graph.js';
import type { Direction } from '../../graph/migration.js';
import { quoteLiteral, quoteTextArray } from '../../quote.js';
import { executeInCatalog } from '../ledger/catalog-path.js';
import { findLedger } from '../ledger/find-ledger.js';
import { type Ledger, logTableOf } from '../ledger/ledger.js';
import { instantOf, type LogOutcome } from '../ledger/log.js';
import { findKnown } from '../plan/resolve-reference.js';
import { type ShortSessionOptions, withSession } from '../session/connect.js';

export interface HistoryFilter {
  /** Only these migrations, named as on the command line, also without a folder. Default all. */
  migrations?: readonly string[] | undefined;
  outcome?: LogOutcome | undefined;
  direction?: Direction | undefined;
  /** Written then or later. */
  since?: Date | undefined;
  /** Written before. */
  until?: Date | undefined;
  /** How many entries at the most; default 20, `Infinity` for all. */
  limit?: number | undefined;
  /** Also the entries about single statements of `no_transaction` migrations. */
  statements?: boolean | undefined;
}

/** One entry of the log. */
export interface HistoryEntry {
  /** ISO 8601 in UTC: when it was written. */
  at: string;
  /** The migration's id. */
  migration: string;
  direction: Direction;
  /**
   * `stamped` and `repaired` did not run: that it is applied, or not, was recorded, or what is recorded of it was set right.
   * `started` and `statement …` are written for `no_transaction` migrations.
   */
  outcome: LogOutcome;
  durationMs?: number;
  /** Which statement of a `no_transaction` migration, counted from 1. */
  statement?: number;
  sqlstate?: string;
  error?: string;
  databaseUser: string;
  /** User and host of the computer that Kat ran on, as `user@host`. */
  client: string;
  katVersion: string;
}

export interface History {
  /** False where nothing was run by this Kat yet: Go's Kat keeps no log. */
  hasLog: boolean;
  /** The newest first. */
  entries: readonly HistoryEntry[];
  /** Whether there are further entries, older than these. */
  hasMore: boolean;
}

/** How many entries the server sends at once. */
const pageSize = 5_000;

const defaultLimit = 20;

/**
 * @param loadFolder is called when migrations are named.
 * @throws whatever keeps the database from being asked.
 */
export async function readHistory(
  { driver, tableName, loadFolder }: { driver: Driver; tableName: string; loadFolder(): Promise<Graph> },
  filter: HistoryFilter,
  options: ShortSessionOptions,
): Promise<History> {
  const folder = filter.migrations?.length ? await loadFolder() : undefined;
  return withSession(driver, 'kat history', options, async (session) => {
    const ledger = await findLedger(session, tableName);
    const known = folder && (await findKnown({ folder, session, ledger }, filter.migrations ?? []));
    return readEntries(session, ledger, { ...filter, ids: known?.ids });
  });
}

/** The entries of migrations by their ids; all of them where `ids` is left out. */
export async function readEntries(
  session: Session,
  ledger: Ledger,
  filter: Omit<HistoryFilter, 'migrations'> & { ids?: readonly string[] | undefined },
): Promise<History> {
  if (!ledger.hasLog) return { hasLog: false, entries: [], hasMore: false };
  const { limit = defaultLimit, ids } = filter;
  const conditions = [...(ids ? [`migration = ANY (${quoteTextArray(ids)})`] : []), ...conditionsOf(filter)];
  const entries: HistoryEntry[] = [];
  // One more than wanted tells whether there are more.
  const wanted = limit + 1;
  for (let before: string | undefined; entries.length < wanted; ) {
    const size = Math.min(pageSize, wanted - entries.length);
    const rows = session.sqlite
      ? await readSqlitePage(session, ledger, { ...filter, before, size })
      : await readPage(session, logTableOf(ledger), {
          conditions: before === undefined ? conditions : [...conditions, `id < ${before}`],
          size,
        });
    for (const row of rows) entries.push(toEntry(row));
    if (rows.length < size) break;
    before = rows.at(-1)?.id ?? undefined;
  }
  return { hasLog: true, entries: entries.slice(0, limit), hasMore: entries.length > limit };
}

function conditionsOf({ outcome, direction, since, until, statements }: HistoryFilter): string[] {
  return [
    // A second entry of a finished statement has the state of its session, which nobody needs to read.
    ...(statements
      ? ["(outcome <> 'statement finished' OR error IS NULL)"]
      : ["outcome NOT IN ('statement started', 'statement finished')"]),
    ...(outcome === undefined ? [] : [`outcome = ${quoteLiteral(outcome)}`]),
    ...(direction === undefined ? [] : [`direction = ${quoteLiteral(direction)}`]),
    ...(since === undefined ? [] : [`logged_at >= ${instantSql(since)}`]),
    ...(until === undefined ? [] : [`logged_at < ${instantSql(until)}`]),
  ];
}

/** Nothing was logged before 1970, and PostgreSQL's years do not reach back as far as those of JavaScript. */
function instantSql(instant: Date): string {
  return `pg_catalog.to_timestamp(${Math.max(0, instant.getTime()) / 1000})`;
}

type Row = Record<string, string | null>;

const mostCharacters = 4_000;

const textColumns = ['error', 'database_user', 'client', 'kat_version'] as const;

/** Earlier versions stored errors whole, however long they were. So each text travels cut, and beside it what is left out. */
function shortened(column: string): string {
  const omitted = `pg_catalog.length(${column}) OPERATOR(pg_catalog.-) ${mostCharacters}`;
  return `pg_catalog.left(${column}, ${mostCharacters}) AS ${column}, ${omitted} AS ${omittedOf(column)}`;
}

function omittedOf(column: string): string {
  return `omitted_${column}`;
}

/** Not every encoding of a database has an ellipsis, so the server does not write it. */
function markCut(row: Row): Row {
  const cut = textColumns.filter((column) => Number(row[omittedOf(column)]) > 0);
  const marked = cut.map((column) => [column, `${row[column]}… (${row[omittedOf(column)]} more characters)`]);
  return { ...row, ...Object.fromEntries(marked) };
}

/** In the order of the primary key, so that the server stops reading when it has enough. */
async function readPage(
  session: Session,
  logTable: string,
  { conditions, size }: { conditions: readonly string[]; size: number },
): Promise<Row[]> {
  const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
  const [result] = await executeInCatalog(
    session,
    `SELECT id, ${instantOf('logged_at')} AS at, migration, direction, outcome, duration_ms, statement, sqlstate,
            ${textColumns.map(shortened).join(', ')}
     FROM ${logTable} ${where} ORDER BY id DESC LIMIT ${size}`,
  );
  return (result?.rows ?? []).map(markCut);
}

async function readSqlitePage(
  session: Session,
  ledger: Ledger,
  page: Parameters<typeof import('../ledger/sqlite/ledger-sql.js').historyPageSql>[1],
): Promise<Row[]> {
  const { historyPageSql } = await import('../ledger/sqlite/ledger-sql.js');
  const [result] = await session.execute(historyPageSql(logTableOf(ledger), page));
  return result?.rows ?? [];
}

function toEntry(row: Row): HistoryEntry {
  const { duration_ms, statement, sqlstate, error } = row;
  return {
    at: row.at ?? '',
    migration: row.migration ?? '',
    direction: row.direction as Direction,
    outcome: row.outcome as LogOutcome,
    ...(duration_ms ? { durationMs: Number(duration_ms) } : {}),
    ...(statement ? { statement: Number(statement) } : {}),
    ...(sqlstate ? { sqlstate } : {}),
    ...(error ? { error } : {}),
    databaseUser: row.database_user ?? '',
    client: row.client ?? '',
    katVersion: row.kat_version ?? '',
  };
}
