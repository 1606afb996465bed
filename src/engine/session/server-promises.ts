/** Whether a server is PostgreSQL itself, whose promises need no trial, and what others keep of them. */

import type { Capabilities, Session } from '../../connections/driver.js';
import type { TriedServer } from './other-server/tried-server.js';

/** As PostgreSQL itself and its packages are built; a fork or a service adds words of its own. */
const plainVersion =
  /^PostgreSQL \d+(?:\.\d+|(?:alpha|beta|rc)\d+|devel)(?: \((?:Debian|Ubuntu|Homebrew|Postgres\.app)[^)]*\))?(?: on [^,]+)?, compiled by [^,]+, (?:32|64)-bit$/;

/** Whether `version()` is that of PostgreSQL itself. */
export function isPlainPostgres(version: string): boolean {
  return plainVersion.test(version);
}

/** Whether migrations run statement by statement there: a transaction does not hold together what they do. */
export function runsByStatement({ capabilities }: Pick<Session, 'capabilities'>): boolean {
  if (!capabilities) return false;
  const { ddl, ddlPerTransaction, mixesDdlAndDml } = capabilities;
  return ddl === 'statement' || ddlPerTransaction === 'one' || !mixesDdlAndDml;
}

/**
 * @returns undefined for PostgreSQL itself, which is not tried, and for a server that keeps all of its promises.
 * @throws KatError CONNECTION_FAILED for a server that Kat cannot work with.
 */
export async function findCapabilities(server: TriedServer): Promise<Capabilities | undefined> {
  if (server.driver.name === 'pglite' || isPlainPostgres(server.version)) return undefined;
  return (await import('./other-server/try-capabilities.js')).tryCapabilities(server);
}
