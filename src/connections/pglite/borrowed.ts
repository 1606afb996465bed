/** A driver over a PGlite database that the caller of the library owns. */

import { ConnectionError } from '../../errors.js';
import type { Driver, Session } from '../driver.js';
import { oneSessionAtATime } from '../one-session.js';
import { withPatience } from '../patience.js';
import { openPgliteSession, type PgliteDatabase } from './session.js';
import { createTurn } from './transaction-turn.js';

/** Whether this is a PGlite database, of whatever copy of the package. */
export function isPgliteDatabase(connection: object): connection is PgliteDatabase {
  return 'execProtocol' in connection && 'runExclusive' in connection;
}

/** The driver's sessions leave the database open, and out of a transaction that they began. Drivers of one database take turns. */
export function borrowPglite(database: PgliteDatabase & { waitReady?: Promise<void> }): Driver {
  return {
    name: 'pglite',
    description: 'pglite (a connection of the caller)',
    hasManySessions: false,
    open: oneSessionAtATime(database, async (leave, _applicationName: string, signal?: AbortSignal) => {
      await database.waitReady;
      if (database.closed) {
        throw new ConnectionError('the PGlite database passed to createKat is closed', {
          help: 'Close it only after the last call of Kat.',
          isTransient: false,
        });
      }
      return withPatience(openBorrowed(database, leave), {
        signal,
        what: 'the PGlite database',
        failure: heldDatabase,
      });
    }),
    close: async () => undefined,
  };
}

/** What the owner does by `transaction()` is waited for; a BEGIN of its own may be about everything. */
async function openBorrowed(database: PgliteDatabase, leave: () => void): Promise<Session> {
  const wasInTransaction = await createTurn(database, () => false)(async () => database.isInTransaction());
  const prepare = async () => undefined;
  return openPgliteSession(database, { isBorrowed: true, wasInTransaction, clean: [], prepare, leave });
}

/** A call of Kat within `runExclusive` waits for the very call that waits for Kat. */
function heldDatabase(waitedMs: number): ConnectionError {
  return new ConnectionError(
    `the PGlite database passed to createKat did not answer in ${waitedMs / 1000} s: other code of this program holds it`,
    {
      help: 'Call Kat outside of `runExclusive()` and `transaction()`, and behind them.',
      isTransient: false,
    },
  );
}
