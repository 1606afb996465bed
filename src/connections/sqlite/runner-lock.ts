/**
 * The runner's lock of a SQLite database: a file beside it that SQLite itself locks, so the lock ends with the process whatever
 * ends it. Who holds it is written into a second file, because reading the locked one would drop the lock
 * (POSIX locks: https://www.sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_).
 */

import { accessSync, constants, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { openConnection, type SqliteConnection, SqliteFailure } from './binding.js';
import { isResultCode } from './result-codes.js';

export interface FileLock {
  /** Writes down who holds the lock, and for what. */
  describe(holder: object): void;
  /** Never throws. */
  release(): void;
}

const lockFileOf = (file: string) => `${file}-kat-lock`;
const holderFileOf = (file: string) => `${file}-kat-runner`;

/**
 * @param file of the database.
 * @returns undefined while another process holds the lock.
 * @throws SqliteFailure when the file of the lock cannot be written.
 */
export async function tryFileLock(file: string): Promise<FileLock | undefined> {
  const connection = await openConnection(lockFileOf(file));
  // SQLite begins no writing transaction, and takes no lock, in a file that it may only read.
  if (!isWritable(lockFileOf(file))) {
    connection.close();
    throw new SqliteFailure('SQLITE_READONLY', 'the file may not be written');
  }
  if (!begins(connection)) return undefined;
  return {
    describe: (holder) => writeFileSync(holderFileOf(file), JSON.stringify(holder)),
    release: () => {
      rmSync(holderFileOf(file), { force: true });
      connection.close();
    },
  };
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Closes the connection where it cannot. */
function begins(connection: SqliteConnection): boolean {
  try {
    // Nothing is ever written into this file, so it needs no journal beside it.
    connection.run('PRAGMA journal_mode = MEMORY', 0);
    connection.run('BEGIN IMMEDIATE', 0);
    return true;
  } catch (error) {
    connection.close();
    if (error instanceof SqliteFailure && isResultCode(error.code, 'BUSY')) return false;
    throw error;
  }
}

/** Longer than another process takes that only looks, as this one does. */
const secondLookMs = 20;

/** Whether a process holds the lock at this moment; what cannot be found out counts as free. */
export async function isFileLocked(file: string): Promise<boolean> {
  if (!existsSync(lockFileOf(file)) || (await isFree(file))) return false;
  await sleep(secondLookMs);
  return !(await isFree(file));
}

async function isFree(file: string): Promise<boolean> {
  try {
    const connection = await openConnection(lockFileOf(file));
    // Nothing may come in between, or two looks of one process would find each other.
    const isBegun = begins(connection);
    if (isBegun) connection.close();
    return isBegun;
  } catch (error) {
    if (error instanceof SqliteFailure) return true;
    throw error;
  }
}

/** What the holder has written; undefined while it is not written, or cannot be read. */
export function readHolder(file: string): unknown {
  try {
    return JSON.parse(readFileSync(holderFileOf(file), 'utf8'));
  } catch {
    return undefined;
  }
}
