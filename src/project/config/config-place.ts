/** Finds the file kat.conf.yaml of a project. */

import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { KatError } from '../../errors.js';
import { findRepositoryRoot } from '../folder/repository-root.js';
import type { Environment } from './config-names.js';

export interface ConfigPlace {
  /** The config file, relative to `cwd`; default `KAT_CONFIG_FILE`, then `kat.conf.yaml` in `cwd` or above it. */
  file?: string;
  cwd: string;
  env: Environment;
}

const configFileName = 'kat.conf.yaml';

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
  const top = isNamed ? undefined : findRepositoryRoot(resolve(place.cwd));
  if (top === undefined) return path;
  return findAbove(resolve(place.cwd), top) ?? path;
}

function findAbove(bottom: string, top: string): string | undefined {
  for (let folder = bottom; ; folder = dirname(folder)) {
    const path = join(folder, configFileName);
    if (existsSync(path)) return path;
    if (folder === top) return undefined;
  }
}

function fileFrom({ KAT_CONFIG_FILE: file }: Environment): string | undefined {
  if (file === undefined) return undefined;
  if (file.trim() !== '') return file.trim();
  throw new KatError('CONFIG_INVALID', 'KAT_CONFIG_FILE in the environment is empty', {
    help: 'Give it the path of the config file, or unset it to use kat.conf.yaml.',
  });
}
