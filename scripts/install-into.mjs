/** Installs packages into a folder of their own, so that the lock file of the project stays as it is. */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Installs what is missing there, or there in another version.
 * @param {string} folder it is made
 * @param {Record<string, {name?: string, version: string}>} packages by their folder in node_modules; `name` where that is another one
 */
export function installInto(folder, packages) {
  const missing = Object.entries(packages).filter(
    ([alias, { version }]) => !isInstalled(folder, alias, version),
  );
  if (missing.length === 0) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  // All of them: npm removes what it is not told.
  const wanted = Object.entries(packages).map(([alias, { name, version }]) =>
    name ? `${alias}@npm:${name}@${version}` : `${alias}@${version}`,
  );
  const npm = process.env.npm_execpath;
  const [command, ...args] = npm ? [process.execPath, npm] : ['npm'];
  const options = ['install', '--no-save', '--no-package-lock', '--no-audit', '--no-fund'];
  const { status } = spawnSync(command, [...args, ...options, ...wanted], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) process.exit(status ?? 1);
}

function isInstalled(folder, alias, version) {
  const manifest = join(folder, 'node_modules', alias, 'package.json');
  return existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version === version;
}
