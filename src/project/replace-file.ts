/** Replaces a file that people write by hand: it has the former text or the new one, also where the disk is full. */

import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';

/**
 * @param file absolute. A symbolic link stays one.
 * @throws Error with the code of the system.
 */
export function replaceFile(file: string, content: Uint8Array): void {
  const target = realpathSync(file);
  // A new name would replace a file that is read-only as well.
  accessSync(target, constants.W_OK);
  const unfinished = `${target}.${process.pid}`;
  // Nobody else's file is written to, nor deleted below.
  writeFileSync(unfinished, '', { flag: 'wx' });
  try {
    writeFileSync(unfinished, content, { flush: true });
    copyRights(target, unfinished);
    renameSync(unfinished, target);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
}

function copyRights(from: string, to: string): void {
  const { mode, uid, gid } = statSync(from);
  try {
    chownSync(to, uid, gid);
  } catch {
    // Only the superuser can give a file away.
  }
  chmodSync(to, mode);
}
