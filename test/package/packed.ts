/** Packs this project as npm would publish it, and installs the tarball into empty projects. */

import { execFile } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { katCommand } from '../support/kat-command.js';

/** A tarball of this project. */
export interface Packed {
  /** The paths in it, relative to the package. */
  paths: readonly string[];
  /** Of the tarball, in bytes. */
  size: number;
  /**
   * Installs it into a new, empty project.
   * @param files further files of the project, by path.
   * @returns the project's folder, absolute.
   */
  install(files: Readonly<Record<string, string>>): Promise<string>;
  /** Removes it and every project. */
  remove(): void;
}

export const root = resolve(import.meta.dirname, '../..');

/** What runs took and said; it rejects when the program fails, with both of its outputs. */
export const run = promisify(execFile);

export async function packProject(): Promise<Packed> {
  await katCommand();
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'kat-packed-')));
  // Without scripts: the one that builds would take `dist` away from the tests that run at the same time.
  const { stdout } = await npm(root, ['pack', '--ignore-scripts', '--json', '--pack-destination', folder]);
  const tarball = join(folder, readdirSync(folder)[0] as string);
  return {
    paths: readPaths(stdout),
    size: statSync(tarball).size,
    install: async (files) => {
      const project = mkdtempSync(join(folder, 'project-'));
      writeFileSync(join(project, 'package.json'), JSON.stringify(emptyProject()));
      await npm(project, ['install', '--offline', '--no-audit', '--no-fund', tarball]);
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(join(project, path, '..'), { recursive: true });
        writeFileSync(join(project, path), text);
      }
      return project;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** npm says it as a list of packages, and from its version 12 on by name. */
function readPaths(json: string): string[] {
  const [packed] = Object.values(JSON.parse(json)) as { files: { path: string }[] }[];
  return (packed?.files ?? []).map(({ path }) => path).sort();
}

/** Its dependencies come from the folder where this project has them, so that no network is needed. */
function emptyProject(): object {
  const { dependencies, optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const names = Object.keys({ ...dependencies, ...optionalDependencies });
  return {
    private: true,
    type: 'module',
    overrides: Object.fromEntries(names.map((name) => [name, `file:${join(root, 'node_modules', name)}`])),
  };
}

function npm(cwd: string, args: readonly string[]) {
  return run('npm', args, { cwd, shell: process.platform === 'win32' });
}
