/** Finds a second file for the same direction of a migration: nobody can tell which of them is meant. */

import { existsSync } from 'node:fs';
import { basename, dirname, sep } from 'node:path';
import type { Direction } from '../../graph/migration.js';
import { fileNames } from './migration-folder.js';

/** @returns the names of the other files. */
export function findRivals(file: string, direction: Direction): string[] {
  const folder = dirname(file);
  const own = basename(file);
  return fileNames(direction).filter((name) => name !== own && existsSync(folder + sep + name));
}
