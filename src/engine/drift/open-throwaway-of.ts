/** Opens a throwaway database of the same major version as another database. */

import { KatError } from '../../errors.js';
import { withSession } from '../session/connect.js';
import { openThrowaway, type ThrowawayOptions } from '../throwaway/open-throwaway.js';
import type { Throwaway } from '../throwaway/throwaway.js';

/** Where a throwaway database may be. */
export interface ThrowawayPlace {
  /** As the user wants it; undefined leaves the choice to Kat. */
  on: string | undefined;
  /** The server of the other database. */
  serverUrl: string | undefined;
  /** Its major version; undefined means any. */
  major: number | undefined;
}

/**
 * In memory if the embedded database has the major version, else on the server of the other database.
 * @throws KatError USAGE where no place has the major version; what opening throws.
 */
export async function openThrowawayOf(
  { on, serverUrl, major }: ThrowawayPlace,
  options: Omit<ThrowawayOptions, 'on'>,
): Promise<Throwaway> {
  if (on !== undefined) return openThrowaway({ ...options, on });
  const embedded = await openThrowaway({ ...options, on: 'pglite' });
  const found = await majorOf(embedded, options.signal);
  if (major === undefined || found === major) return embedded;
  await embedded.close();
  if (serverUrl !== undefined) return openThrowaway({ ...options, on: serverUrl });
  throw new KatError('USAGE', `the database is PostgreSQL ${major}, and the embedded database is ${found}`, {
    help: 'Build on a server of the same major version: `--on URL`.',
  });
}

async function majorOf({ driver }: Throwaway, signal: AbortSignal | undefined): Promise<number> {
  const options = { onEvent: () => undefined, signal };
  return withSession(driver, 'kat', options, async ({ server }) => Math.floor(server.versionNumber / 10_000));
}
