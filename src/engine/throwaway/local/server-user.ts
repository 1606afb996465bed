/** Chooses the user that a PostgreSQL server runs as: PostgreSQL refuses to run as root. */

import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { readOutput } from './server-programs.js';

/** Of the operating system. */
export interface ServerUser {
  uid: number;
  gid: number;
}

/** Has no rights, unlike `postgres`, which may own databases on this computer. */
const ordinaryUser = 'nobody';

/** @returns undefined for this process's own user; a text says why there is no user to run as. */
export async function findServerUser(programs: { folder: string }): Promise<ServerUser | string | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const [uid, gid] = [await readOutput('id', '-u', ordinaryUser), await readOutput('id', '-g', ordinaryUser)];
  if (!uid || !gid)
    return `PostgreSQL does not run as root, and there is no user \`${ordinaryUser}\` to run it as`;
  if (isReachableByOthers(programs.folder)) return { uid: Number(uid), gid: Number(gid) };
  return `PostgreSQL does not run as root, and the user \`${ordinaryUser}\` cannot read ${programs.folder}`;
}

function isReachableByOthers(folder: string): boolean {
  if ((statSync(folder).mode & 0o005) !== 0o005) return false;
  const parent = dirname(folder);
  return parent === folder || isReachableByOthers(parent);
}
