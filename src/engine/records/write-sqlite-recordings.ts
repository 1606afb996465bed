/** Writes records of migrations that did not run into a SQLite database. */

import { type KatError, SqlError } from '../../errors.js';
import type { Recording } from '../ledger/record.js';
import { proveOtherRows, readOtherRows } from '../ledger/sqlite/other-rows.js';
import { proveSqliteRow, writeSqliteEntry, writeSqliteRow } from '../ledger/sqlite/sqlite-ledger.js';
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
  await session.execute('BEGIN IMMEDIATE');
  try {
    for (const [index, statement] of statements.entries())
      await session.execute(statement).catch((error: unknown) => {
        throw (error instanceof SqlError && describeFailure?.(index, error)) || error;
      });
    const ids = recordings.map(({ id }) => id);
    const before = await readOtherRows(session, ledger, ids);
    // The checksum without comments goes by PostgreSQL's tokens.
    for (const { isLogOnly, appliedAt: _at, statementHash: _hash, ...entry } of recordings) {
      const { id, direction } = entry;
      const row = { id, direction, elapsedMs: 0, at: new Date() };
      if (!isLogOnly) await writeSqliteRow(session, ledger, row);
      await writeSqliteEntry(session, ledger, entry);
      if (!isLogOnly) await proveSqliteRow(session, ledger, row);
    }
    await proveOtherRows(session, ledger, { ids, before });
    await session.execute('COMMIT');
  } catch (error) {
    await session.execute('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
