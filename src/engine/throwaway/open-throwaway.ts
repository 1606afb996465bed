/** Opens a database in which migrations can be tried, and which is dropped afterwards. */

import { KatError } from '../../errors.js';
import { openEmbeddedThrowaway } from './embedded.js';
import { openServerThrowaway } from './server.js';
import type { Throwaway } from './throwaway.js';

export interface ThrowawayOptions {
  /** `pglite` (in memory), or the URL of a server, on which the role may create databases. */
  on: string;
  /** The SQL that is going to run: an embedded database loads some libraries only when it starts. */
  readSql: () => Iterable<string>;
  signal: AbortSignal | undefined;
}

/**
 * @throws KatError USAGE for another place, or where the role may not create databases; CONFIG_INVALID where PGlite is not
 *   installed; ConnectionError.
 */
export async function openThrowaway({ on, readSql, signal }: ThrowawayOptions): Promise<Throwaway> {
  if (on === 'pglite') return openEmbeddedThrowaway(readSql);
  if (/^postgres(ql)?:\/\//.test(on)) return openServerThrowaway(on, signal);
  throw new KatError('USAGE', `${JSON.stringify(on)} is no place for a throwaway database`, {
    help: 'Use `pglite`, or the URL of a PostgreSQL server: postgres://user@host/postgres.',
  });
}
