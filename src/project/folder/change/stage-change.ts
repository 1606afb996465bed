/** Changes the migrations folder as a whole: staged in a hidden folder, then moved into place by renames that can be resumed. */

import { existsSync, mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { KatError } from '../../../errors.js';
import { ioErrorCode } from '../../io-problem.js';
import { diskError, makeFolders } from '../disk-write.js';
import { type ChangePlan, changePaths } from './change-plan.js';
import { clearChange, placeChange, takeBackChange } from './place-change.js';
import { unfinishedError } from './unfinished-change.js';

export interface FolderChange {
  /** The command that makes it, such as `squash`. */
  command: string;
  /** Folders or files that come into place, by their paths from the migrations folder. */
  put: readonly StagedEntry[];
  /** Folders that go. */
  remove?: readonly string[];
  /**
   * Ids that the tracking table has once the change is recorded, where that happens before it is applied. A later
   * command that finds the change unfinished reads from them whether to complete it.
   */
  recorded?: readonly string[];
}

export interface StagedEntry {
  path: string;
  /** `new`: nothing may be there yet. `replacement`: something is. */
  kind: 'new' | 'replacement';
  /** Writes it to `target`, whose parent folder exists. */
  write(target: string): void;
}

/** A change of which nothing is in place yet; every command refuses the folder until one of these has ended. */
export interface StagedChange {
  /** From here on, a command that finds the change unfinished completes it. */
  commit(): void;
  /**
   * Commits it, and moves it into place.
   * @throws KatError FILES_INVALID when the disk refuses. Then the folder is as it was, but for what was recorded: that
   *   stays unfinished.
   */
  apply(): void;
  /** Deletes what was staged, as far as the disk allows it. */
  discard(): void;
}

/**
 * @param directory the migrations folder, which is created when it is missing.
 * @throws KatError FILES_INVALID when the disk refuses, an unfinished change is there, or a new folder exists already; nothing
 *   is left behind.
 */
export function stageChange(directory: string, change: FolderChange): StagedChange {
  const root = resolve(directory);
  const folders = makeFolders(root);
  const paths = changePaths(root);
  openStaging(root);
  const discard = () => {
    clearChange(root);
    folders.undo();
  };
  let current = paths.folder;
  try {
    const plan = describe(root, change);
    writeFileSync(paths.staged, `${JSON.stringify(plan, null, 2)}\n`);
    for (const { path, kind, write } of change.put) {
      current = join(root, path);
      if (kind === 'new' && existsSync(current)) throw Object.assign(new Error(), { code: 'EEXIST' });
      current = join(paths.added, path);
      mkdirSync(dirname(current), { recursive: true });
      write(current);
    }
    return { ...handle(root, plan), discard };
  } catch (error) {
    discard();
    throw error instanceof KatError ? error : diskError('write', current, error);
  }
}

function handle(root: string, plan: ChangePlan): Pick<StagedChange, 'commit' | 'apply'> {
  const { staged, committed } = changePaths(root);
  const commit = () => {
    if (existsSync(staged)) renameSync(staged, committed);
  };
  return { commit, apply: () => applyChange(root, plan, commit) };
}

function applyChange(root: string, plan: ChangePlan, commit: () => void): void {
  try {
    commit();
    placeChange(root, plan);
  } catch (error) {
    if (plan.recorded.length > 0) throw recordedOnly(root, plan, error);
    takeBackChange(root, plan);
    clearChange(root);
    throw diskError('change the folders in', root, error);
  }
  clearChange(root);
}

function openStaging(root: string): void {
  const { folder } = changePaths(root);
  try {
    mkdirSync(folder);
  } catch (error) {
    throw ioErrorCode(error) === 'EEXIST' ? unfinishedError(root) : diskError('write', folder, error);
  }
}

function describe(root: string, { command, put, remove = [], recorded = [] }: FolderChange): ChangePlan {
  return {
    command,
    host: hostname(),
    process: process.pid,
    since: new Date().toISOString(),
    put: put.map(({ path, kind }) => ({ path, kind: kind === 'new' ? kind : kindOf(join(root, path)) })),
    remove: [...remove],
    recorded: [...recorded],
  };
}

function kindOf(path: string): 'file' | 'folder' {
  return statSync(path).isFile() ? 'file' : 'folder';
}

function recordedOnly(root: string, { command }: ChangePlan, error: unknown): KatError {
  const { message, problems } = diskError('change the folders in', root, error);
  return new KatError('FILES_INVALID', message, {
    problems,
    help: `The database has the change of \`kat ${command}\` recorded. Correct the cause, and run \`kat repair\` to finish it.`,
  });
}
