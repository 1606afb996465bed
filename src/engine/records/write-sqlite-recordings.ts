/** Writes records of migrations that did not run into a SQLite database. */

import type { Recording } from '../ledger/record.js';
import { writeSqliteEntry, writeSqliteRow } from '../ledger/sqlite/sqlite-ledger.js';
import type { LockedSession } from '../session/locked-session.js';

/** Writes all of them, or none. @throws SqlError; KatError SQL_ERROR when one was not taken as it was written. */
export async function writeSqliteRecordings(
  { session, ledger }: LockedSession,
  recordings: readonly Recording[],
): Promise<void> {
  await session.execute('BEGIN IMMEDIATE');
  try {
    // The checksum without comments goes by PostgreSQL's tokens.
    for (const { isLogOnly, appliedAt: _at, statementHash: _hash, ...entry } of recordings) {
      const { id, direction } = entry;
      if (!isLogOnly) await writeSqliteRow(session, ledger, { id, direction, elapsedMs: 0, at: new Date() });
      await writeSqliteEntry(session, ledger, entry);
    }
    await session.execute('COMMIT');
  } catch (error) {
    await session.execute('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
