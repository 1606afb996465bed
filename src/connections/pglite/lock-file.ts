/** The files by which processes say that they use a database folder. They are in the folder, so all who can use it see them. */

import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessMark } from './process-mark.js';

/** A lock of some process. */
export interface LockFile {
  path: string;
  owner: ProcessMark;
  /** When the disk says that the file was written last, in milliseconds. */
  renewedMs: number;
  /** Whether its owner found the folder free, and went on to open it. */
  hasOpened: boolean;
}

const pattern = /^kat-\d+-[0-9a-f]{8}\.lock$/;

/** Whether a file of this name in a database folder is a lock of Kat's. */
export function isLockName(name: string): boolean {
  return pattern.test(name);
}

/** Writes a lock. Whoever reads half of it takes it for one of a process out of sight. */
export function writeLock(folder: string, owner: ProcessMark): LockFile {
  const path = join(folder, `kat-${owner.pid}-${randomBytes(4).toString('hex')}.lock`);
  try {
    writeFileSync(path, JSON.stringify(owner), { flag: 'wx' });
  } catch (error) {
    removeLock({ path });
    throw error;
  }
  return { path, owner, renewedMs: statSync(path).mtimeMs, hasOpened: false };
}

/** Writes down that the lock's owner opens the folder now. */
export function noteOpening({ path, owner }: LockFile): void {
  writeFileSync(path, JSON.stringify({ ...owner, hasOpened: true }), { flag: 'r+' });
}

/** @returns all locks in a folder, except locks that are removed meanwhile. */
export function findLocks(folder: string): LockFile[] {
  return readdirSync(folder)
    .filter(isLockName)
    .flatMap((name) => readLock(join(folder, name)) ?? []);
}

/** Never throws: a lock that is already removed needs no removal. */
export function removeLock({ path }: Pick<LockFile, 'path'>): void {
  try {
    unlinkSync(path);
  } catch {
    // See above.
  }
}

function readLock(path: string): LockFile | undefined {
  try {
    const content = parseContent(readFileSync(path, 'utf8'));
    return { path, ...content, renewedMs: statSync(path).mtimeMs };
  } catch {
    return undefined;
  }
}

function parseContent(text: string): Pick<LockFile, 'owner' | 'hasOpened'> {
  try {
    const { host, space, pid, started, hasOpened } = JSON.parse(text) as Record<string, unknown>;
    const owner = { host: String(host), space: String(space), pid: Number(pid), started: String(started) };
    return { owner, hasOpened: hasOpened === true };
  } catch {
    return { owner: { host: 'another computer', space: '', pid: 0, started: '' }, hasOpened: false };
  }
}
