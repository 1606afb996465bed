/** Finds the file with the configuration of a project: kat.conf.yaml, kat.config.ts, or a package.json with the key `kat`. */

import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { KatError } from '../../errors.js';
import { readRegularFile } from '../../regular-file.js';
import { findRepositoryRoot } from '../folder/repository-root.js';
import type { Environment } from './config-names.js';

export interface ConfigPlace {
  /**
   * The config file, relative to `cwd`; default `KAT_CONFIG_FILE`, then `kat.conf.yaml` or `kat.config.ts` in `cwd` or above it. A
   * package.json is one if it has the key `kat`.
   */
  file?: string;
  cwd: string;
  env: Environment;
}

const configFileName = 'kat.conf.yaml';
const packageFileName = 'package.json';
/** One of them configures a folder; a second one is refused. */
const configFileNames = [configFileName, ...['ts', 'mts', 'js', 'mjs'].map((end) => `kat.config.${end}`)];

/** Whether the configuration is what this file exports. */
export function isModuleFile(file: string): boolean {
  return /\.[cm]?[jt]s$/.test(file);
}

/** Whether the configuration is the key `kat` of this file. */
export function isPackageFile(file: string): boolean {
  return basename(file) === packageFileName;
}

/**
 * Where the config file of a new project is: an absolute path.
 * @throws KatError CONFIG_INVALID when the variable that names it is empty: another file was meant.
 */
export function findConfigPath({ file, cwd, env }: ConfigPlace): string {
  return resolve(cwd, file ?? fileFrom(env) ?? configFileName);
}

/** Without a name it is the nearest one from `cwd` up to the top of the git repository. Outside of one, other users may own what is above. */
export function findExistingConfig(place: ConfigPlace): string {
  const path = findConfigPath(place);
  const isNamed = place.file !== undefined || place.env.KAT_CONFIG_FILE !== undefined;
  if (isNamed) return path;
  const bottom = resolve(place.cwd);
  return findAbove(bottom, findRepositoryRoot(bottom) ?? bottom) ?? path;
}

function findAbove(bottom: string, top: string): string | undefined {
  for (let folder = bottom; ; folder = dirname(folder)) {
    const found = findIn(folder);
    if (found) return found;
    if (folder === top) return undefined;
  }
}

/** Whether a configuration file of this name need not be named. */
export function isFoundByName(file: string): boolean {
  return configFileNames.includes(basename(file));
}

/** The configuration files of a folder that need not be named. */
export function listConfigFiles(folder: string): string[] {
  return configFileNames.map((name) => join(folder, name)).filter((path) => existsSync(path));
}

/** @throws KatError CONFIG_INVALID when there are two: only one of them can be meant. */
function findIn(folder: string): string | undefined {
  const [path, second] = listConfigFiles(folder);
  if (second !== undefined)
    throw new KatError('CONFIG_INVALID', `there are two configuration files: ${path} and ${second}`, {
      help: 'Delete one of them, or name the one that is meant: --config FILE.',
    });
  if (path !== undefined) return path;
  const packagePath = join(folder, packageFileName);
  return existsSync(packagePath) && hasKatKey(packagePath) ? packagePath : undefined;
}

/** A package.json that cannot be read configures nothing. One that is broken may, and whoever reads it says where it is broken. */
function hasKatKey(path: string): boolean {
  const text = textOf(path);
  if (!text.includes('"kat"')) return false;
  try {
    return JSON.parse(text)?.kat !== undefined;
  } catch {
    return true;
  }
}

function textOf(path: string): string {
  try {
    return readRegularFile(path).toString('utf8');
  } catch {
    return '';
  }
}

function fileFrom({ KAT_CONFIG_FILE: file }: Environment): string | undefined {
  if (file === undefined) return undefined;
  if (file.trim() !== '') return file.trim();
  throw new KatError('CONFIG_INVALID', 'KAT_CONFIG_FILE in the environment is empty', {
    help: 'Give it the path of the configuration file, or unset it to use kat.conf.yaml.',
  });
}
