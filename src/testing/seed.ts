/** Executes the seed of a template. */

import type { Session } from '../connections/driver.js';
import { KatError, SqlError } from '../errors.js';

/** @throws KatError SQL_ERROR with the server's words. */
export async function executeSeed(session: Session, seed: string): Promise<void> {
  try {
    await session.execute(seed);
  } catch (cause) {
    if (!(cause instanceof SqlError)) throw cause;
    throw new KatError('SQL_ERROR', `the seed of the test databases failed: ${cause.message}`, {
      help: cause.report.hint ?? 'Correct the SQL that is passed as `seed`.',
      cause,
    });
  }
}
