/** Detects folders that processes in other containers or on other computers can access. */

import { readFileSync } from 'node:fs';
import { findPidNamespace } from './process-mark.js';

/** The namespace that a Linux computer starts with, from which all processes can be seen (PROC_PID_INIT_INO). */
const firstNamespace = 'pid:[4026531836]';

/** Disks of container runtimes that belong to one container alone. */
const privateDisks = new Set(['overlay', 'aufs']);

const networkDisks =
  /^(nfs\d?|cifs|smb\d?|smbfs|9p|virtiofs|ceph|lustre|glusterfs|gfs2?|ocfs2|afs|beegfs|fuse(\..+)?)$/;

/** @param folder absolute, without symlinks. */
export function mayBeShared(folder: string): boolean {
  const mount = findMount(folder);
  if (!mount) return false;
  if (networkDisks.test(mount.type)) return true;
  return findPidNamespace() !== firstNamespace && !(mount.at === '/' && privateDisks.has(mount.type));
}

interface Mount {
  at: string;
  type: string;
}

/** @returns the mount that a folder is on (proc_pid_mountinfo(5)); undefined where the system does not tell. */
function findMount(folder: string): Mount | undefined {
  const mounts = readMounts().filter(({ at }) => `${folder}/`.startsWith(at === '/' ? '/' : `${at}/`));
  // Of several on the same place the last one covers the others.
  return mounts.reduce<Mount | undefined>(
    (found, mount) => (found && found.at.length > mount.at.length ? found : mount),
    undefined,
  );
}

function readMounts(): Mount[] {
  try {
    return readFileSync('/proc/self/mountinfo', 'utf8').trim().split('\n').map(toMount);
  } catch {
    return [];
  }
}

function toMount(line: string): Mount {
  const [place = '', disk = ''] = line.split(' - ');
  return { at: decodeOctal(place.split(' ')[4] ?? ''), type: disk.split(' ')[0] ?? '' };
}

/** Blanks, tabs, line breaks and backslashes are written in octal. */
function decodeOctal(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
