/** Reads the SQL of a migrations folder as it is, without asking what else is wrong with the folder. */

import { readRegularFile } from '../../regular-file.js';
import { listMigrationIds } from './load.js';
import { migrationFiles } from './migration-folder.js';

/** Gives the text of each up.sql and down.sql; what cannot be read is left out. */
export function* readSqlTexts(directory: string): Iterable<string> {
  for (const id of readIds(directory)) {
    const { up, down } = migrationFiles(directory, id);
    yield readText(up);
    yield readText(down);
  }
}

function readIds(directory: string): string[] {
  try {
    return listMigrationIds(directory);
  } catch {
    return [];
  }
}

function readText(path: string): string {
  try {
    return readRegularFile(path).toString('utf8');
  } catch {
    return '';
  }
}
