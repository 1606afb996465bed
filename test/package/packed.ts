/** Packs this project as npm would publish it, and installs the tarball into empty projects. */

import { execFile } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { katCommand } from '../support/kat-command.js';

/** A tarball of this project. */
export interface Packed {
  /** The paths in it, relative to the package. */
  paths: readonly string[];
  /**
   * Installs it into a new, empty project.
   * @param files further files of the project, by path.
   * @returns the project's folder, absolute.
   */
  install(files: Readonly<Record<string, string>>): Promise<string>;
  /**
   * Unpacks it into a new project, in a fraction of the time of an installation.
   * @param linked packages that the project shares with this one.
   * @returns the project's folder, absolute.
   */
  unpack(linked: readonly string[]): Promise<string>;
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
    unpack: async (linked) => {
      const project = mkdtempSync(join(folder, 'project-'));
      writeFileSync(join(project, 'package.json'), '{ "type": "module" }');
      const modules = join(project, 'node_modules');
      mkdirSync(join(modules, 'kat-migrate'), { recursive: true });
      await run('tar', ['-xzf', tarball, '--strip-components=1', '-C', join(modules, 'kat-migrate')]);
      for (const name of [...packageDependencies(), ...linked]) linkPackage(modules, name);
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
  return {
    private: true,
    type: 'module',
    overrides: Object.fromEntries(
      packageDependencies().map((name) => [name, `file:${join(root, 'node_modules', name)}`]),
    ),
  };
}

function packageDependencies(): string[] {
  const { dependencies, optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return Object.keys({ ...dependencies, ...optionalDependencies });
}

function linkPackage(modules: string, name: string): void {
  mkdirSync(dirname(join(modules, name)), { recursive: true });
  symlinkSync(join(root, 'node_modules', name), join(modules, name), 'junction');
}

function npm(cwd: string, args: readonly string[]) {
  return run('npm', args, { cwd, shell: process.platform === 'win32' });
}
