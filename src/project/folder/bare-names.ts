/** Finds out whether Go's Kat can read the names of all migrations, and may work on the project as well. */

import { existsSync, readdirSync } from 'node:fs';
import { type Migration, parseMigrationId } from '../../graph/migration.js';
import { hasBareName } from '../metadata/name-form.js';
import { migrationFiles } from './migration-folder.js';

/** @returns whether there are migrations, and the `name` of each is without the timestamp. */
export function haveBareNames(migrations: readonly Pick<Migration, 'name' | 'files'>[]): boolean {
  return migrations.length > 0 && migrations.every(hasBareName);
}

/** The same of the migrations in a folder, which may be missing. */
export function hasBareNames(directory: string): boolean {
  if (!existsSync(directory)) return false;
  const ids = readdirSync(directory).flatMap((folder) => parseMigrationId(folder) ?? []);
  return haveBareNames(ids.map(({ id, name }) => ({ name, files: migrationFiles(directory, id) })));
}
