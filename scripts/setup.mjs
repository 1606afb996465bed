/** Installs the development dependencies where they are missing or out of date, so that one command is enough on a fresh clone. */

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

/** Says which lock file the installed packages belong to. */
const marker = 'node_modules/.installed-for';

const wanted = createHash('sha256').update(readFileSync('package-lock.json')).digest('hex');

function findInstalled() {
  try {
    return readFileSync(marker, 'utf8');
  } catch {
    return undefined;
  }
}

if (findInstalled() !== wanted) {
  const npm = process.env.npm_execpath;
  const [command, ...args] = npm ? [process.execPath, npm] : ['npm'];
  // Not `npm ci`: it insists on lock entries for the optional packages of every other platform.
  const options = ['install', '--no-save', '--no-audit', '--no-fund'];
  const { status } = spawnSync(command, [...args, ...options], { stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) process.exit(status ?? 1);
  writeFileSync(marker, wanted);
}
