/** Moves a staged change into place, or back: each step may have been done already by a command that ended early. */

import { copyFileSync, existsSync, mkdirSync, renameSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ioErrorCode } from '../../io-problem.js';
import { removeQuietly } from '../disk-write.js';
import { type ChangePlan, changePaths } from './change-plan.js';

/** @throws an error of the system when the disk refuses. */
export function placeChange(root: string, { put, remove }: ChangePlan): void {
  const { added, former } = changePaths(root);
  const replaced = put.filter(({ kind }) => kind === 'folder').map(({ path }) => path);
  for (const path of [...remove, ...replaced]) moveOnce(join(root, path), join(former, path));
  for (const { path, kind } of put) {
    if (!existsSync(join(added, path))) continue;
    if (kind === 'file') keepCopy(join(root, path), join(former, path));
    // Linux renames onto an empty folder without a word.
    else if (existsSync(join(root, path))) throw Object.assign(new Error(), { code: 'EEXIST' });
    renameSync(join(added, path), join(root, path));
  }
}

/**
 * Undoes what `placeChange` has done so far.
 * @throws an error of the system when the disk refuses.
 */
export function takeBackChange(root: string, { put, remove }: ChangePlan): void {
  const { added, former } = changePaths(root);
  for (const { path, kind } of [...put].reverse()) {
    if (existsSync(join(added, path))) continue;
    if (kind === 'file') renameSync(join(former, path), join(root, path));
    else renameSync(join(root, path), join(added, path));
  }
  const replaced = put.filter(({ kind }) => kind === 'folder').map(({ path }) => path);
  for (const path of [...replaced, ...remove].reverse()) {
    if (existsSync(join(former, path))) renameSync(join(former, path), join(root, path));
  }
}

/**
 * Deletes the hidden folder. Its plan goes first: without it nothing would be moved any more.
 * Never throws.
 */
export function clearChange(root: string): void {
  const { folder, staged, committed } = changePaths(root);
  for (const plan of [staged, committed]) {
    try {
      unlinkSync(plan);
    } catch (error) {
      if (ioErrorCode(error) !== 'ENOENT') return;
    }
  }
  removeQuietly(folder);
}

function moveOnce(from: string, to: string): void {
  if (existsSync(to) || !existsSync(from)) return;
  mkdirSync(dirname(to), { recursive: true });
  renameSync(from, to);
}

function keepCopy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
}
