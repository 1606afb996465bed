/** Drops a database with everything in it. */

import type { DatabaseSettings, Session } from '../../connections/driver.js';
import { KatError, SqlError } from '../../errors.js';
import { quoteIdentifier, quoteLiteral } from '../../quote.js';
import type { ServerSession } from '../events.js';
import { executeInCatalog } from '../ledger/catalog-path.js';
import { askToConfirm } from '../session/ask-to-confirm.js';
import type { ShortSessionOptions } from '../session/connect.js';
import { findSessions } from '../session/server-sessions.js';
import { formatSession } from '../session/session-text.js';
import { belongsToServer, onServer } from './maintenance.js';
import type { DatabasePlace } from './place.js';
import type { DropDatabaseOptions, DropDatabaseResult } from './result.js';

/**
 * @throws KatError USAGE for a database of the server itself, and while other sessions are connected; CANCELLED if `confirm` returns
 *   false; ConnectionError; SqlError.
 */
export async function dropWholeDatabase(
  place: DatabasePlace,
  dropOptions: DropDatabaseOptions,
  options: ShortSessionOptions,
): Promise<DropDatabaseResult> {
  const { driver, name, server } = place;
  if (server && belongsToServer(name)) throw serversOwn(name);
  options.onEvent({ type: 'connecting', database: driver.description });
  const sessions = server
    ? await dropOnServer({ ...place, server }, dropOptions, options)
    : await dropFiles(place, dropOptions, options);
  return { database: driver.description, isDropped: sessions !== undefined, sessions: sessions ?? [] };
}

/** @returns undefined where there is no such database. */
async function dropFiles(
  place: DatabasePlace,
  { confirm }: DropDatabaseOptions,
  { signal }: ShortSessionOptions,
): Promise<[] | undefined> {
  if (place.driver.isAbsent?.()) return undefined;
  await askFor(place, { confirm, signal }, []);
  await place.whole.files?.remove();
  return [];
}

/** @returns the sessions that were ended; undefined where there is no such database. */
function dropOnServer(
  place: DatabasePlace & { server: DatabaseSettings },
  dropOptions: DropDatabaseOptions,
  options: ShortSessionOptions,
): Promise<ServerSession[] | undefined> {
  const { name, server } = place;
  return onServer(server, options, async (session) => {
    if (!(await exists(session, name))) return undefined;
    const sessions = await findConnected(session, name);
    if (sessions.length > 0 && !dropOptions.force) throw inUse(place, sessions);
    await askFor(place, { ...dropOptions, signal: options.signal }, sessions);
    await drop(session, place, dropOptions);
    return sessions;
  });
}

async function exists(session: Session, name: string): Promise<boolean> {
  const [found] = await executeInCatalog(
    session,
    `SELECT FROM pg_catalog.pg_database WHERE datname = ${quoteLiteral(name)}`,
  );
  return found?.rows.length === 1;
}

/** Those of clients: the server's own workers end by themselves. */
function findConnected(session: Session, name: string): Promise<ServerSession[]> {
  return findSessions(
    session,
    `SELECT pid FROM pg_catalog.pg_stat_activity WHERE datname = ${quoteLiteral(name)} AND backend_type = 'client backend'`,
  );
}

async function askFor(
  { driver, name }: DatabasePlace,
  { confirm, signal }: DropDatabaseOptions & Pick<ShortSessionOptions, 'signal'>,
  sessions: readonly ServerSession[],
): Promise<void> {
  const asked = { database: driver.description, name, sessions };
  if (!confirm || (await askToConfirm(confirm, asked, signal))) return;
  throw new KatError('CANCELLED', `nothing was done: dropping ${driver.description} was not confirmed`);
}

/** IF EXISTS is left out: what somebody else has dropped meanwhile was not dropped here. */
async function drop(session: Session, place: DatabasePlace, { force }: DropDatabaseOptions): Promise<void> {
  try {
    await session.execute(`DROP DATABASE ${quoteIdentifier(place.name)}${force ? ' WITH (FORCE)' : ''}`);
  } catch (error) {
    const sessions = isInUse(error) ? await findConnected(session, place.name) : [];
    throw sessions.length > 0 ? inUse(place, sessions) : error;
  }
}

function isInUse(error: unknown): boolean {
  return error instanceof SqlError && error.report.sqlstate === '55006';
}

function inUse({ driver }: DatabasePlace, sessions: readonly ServerSession[]): KatError {
  const who = sessions.length === 1 ? 'another session is' : `${sessions.length} other sessions are`;
  return new KatError('USAGE', `${who} connected to ${driver.description}`, {
    problems: sessions.map((session) => ({ message: formatSession(session) })),
    help: 'Close them, or end them with --force.',
  });
}

function serversOwn(name: string): KatError {
  return new KatError('USAGE', `the database ${name} is part of the server, and Kat does not drop it`, {
    help: 'Correct the name of the database in the configuration.',
  });
}
