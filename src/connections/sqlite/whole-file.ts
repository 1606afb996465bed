/** Creates a SQLite database, and deletes one with the files that SQLite and Kat keep beside it, and nothing else. */

import { closeSync, mkdirSync, openSync, readSync, realpathSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { ConnectionError } from '../../errors.js';
import { openConnection, type SqliteConnection, SqliteFailure } from './binding.js';
import { isResultCode } from './result-codes.js';
import { tryFileLock } from './runner-lock.js';

/** https://www.sqlite.org/fileformat2.html#magic_header_string */
const magic = 'SQLite format 3\0';

const companions = ['-journal', '-wal', '-shm', '-kat-lock', '-kat-runner'];

/**
 * Creates an empty database with the folders above it. SQLite itself would write the file at the first change.
 * @throws ConnectionError
 */
export async function createFile(path: string): Promise<void> {
  try {
    mkdirSync(dirname(path), { recursive: true });
    const connection = await openConnection(path);
    try {
      connection.run('VACUUM', 0);
    } finally {
      connection.close();
    }
  } catch (error) {
    if (error instanceof ConnectionError) throw error;
    throw failed(`${path} cannot be created: ${(error as Error).message}`, 'Correct `path`.');
  }
}

/**
 * A file that is a link is deleted where it leads to; the link stays.
 * @throws ConnectionError where it is no SQLite database, a run of Kat works on it, or a program has a transaction open.
 */
export async function removeFile(path: string): Promise<void> {
  const file = realpathSync(path);
  if (!isDatabase(file)) throw failed(`${path} is no SQLite database`, 'Correct `path`.');
  const lock = await tryFileLock(file);
  if (!lock) throw inUse(path);
  try {
    await refuseOthers(path);
    for (const suffix of ['', ...companions]) rmSync(file + suffix, { force: true });
  } finally {
    lock.release();
  }
}

function isDatabase(file: string): boolean {
  if (!statSync(file).isFile()) return false;
  const descriptor = openSync(file, 'r');
  try {
    const head = Buffer.alloc(magic.length);
    readSync(descriptor, head);
    return head.toString('latin1') === magic;
  } finally {
    closeSync(descriptor);
  }
}

/** SQLite keeps no list of sessions, but a transaction of another program holds a lock. */
async function refuseOthers(path: string): Promise<void> {
  let connection: SqliteConnection | undefined;
  try {
    connection = await openConnection(path);
    connection.run('BEGIN EXCLUSIVE', 0);
  } catch (error) {
    if (!(error instanceof SqliteFailure)) throw error;
    if (isResultCode(error.code, 'BUSY')) throw inUse(path);
    throw failed(`${path} cannot be opened: ${error.message} (${error.code})`, 'Correct `path`.');
  } finally {
    connection?.close();
  }
}

function inUse(path: string): ConnectionError {
  return failed(`${path} is in use by another program`, 'Stop that program, then run the command again.');
}

function failed(message: string, help: string): ConnectionError {
  return new ConnectionError(message, { help, isTransient: false });
}
