/** Finds the process that has files of a folder open, where the system tells. */

import { execFileSync } from 'node:child_process';
import { lstatSync, readdirSync, readlinkSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { hasEnded } from './process-mark.js';

/** `unknown`: this process may not see the other program. */
export type Holder = { pid: number } | 'none' | 'unknown';

/**
 * Looks at the open files of the processes of this computer or container.
 * @param folder absolute, without symlinks.
 * @param user the system's id of the user whose processes matter; those of others may be hidden from this one.
 */
export function findHolder(folder: string, user: number): Holder {
  if (process.platform === 'linux') return findInProc(folder, user);
  return process.platform === 'win32' ? 'unknown' : askLsof(folder);
}

function findInProc(folder: string, user: number): Holder {
  let isComplete = true;
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const files = listOpenFiles(name) ?? (belongsTo(name, user) ? listUnlessEnding(name) : []);
    if (files?.some((file) => isInside(folder, file))) return { pid: Number(name) };
    if (!files) isComplete = false;
  }
  return isComplete ? 'none' : 'unknown';
}

interface OpenFile {
  /** Its entry in /proc, which leads to the file itself, also from another mount namespace. */
  entry: string;
  /** Where its process sees it. */
  path: string;
}

/** @returns undefined where this user may not look. */
function listOpenFiles(process: string): OpenFile[] | undefined {
  const folder = `/proc/${process}/fd`;
  try {
    return readdirSync(folder).map((name) => {
      const entry = `${folder}/${name}`;
      return { entry, path: readLink(entry) };
    });
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES' ? undefined : [];
  }
}

const [pollMs, endingMs] = [10, 500];

/**
 * The files of a process that ends belong to root, and once it is a zombie it has none (Linux, fs/proc/base.c,
 * `task_dump_owner`). One that ends becomes a zombie, or is gone, in a moment.
 * @returns undefined for one that lives, and hides its files.
 */
function listUnlessEnding(process: string): OpenFile[] | undefined {
  for (let waitedMs = 0; waitedMs < endingMs; waitedMs += pollMs) {
    if (hasEnded(Number(process))) return [];
    const files = listOpenFiles(process);
    if (files) return files;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pollMs);
  }
  return undefined;
}

function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

/** A container or a bind mount shows the folder under another path; the files are the same. */
function isInside(folder: string, { entry, path }: OpenFile): boolean {
  if (path.startsWith(`${folder}/`)) return true;
  const [inDatabase] = databaseFile.exec(path) ?? [];
  return inDatabase !== undefined && isSameFile(entry, join(folder, inDatabase));
}

/** As PostgreSQL lays out its data directory. */
const databaseFile = /\/(?:base\/\d+|global|pg_[a-z]+)\/\w+$/;

function isSameFile(one: string, other: string): boolean {
  const [mine, theirs] = [one, other].map(statOf);
  return mine !== undefined && mine.ino === theirs?.ino && mine.dev === theirs.dev;
}

/** @returns undefined where it is gone, or its process ends. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

function belongsTo(process: string, user: number): boolean {
  try {
    return lstatSync(`/proc/${process}`).uid === user;
  } catch {
    return false;
  }
}

/** Each line of `-F p` is a `p` and a process id. With nothing found, lsof prints nothing and fails. */
function askLsof(folder: string): Holder {
  try {
    const text = execFileSync('lsof', ['-w', '-n', '-P', '-F', 'p', '+D', folder], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [, pid] = /^p(\d+)$/m.exec(text) ?? [];
    return pid === undefined ? 'none' : { pid: Number(pid) };
  } catch (error) {
    return (error as { status?: unknown }).status === 1 ? 'none' : 'unknown';
  }
}
