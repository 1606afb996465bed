/** Builds the command once per test run where it is missing or older than its sources; `npm test` has built it already. */
import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const command = join(root, 'dist', 'kat.cjs');
/** What decides how it is built. */
const recipe = [
  'package.json',
  ...['build', 'bundle-command', 'page-assets'].map((name) => join('scripts', `${name}.mjs`)),
];

/** @returns the absolute path of the built command, up to date. */
export function buildCommand(): string {
  if (isOutOfDate()) {
    execFileSync(process.execPath, [join('scripts', 'build.mjs')], { cwd: root, stdio: 'pipe' });
  }
  return command;
}

function isOutOfDate(): boolean {
  const built = statSync(command, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' });
  return [...sources.map((name) => join('src', name)), ...recipe].some(
    (path) => statSync(join(root, path)).mtimeMs > built,
  );
}
