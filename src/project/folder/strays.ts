/** Finds what looks like a part of a migration but is passed over, because it lies or is written where Kat does not look. */

import { type Dirent, existsSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Problem } from '../../errors.js';
import { counted } from '../../graph/counted.js';
import { parseMigrationId } from '../../graph/migration.js';
import { wholeFile } from '../source-text.js';
import { isAbandoned, isReservation } from './reservations.js';

const ownNames: ReadonlySet<string> = new Set(['up.sql', 'down.sql', 'metadata.yaml']);

/**
 * Looks through the migrations folder for SQL files beside the folders, for folders of other names with such files, and
 * for misspelt names inside of migrations, such as `Down.sql`, and for what an interrupted `kat add` left. Folders with an up.sql are the loader's affair.
 */
export function findStrays(directory: string): Problem[] {
  const root = resolve(directory);
  const entries = listEntries(root);
  const folders = entries.filter((entry) => entry.isDirectory() && parseMigrationId(entry.name));
  return [
    ...findStraysBeside(root, entries),
    ...folders.flatMap(({ name }) => findMisspelt(join(root, name), name)),
  ];
}

/** The same without a look into migrations: next to nothing where there are no others. @param entries of the migrations folder. */
export function findStraysBeside(root: string, entries: readonly Dirent[]): Problem[] {
  return entries.flatMap((entry) => {
    const { name } = entry;
    if (entry.isDirectory() ? parseMigrationId(name) : !isSql(name)) return [];
    const path = join(root, name);
    if (isReservation(name)) return findLeftOver(path);
    if (name.startsWith('.')) return [];
    if (entry.isFile()) return [strayFile(path)];
    return entry.isDirectory() ? [...findForeign(path), ...findNested(path)] : [];
  });
}

/** Migrations in a folder of their own, as other tools have them for each version. */
function findNested(folder: string): Problem[] {
  const nested = listEntries(folder).filter(
    (entry) =>
      entry.isDirectory() && parseMigrationId(entry.name) && existsSync(join(folder, entry.name, 'up.sql')),
  );
  const [first] = nested;
  if (!first) return [];
  return [
    {
      code: 'stray-file',
      message: `${counted(nested.length, 'migration')} in ${basename(folder)} ${nested.length === 1 ? 'is' : 'are'} not read, such as ${first.name}: Kat reads only folders directly in the migrations folder`,
      location: wholeFile(folder),
      help: 'Move them up into the migrations folder, or put them elsewhere.',
    },
  ];
}

function findMisspelt(folder: string, id: string): Problem[] {
  const names = listEntries(folder).map(({ name }) => name);
  return names.flatMap((name) => {
    const meant = name.toLowerCase().replace(/\.yml$/, '.yaml');
    if (name === meant || !ownNames.has(meant)) return [];
    const problem: Problem = {
      code: 'stray-file',
      message: `${id}/${name} is not read`,
      location: wholeFile(join(folder, name)),
      help: names.includes(meant) ? `${meant} exists as well; delete one of them.` : `Rename it to ${meant}.`,
      migration: id,
    };
    return [problem];
  });
}

function findForeign(folder: string): Problem[] {
  const names = listEntries(folder).map(({ name }) => name);
  if (names.includes('up.sql') || !names.some((name) => isSql(name) || ownNames.has(name))) return [];
  return [
    {
      code: 'stray-file',
      message: `${basename(folder)} is not read: its name is not a migration id, and it has no up.sql`,
      location: wholeFile(folder),
      help: 'Rename it to `<timestamp>_<name>` and add an up.sql, or move it elsewhere.',
    },
  ];
}

/** An empty one is not worth a word: the next command that writes a migration removes it. */
function findLeftOver(path: string): Problem[] {
  if (!isAbandoned(path) || listEntries(path).length === 0) return [];
  return [
    {
      code: 'left-over',
      message: `an interrupted command left ${path} behind`,
      location: wholeFile(path),
      help: 'No migration needs it. Delete it if you do not need the SQL in it and no Kat command is running.',
    },
  ];
}

function strayFile(path: string): Problem {
  return {
    code: 'stray-file',
    message: `${basename(path)} is not read: migrations are folders`,
    location: wholeFile(path),
    help: 'Put it into a folder `<timestamp>_<name>` as up.sql, or move it elsewhere.',
  };
}

function isSql(name: string): boolean {
  return name.toLowerCase().endsWith('.sql');
}

/** The loader has reported folders that cannot be listed. */
function listEntries(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
