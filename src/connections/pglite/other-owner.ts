/** Refuses a folder that another program has open, which leaves no lock of Kat's. */

import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ConnectionError } from '../../errors.js';
import type { LockFile } from './lock-file.js';
import { findHolder } from './open-files.js';
import { isRunning, nameProcess } from './process-mark.js';
import { mayBeShared } from './shared-disk.js';

/**
 * PGlite and PostgreSQL write `postmaster.pid` when they open a folder, and remove it when they close it. PGlite's file
 * names no process, so the system's list of open files says who it is.
 * @param abandoned locks of dead runs of Kat, which may have left the file.
 * @throws ConnectionError: transient where a process is seen; otherwise where none can be ruled out.
 */
export function refuseOtherOwner(folder: string, abandoned: readonly LockFile[]): void {
  const mark = readMark(folder);
  const holder = findHolder(folder, mark?.user ?? -1);
  if (typeof holder === 'object') throw heldBy(holder.pid, folder);
  if (!mark) return;
  if (mark.serverPid !== undefined && isRunning(mark.serverPid)) throw heldBy(mark.serverPid, folder);
  const isAbandoned = abandoned.some(
    ({ hasOpened, renewedMs }) => hasOpened && mark.writtenMs <= renewedMs + markToleranceMs,
  );
  const isRuledOut = holder === 'none' && !mayBeShared(folder);
  if (!isAbandoned && !isRuledOut) throw unclear(folder);
}

/** A run of Kat writes its lock, and then opens the folder within this time. */
const markToleranceMs = 10_000;

interface ServerMark {
  /** The system's id of the user who wrote it. */
  user: number;
  writtenMs: number;
  /** A PostgreSQL server's own process. PGlite writes its process id as a negative number that means nothing. */
  serverPid: number | undefined;
}

function readMark(folder: string): ServerMark | undefined {
  const path = join(folder, 'postmaster.pid');
  try {
    const { uid, mtimeMs } = statSync(path);
    const pid = Number.parseInt(readFileSync(path, 'utf8'), 10);
    return { user: uid, writtenMs: mtimeMs, serverPid: pid > 0 ? pid : undefined };
  } catch {
    return undefined;
  }
}

function heldBy(pid: number, folder: string): ConnectionError {
  const isOwn = pid === process.pid;
  return new ConnectionError(`the database in ${folder} is open in ${nameProcess(pid)}`, {
    help: isOwn
      ? 'Close it, or give its PGlite instance to createKat({ database }).'
      : 'Stop that process, or let it migrate: createKat({ database }) takes its PGlite instance.',
    isTransient: !isOwn,
  });
}

function unclear(folder: string): ConnectionError {
  return new ConnectionError(
    `the database in ${folder} was opened and not closed, and the program that opened it may still run`,
    {
      help:
        'Kat cannot see programs in other containers or on other computers. ' +
        `If no program uses the folder any more, delete ${join(folder, 'postmaster.pid')}.`,
      isTransient: false,
    },
  );
}
