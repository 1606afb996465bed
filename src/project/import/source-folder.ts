/** Opens the folder of another tool, and lists its files. */

import { type Dirent, existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { KatError, type Problem } from '../../errors.js';
import { ioProblem } from '../io-problem.js';
import { readText, wholeFile } from '../source-text.js';
import type { SourceFolder, SourceReading } from './source.js';

/**
 * @param found what was collected so far.
 * @throws KatError FILES_INVALID when `directory` is not a folder that can be read.
 */
export function openSource(
  directory: string,
  { problems, warnings }: Pick<SourceReading, 'problems' | 'warnings'> = { problems: [], warnings: [] },
): SourceFolder {
  const root = resolve(directory);
  const entries = listEntries(root);
  const namesOf = (kind: 'isFile' | 'isDirectory') =>
    entries.filter((entry) => leadsTo(root, entry, kind)).map(({ name }) => name);
  return {
    root,
    files: namesOf('isFile'),
    folders: namesOf('isDirectory'),
    problems,
    warnings,
    read(path) {
      const file = join(root, path);
      const text = leadsOutside(root, file) ? outsideProblem(root, path) : readText(file);
      if (typeof text === 'string') return { file, line: 1, text };
      problems.push(text);
      return undefined;
    },
  };
}

/**
 * A folder in the one that was given; what is found there counts as found in both.
 * @throws KatError FILES_INVALID when it cannot be read, or a symbolic link leads out.
 */
export function openBelow(folder: SourceFolder, name: string): SourceFolder {
  const path = join(folder.root, name);
  if (!leadsOutside(folder.root, path)) return openSource(path, folder);
  const problem = outsideProblem(folder.root, name);
  throw new KatError('FILES_INVALID', problem.message, { problems: [problem] });
}

/** By its name, or by symbolic links in its path. */
function leadsOutside(root: string, file: string): boolean {
  const isOutside = (from: string, to: string) => {
    const way = relative(from, to);
    return way.split(sep)[0] === '..' || isAbsolute(way);
  };
  return isOutside(root, file) || (existsSync(file) && isOutside(realpathSync(root), realpathSync(file)));
}

function outsideProblem(root: string, path: string): Problem {
  return {
    message: `${path} leads out of ${root}`,
    location: wholeFile(join(root, path)),
    help: 'In a copy of the folder, replace the link with its target: Kat reads no files outside the folder.',
  };
}

function listEntries(root: string): Dirent[] {
  try {
    const entries = readdirSync(root, { withFileTypes: true });
    return entries.filter(({ name }) => !name.startsWith('.')).sort(byName);
  } catch (error) {
    const problem = ioProblem('read', root, error);
    throw new KatError('FILES_INVALID', problem.message, {
      problems: [problem],
      help: "Give the folder of the other tool's migrations.",
    });
  }
}

/**
 * The files in `root` and in the folders below it, by their paths from there; hidden ones are left out.
 * @throws KatError FILES_INVALID
 */
export function listFilesBelow(root: string, below = ''): string[] {
  const folder = join(root, below);
  return listEntries(folder).flatMap((entry) => {
    const path = join(below, entry.name);
    if (entry.isDirectory()) return listFilesBelow(root, path);
    return leadsTo(folder, entry, 'isFile') ? [path] : [];
  });
}

/** Follows symbolic links, because the other tools do; reading a broken link shows the error. */
function leadsTo(folder: string, entry: Dirent, kind: 'isFile' | 'isDirectory'): boolean {
  if (!entry.isSymbolicLink()) return entry[kind]();
  try {
    return statSync(join(folder, entry.name), { throwIfNoEntry: false })?.[kind]() ?? false;
  } catch {
    return kind === 'isFile';
  }
}

function byName(a: Dirent, b: Dirent): number {
  return a.name < b.name ? -1 : 1;
}
