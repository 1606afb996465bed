/** Writes the address of a server as a URL. */

import type { BorrowedConnection } from '../../connections/open-connection.js';
import type { DatabaseConfig } from '../../project/config/config.js';

/** @returns undefined for an embedded database, and for a connection of the caller's. */
export function serverUrlOf(database: string | DatabaseConfig | BorrowedConnection): string | undefined {
  if (typeof database === 'string') return database;
  if (!('driver' in database) || database.driver !== 'postgres') return undefined;
  const { url, user, password, host, port, name, sslmode } = database;
  const address = new URL(url ?? 'postgres://localhost');
  if (host !== undefined) address.hostname = host;
  if (port !== undefined) address.port = String(port);
  if (user !== undefined) address.username = encodeURIComponent(user);
  if (password !== undefined) address.password = encodeURIComponent(password);
  if (name !== undefined) address.pathname = `/${encodeURIComponent(name)}`;
  if (sslmode !== undefined) address.searchParams.set('sslmode', sslmode);
  return address.href;
}
