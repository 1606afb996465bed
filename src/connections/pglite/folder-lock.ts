/** Keeps two processes off one database folder: PGlite does not look, and the second one destroys the data. */

import { randomBytes } from 'node:crypto';
import { readdirSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ConnectionError } from '../../errors.js';

/**
 * Takes the lock of `folder`, which must exist and be free of symlinks in its path.
 *
 * Each process puts down a file of its own beside the folder, named after its pid, and only then looks for others. Of
 * two that come at once at least one sees the other. Nobody ever removes a file that a living process may own: with
 * one common file, taking over that of a dead process can hit the one that a third process has just made.
 * @returns a function that gives the lock back and never throws.
 * @throws ConnectionError, transient, naming the process that holds it.
 */
export function takeFolderLock(folder: string): () => void {
  const own = `${folder}.${process.pid}-${randomBytes(4).toString('hex')}.lock`;
  writeFileSync(own, '', { flag: 'wx' });
  const release = () => removeFile(own);
  for (const { path, pid } of findLocks(folder)) {
    if (path === own) continue;
    if (isAlive(pid, path)) {
      release();
      throw heldBy(pid, folder, path);
    }
    removeFile(path);
  }
  return release;
}

function findLocks(folder: string): { path: string; pid: number }[] {
  const parent = dirname(folder);
  const prefix = `${basename(folder)}.`;
  return readdirSync(parent).flatMap((name) => {
    const match = name.startsWith(prefix)
      ? /^(\d+)-[0-9a-f]{8}\.lock$/.exec(name.slice(prefix.length))
      : null;
    return match ? [{ path: join(parent, name), pid: Number(match[1]) }] : [];
  });
}

function isAlive(pid: number, path: string): boolean {
  if (pid === process.pid) return isFromThisProcess(path);
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** A container's processes get the same few pids at every start: a file older than this process is not its own. */
function isFromThisProcess(path: string): boolean {
  try {
    return statSync(path).mtimeMs >= Date.now() - process.uptime() * 1000 - 1000;
  } catch {
    return false;
  }
}

function heldBy(pid: number, folder: string, path: string): ConnectionError {
  const who = pid === process.pid ? 'this very process' : `process ${pid}`;
  return new ConnectionError(`the database in ${folder} is in use by ${who}`, {
    help: `Wait until it ends; if no Kat runs as process ${pid}, remove ${path}.`,
    isTransient: true,
  });
}

function removeFile(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Gone already, which is what was wanted.
  }
}
