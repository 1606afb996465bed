/** Finds out whether Go's Kat can read the names of all migrations of a folder. */

import { existsSync, readdirSync } from 'node:fs';
import { parseMigrationId } from '../../graph/migration.js';
import { hasBareName } from '../metadata/name-form.js';
import { migrationFiles } from './migration-folder.js';

/** @returns whether the folder has migrations, and the `name` of each is without the timestamp. */
export function hasBareNames(directory: string): boolean {
  if (!existsSync(directory)) return false;
  const migrations = readdirSync(directory).flatMap((folder) => parseMigrationId(folder) ?? []);
  const isBare = ({ id, name }: (typeof migrations)[number]) =>
    hasBareName({ name, files: migrationFiles(directory, id) });
  return migrations.length > 0 && migrations.every(isBare);
}
