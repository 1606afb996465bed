/** Writes records of migrations that did not run into a SQLite database. */

import { type KatError, SqlError } from '../../errors.js';
import type { Recording } from '../ledger/record.js';
import { watchLedgerRows } from '../ledger/sqlite/ledger-rows.js';
import { writeSqliteEntry } from '../ledger/sqlite/sqlite-ledger.js';
import type { LockedSession } from '../session/locked-session.js';

/** As a `RecordPlan`. */
interface WrittenRecords {
  recordings: readonly Recording[];
  statements?: readonly string[];
  describeFailure?(index: number, error: SqlError): KatError;
}

/** Writes all of them, or none. @throws SqlError; what `describeFailure` makes of it; KatError SQL_ERROR when one was not taken as it was written. */
export async function writeSqliteRecordings(
  { session, ledger }: LockedSession,
  { recordings, statements = [], describeFailure }: WrittenRecords,
): Promise<void> {
  const rows = watchLedgerRows(session, ledger);
  const work = async () => {
    for (const [index, statement] of statements.entries())
      await session.execute(statement).catch((error: unknown) => {
        throw (error instanceof SqlError && describeFailure?.(index, error)) || error;
      });
    // The checksum without comments goes by PostgreSQL's tokens.
    for (const { isLogOnly, appliedAt: _at, statementHash: _hash, ...entry } of recordings) {
      const { id, direction } = entry;
      if (!isLogOnly) await rows.write({ id, direction, elapsedMs: 0, at: new Date() });
      await writeSqliteEntry(session, ledger, entry);
    }
  };
  await session.execute('BEGIN IMMEDIATE');
  try {
    await rows.keep(statements, work);
    await session.execute('COMMIT');
  } catch (error) {
    await session.execute('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
