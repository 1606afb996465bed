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

/** Runs npm, which shows what it does. @returns whether it succeeded. */
function npm(...options) {
  const program = process.env.npm_execpath;
  const [command, ...args] = program ? [process.execPath, program] : ['npm'];
  const all = [...args, ...options, '--no-audit', '--no-fund'];
  const isWindows = process.platform === 'win32';
  return (
    spawnSync(command, all, { stdio: ['ignore', 'inherit', 'inherit'], shell: isWindows && !program })
      .status === 0
  );
}

if (findInstalled() !== wanted) {
  // `npm ci` refuses a registry that lacks a package of the lock file, and packages of another version of npm's lock format.
  if (!npm('ci') && !npm('install', '--no-save')) process.exit(1);
  writeFileSync(marker, wanted);
}
