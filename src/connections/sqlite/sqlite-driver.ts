/** The driver for SQLite, in a file or in memory. */

import { existsSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { ConnectionError } from '../../errors.js';
import { resolveSqlitePath } from '../../sqlite-path.js';
import type { DatabaseFiles, DatabaseSettings, Driver, Session } from '../driver.js';
import { oneSessionAtATime } from '../one-session.js';
import { openConnection, type SqliteConnection, SqliteFailure } from './binding.js';
import { cleanConnection, type PragmaValues, readSettings } from './clean-connection.js';
import { isResultCode } from './result-codes.js';
import { SqliteSession } from './session.js';

/**
 * Nothing is opened yet. A database in memory lives from its first session until the driver is closed.
 * @throws KatError CONFIG_INVALID for a path that is a URL.
 */
export function createSqliteDriver({ path: written, connectTimeoutMs }: DatabaseSettings): Driver {
  const path = written === undefined ? undefined : resolveSqlitePath('', written);
  const memory = createMemory();
  if (path === undefined) {
    return {
      ...{ name: 'sqlite', description: 'sqlite (in memory)', hasManySessions: false },
      ...{ open: memory.open, isAbsent: () => true, close: memory.close },
      whole: { name: undefined, url: () => ':memory:' },
    };
  }
  const open = () => openFile(path, connectTimeoutMs);
  const isAbsent = () => !existsSync(path) || statSync(path).size === 0;
  return {
    // A second session could ask nothing about the first: SQLite keeps no list of sessions.
    ...{ name: 'sqlite', description: `sqlite ${path}`, hasManySessions: false },
    ...{ open, isAbsent, close: memory.close },
    openForReading: async () => {
      if (!existsSync(dirname(path)))
        throw cannotOpen(path, 'SQLITE_CANTOPEN', 'unable to open database file');
      return isAbsent() ? memory.open() : open();
    },
    whole: { name: basename(path), url: () => pathToFileURL(path).href, files: filesOf(path) },
  };
}

function filesOf(path: string): DatabaseFiles {
  return {
    create: async () => (await import('./whole-file.js')).createFile(path),
    remove: async () => (await import('./whole-file.js')).removeFile(path),
  };
}

interface Memory extends Opened {
  settings: PragmaValues;
}

async function openMemory(): Promise<Memory> {
  const connection = await openConnection(':memory:');
  const version = prepareConnection(connection);
  return { connection, version, settings: readSettings(connection) };
}

/** One database in memory for all sessions, which follow each other. */
function createMemory() {
  let kept: Memory | undefined;
  const cleaned = async (connection: SqliteConnection) => {
    if (kept) cleanConnection(connection, kept.settings);
    return connection;
  };
  const open = oneSessionAtATime({}, async (leave) => {
    if (kept) await cleaned(kept.connection);
    kept ??= await openMemory();
    const { connection, version } = kept;
    return new SqliteSession({ connection, version, file: undefined, renew: cleaned, leave });
  });
  const close = async () => {
    kept?.connection.close();
    kept = undefined;
  };
  return { open: () => open(), close };
}

const defaultConnectMs = 30_000;
const pollMs = 20;

/** @throws ConnectionError */
async function openFile(path: string, timeoutMs?: number): Promise<Session> {
  const open = () => openWaiting(path, timeoutMs);
  const { connection, version } = await open();
  const file = join(realpathSync(dirname(path)), basename(path));
  return new SqliteSession({
    ...{ connection, version, leave: (left) => left.close() },
    renew: async (left) => {
      left.close();
      return (await open()).connection;
    },
    file: existsSync(path) ? realpathSync(path) : file,
  });
}

interface Opened {
  connection: SqliteConnection;
  version: string;
}

/** Waits while another program keeps the file locked. @throws ConnectionError */
async function openWaiting(path: string, timeoutMs = defaultConnectMs): Promise<Opened> {
  const deadline = timeoutMs === 0 ? Infinity : performance.now() + timeoutMs;
  for (;;) {
    try {
      return await openOnce(path);
    } catch (error) {
      if (!(error instanceof SqliteFailure)) throw error;
      if (!isResultCode(error.code, 'BUSY') || performance.now() >= deadline)
        throw cannotOpen(path, error.code, error.message);
    }
    await sleep(pollMs);
  }
}

async function openOnce(path: string): Promise<Opened> {
  const connection = await openConnection(path);
  try {
    return { connection, version: prepareConnection(connection) };
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** SQLite itself has foreign keys off by default; both bindings switch them on. @returns the version of SQLite. */
function prepareConnection(connection: SqliteConnection): string {
  connection.run('PRAGMA foreign_keys = ON', 0);
  // Reads the head of the file: anything else than a database fails here.
  connection.run('PRAGMA schema_version', 1);
  return String(connection.run('SELECT sqlite_version() AS version', 1)[0]?.version);
}

function cannotOpen(path: string, code: string, message: string): ConnectionError {
  const isTransient = isResultCode(code, 'BUSY');
  return new ConnectionError(`${path} cannot be opened: ${message} (${code})`, {
    isTransient,
    sqlstate: code,
    help: helpFor(path, code),
  });
}

function helpFor(path: string, code: string): string {
  if (code === 'SQLITE_NOTADB') return 'The file is no SQLite database, or it is encrypted. Correct `path`.';
  if (isResultCode(code, 'BUSY'))
    return 'Another program keeps the database locked. Run the command again when it has finished.';
  const folder = dirname(path);
  return existsSync(folder)
    ? 'Check that this user may read and write the file and its folder.'
    : `The folder ${folder} does not exist. Create it, or correct \`path\`.`;
}
