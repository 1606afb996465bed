/** Opens a database in which migrations can be tried, and which is dropped afterwards. */

import { KatError } from '../../errors.js';
import type { EventListener } from '../events.js';
import { openLike, openOfMajor, type ResembledServer, type ThrowawayOptions } from './choose-place.js';
import { openEmbeddedThrowaway } from './embedded.js';
import { stopLeftOverServer } from './local/stop-left-over.js';
import { openServerThrowaway } from './server.js';
import { sweepTemporaryFolders } from './temporary-folder.js';
import type { Throwaway } from './throwaway.js';

/** Where a throwaway database may be. */
export interface ThrowawayPlace {
  /** `pglite` (in memory), a major version, the URL of a server, or `server`: like the database that it resembles, as without a choice. */
  on: string | undefined;
  /** Undefined where any major version will do. */
  server: ResembledServer | undefined;
  /** It is one of SQLite, and nothing else about it can be chosen. */
  isSqlite?: boolean;
}

/**
 * What killed runs have left is cleared away first. An event says where a database is that is not in memory.
 * @throws KatError USAGE where there is no such place; CONFIG_INVALID where PGlite is not installed; ConnectionError; CANCELLED.
 */
export async function openThrowaway(
  place: ThrowawayPlace,
  { onEvent, ...options }: ThrowawayOptions & { onEvent: EventListener },
): Promise<Throwaway> {
  await sweepTemporaryFolders(stopLeftOverServer);
  const throwaway = await open(place, options);
  const { kind, version } = throwaway;
  if (kind !== 'embedded') onEvent({ type: 'throwaway-opened', place: throwaway.place, version });
  return throwaway;
}

async function open(
  { on = 'server', server, isSqlite }: ThrowawayPlace,
  options: ThrowawayOptions,
): Promise<Throwaway> {
  if (isSqlite) return (await import('./sqlite/sqlite-throwaway.js')).openSqliteThrowaway();
  if (on === 'pglite' || (on === 'server' && !server)) return openEmbeddedThrowaway(options.readSql);
  if (on === 'server' && server) return openLike(server, options);
  if (/^\d+$/.test(on)) return openOfMajor(Number(on), options);
  if (/^postgres(ql)?:\/\//.test(on))
    return openServerThrowaway({ driver: 'postgres', url: on }, options.signal);
  throw new KatError('USAGE', `${JSON.stringify(on)} names no place for a throwaway database`, {
    help: 'Use `pglite`, `server`, a major version such as `16`, or the URL of a PostgreSQL server: postgres://user@host/postgres.',
  });
}
