/** Finds the runner of a SQLite database: the process that holds the lock beside its file. */

import type { SqliteFacts } from '../../../connections/driver.js';
import { isFileLocked, readHolder } from '../../../connections/sqlite/runner-lock.js';
import type { RunningWork, ServerSession } from '../../events.js';
import { isRunningWork } from '../run-label.js';

/** What a runner writes beside its lock. */
export interface WrittenHolder {
  work: RunningWork;
  /** ISO 8601 in UTC: when the migration, or the run, began. */
  since: string;
}

/** At most one; its process id is 0 where the lock is held, and its holder could not be read. */
export async function findSqliteRunner({ file }: SqliteFacts): Promise<ServerSession[]> {
  if (file === undefined || !(await isFileLocked(file))) return [];
  const holder = readHolder(file);
  if (!isWritten(holder)) return [{ processId: 0 }];
  const { work, since } = holder;
  return [{ processId: work.clientPid, since, work }];
}

function isWritten(holder: unknown): holder is WrittenHolder {
  if (typeof holder !== 'object' || holder === null || !('work' in holder) || !('since' in holder))
    return false;
  const { work, since } = holder;
  return typeof since === 'string' && typeof work === 'object' && work !== null && isRunningWork(work);
}
