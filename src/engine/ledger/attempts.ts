/** Reads from the log the attempts of migrations that have not succeeded since. */

import type { Session } from '../../connections/driver.js';
import type { Direction } from '../../graph/migration.js';
import { executeInCatalog } from './catalog-path.js';
import { instantOf, isSettled } from './log.js';

/** A try that ended in an error. */
export interface FailedTry {
  direction: Direction;
  /** ISO 8601 in UTC. */
  at: string;
  /** Which statement of a `no_transaction` migration, counted from 1. */
  statement?: number;
  sqlstate?: string;
  error: string;
  /** User and host of the computer that Kat ran on, as `user@host`. */
  client: string;
}

/** The latest tries of one migration. */
export interface Tries {
  /** When the latest began, and who ran it; only for `no_transaction` migrations. */
  started?: { direction: Direction; at: string; client: string };
  /** The latest, where it ended in an error. */
  failed?: FailedTry;
}

/** The latest tries by id, of those that have not succeeded or been recorded since. @param logTable as SQL. */
export async function readTries(session: Session, logTable: string): Promise<Map<string, Tries>> {
  const [result] = session.sqlite
    ? await session.execute((await import('./sqlite/ledger-sql.js')).triesSql(logTable))
    : await executeInCatalog(
        session,
        `SELECT l.migration, l.direction, l.outcome, l.statement, l.sqlstate, l.error, l.client, ${instantOf('l.logged_at')} AS at
     FROM ${logTable} l
     WHERE l.id IN (SELECT max(id) FROM ${logTable} WHERE outcome IN ('started', 'failed') GROUP BY migration, outcome)
       AND NOT EXISTS (SELECT FROM ${logTable} s WHERE s.migration = l.migration AND s.${isSettled} AND s.id > l.id)
     ORDER BY l.id`,
      );
  const tries = new Map<string, Tries>();
  for (const row of result?.rows ?? []) {
    const id = row.migration ?? '';
    tries.set(id, addEntry(tries.get(id) ?? {}, row));
  }
  return tries;
}

/** A failure from before the latest beginning says nothing about the latest try. */
function addEntry(known: Tries, row: Record<string, string | null>): Tries {
  const facts = { direction: row.direction as Direction, at: row.at ?? '', client: row.client ?? '' };
  if (row.outcome === 'started') return { started: facts };
  const failed = {
    ...facts,
    error: row.error ?? '',
    ...(row.statement ? { statement: Number(row.statement) } : {}),
    ...(row.sqlstate ? { sqlstate: row.sqlstate } : {}),
  };
  return { ...known, failed };
}
