/** Keeps two runs of Kat off one database folder: PGlite does not check, and a second program destroys the data. */

import { existsSync } from 'node:fs';
import { ConnectionError } from '../../errors.js';
import { findLocks, type LockFile, noteOpening, removeLock, writeLock } from './lock-file.js';
import { renewalMs, renewLock } from './lock-renewal.js';
import { lookAt, markThisProcess, nameProcess, type ProcessMark } from './process-mark.js';

export interface FolderLock {
  /** The locks of processes that are dead. */
  readonly abandoned: readonly LockFile[];
  /** Whether another process took this one for dead. */
  readonly isLost: boolean;
  /** Call it before the folder is opened. */
  noteOpening(): void;
  /** Removes the locks of dead processes: call it when the folder is open, and nothing that they left is in question. */
  settle(): void;
  /** Never throws. */
  release(): void;
}

/** How long a lock of a process that is out of sight counts after it was written last, in milliseconds. */
const expiryMs = 6 * renewalMs;

/**
 * Takes the lock of a folder, which must exist.
 *
 * Each process puts down a file of its own, and only then looks for others. Of two that come at once at least one sees
 * the other. Nobody ever removes a file that a living process may own: with one common file, taking over that of a dead
 * process can hit the one that a third process has just made.
 * @throws ConnectionError, transient, naming the process that holds it.
 */
export function takeFolderLock(folder: string): FolderLock {
  const own = writeLock(folder, markThisProcess());
  const others = findLocks(folder).filter(({ path }) => path !== own.path);
  const living = others.find((lock) => isHeld(lock, own.renewedMs));
  if (living) {
    removeLock(own);
    throw heldBy(living, folder, own.renewedMs);
  }
  const renewal = renewLock(own.path);
  return {
    abandoned: others,
    get isLost() {
      // A process that was suspended must not go on before its renewal has noticed the loss.
      return renewal.isLost || !existsSync(own.path);
    },
    noteOpening: () => noteOpening(own),
    settle: () => others.forEach(removeLock),
    release: () => {
      renewal.stop();
      removeLock(own);
    },
  };
}

/** Both times are those of the disk's own clock, so computers need not agree on the time. */
function isHeld({ owner, renewedMs }: LockFile, nowMs: number): boolean {
  const sighting = lookAt(owner);
  return sighting === 'running' || (sighting === 'out of sight' && nowMs - renewedMs < expiryMs);
}

function heldBy({ owner, renewedMs, path }: LockFile, folder: string, nowMs: number): ConnectionError {
  const isSeen = lookAt(owner) === 'running';
  return new ConnectionError(`the database in ${folder} is in use by ${nameOf(owner, isSeen)}`, {
    help: isSeen ? 'Wait until that process ends.' : waitFor(nowMs - renewedMs, path),
    isTransient: true,
  });
}

function nameOf({ host, pid }: ProcessMark, isSeen: boolean): string {
  return isSeen ? nameProcess(pid) : `process ${pid} on ${host}`;
}

function waitFor(ageMs: number, path: string): string {
  const seconds = Math.ceil((expiryMs - ageMs) / 1000);
  return `Wait until that process ends. If it was killed, its lock ${path} expires in ${seconds} seconds.`;
}
