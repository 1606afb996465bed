/** Finds out whether Go's Kat can read the names of all migrations, and may work on the project as well. */

import { existsSync, readdirSync } from 'node:fs';
import {
  compareMigrations,
  type Migration,
  type MigrationId,
  parseMigrationId,
} from '../../graph/migration.js';
import { hasBareName } from '../metadata/name-form.js';
import { migrationFiles } from './migration-folder.js';

/** @returns whether there are migrations, and the `name` of each is without the timestamp. */
export function haveBareNames(migrations: readonly Pick<Migration, 'name' | 'files'>[]): boolean {
  return migrations.length > 0 && migrations.every(hasBareName);
}

/** The same of the migrations in a folder, which may be missing. */
export function hasBareNames(directory: string): boolean {
  return haveBareNames(listMigrations(directory));
}

/** @returns whether the `name` of the newest migration in a folder is without the timestamp: then it is in a new one, too. */
export function newestHasBareName(directory: string): boolean {
  const newest = listMigrations(directory).sort(compareMigrations).at(-1);
  return newest !== undefined && hasBareName(newest);
}

/** @returns none where the folder is missing */
function listMigrations(directory: string): (MigrationId & Pick<Migration, 'files'>)[] {
  if (!existsSync(directory)) return [];
  const ids = readdirSync(directory).flatMap((folder) => parseMigrationId(folder) ?? []);
  return ids.map((id) => ({ ...id, files: migrationFiles(directory, id.id) }));
}
