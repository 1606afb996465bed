/** Waits until no runner has the lock of a SQLite database. */

import type { Session, SqliteFacts } from '../../../connections/driver.js';
import { isFileLocked } from '../../../connections/sqlite/runner-lock.js';
import { startDeadline } from '../deadline.js';
import { type LockOptions, type LockPlace, pollLock } from '../lock.js';

/**
 * Takes no lock, which would need a file beside the database: a reader's transaction sees either all of a migration or nothing.
 * @throws KatError LOCKED when a runner still has it after `waitMs`; CANCELLED.
 */
export async function waitForSqliteRunner(
  session: Session & { sqlite: SqliteFacts },
  place: LockPlace,
  options: Omit<LockOptions, 'session' | 'reach'>,
): Promise<void> {
  const { file } = session.sqlite;
  if (file === undefined) return;
  const attempt = async () => !(await isFileLocked(file));
  const deadline = startDeadline(options.waitMs);
  await pollLock(session, attempt, place, { ...options, session: undefined, deadline });
}
