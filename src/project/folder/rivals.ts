/** Finds a second file for the same direction of a migration: nobody can tell which of them is meant. */

import { readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Direction } from '../../graph/migration.js';
import { fileNames } from './migration-folder.js';

/** @returns the names of the other files; none for a folder that cannot be read, which others report. */
export function findRivals(file: string, direction: Direction): string[] {
  const names = fileNames(direction);
  try {
    return readdirSync(dirname(file)).filter((name) => names.includes(name) && name !== basename(file));
  } catch {
    return [];
  }
}
