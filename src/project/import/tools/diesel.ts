/** Reads Diesel's folder: `2024-01-05-093000_create_users/` with up.sql, down.sql and metadata.toml. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ImportAdapter } from '../adapter.js';
import { reportFile } from '../markers.js';
import { chain, type SourceFolder, type SourceMigration, writtenDown } from '../source.js';
import { listFilesBelow } from '../source-folder.js';
import { everyRow, timeColumn } from '../tracking-table.js';

export const diesel: ImportAdapter = {
  read: readDiesel,
  table: {
    name: '__diesel_schema_migrations',
    columns: ['version', 'run_on'],
    query: () => ({ select: ['version', timeColumn('run_on')], orderBy: 'run_on, version' }),
    read: everyRow('version', 'run_on'),
  },
};

type Unchained = Omit<SourceMigration, 'parents'>;

/** In the order of the versions, which Diesel compares as text. */
function readDiesel(folder: SourceFolder): SourceMigration[] {
  const migrations = folder.folders.flatMap((path) => readFolder(folder, path) ?? []);
  return chain(migrations.sort((a, b) => (a.key < b.key ? -1 : 1)));
}

function readFolder(folder: SourceFolder, path: string): Unchained | undefined {
  const has = (file: string) => existsSync(join(folder.root, path, file));
  if (!has('up.sql')) {
    if (listFilesBelow(folder.root, path).length > 0) reportMissing(folder, path);
    return undefined;
  }
  const up = folder.read(join(path, 'up.sql'));
  const down = has('down.sql') ? folder.read(join(path, 'down.sql')) : undefined;
  const metadata = has('metadata.toml') ? folder.read(join(path, 'metadata.toml'))?.text : undefined;
  const noTransaction = metadata !== undefined && leavesTransaction(metadata);
  return up && { ...parseName(path), label: path, up, ...writtenDown(down), noTransaction };
}

/** Diesel takes the hyphens out of what is before the first underscore, and calls that the version. */
function parseName(path: string): Pick<Unchained, 'key' | 'name' | 'number'> {
  const [version = '', ...rest] = path.split('_');
  const key = version.replaceAll('-', '');
  // Names such as `2024-01-05-093000-0000_users` have four digits behind the date.
  const [, number] = /^(\d{14})\d{4}$/.exec(key) ?? /^(\d+)$/.exec(key) ?? [];
  return { key, name: rest.join('_') || path, ...(number ? { number } : {}) };
}

/** Diesel reads a file without the setting as `false`, and an unreadable file as `true`. */
function leavesTransaction(toml: string): boolean {
  const [settings = ''] = toml.split(/^\s*\[/m);
  const setting = /^\s*["']?run_in_transaction["']?\s*=\s*(\S+)/m.exec(settings);
  return setting ? setting[1] === 'false' : true;
}

function reportMissing(folder: SourceFolder, path: string): void {
  reportFile(folder, path, {
    message: `${path} has no up.sql`,
    help: 'Diesel refuses this folder, too: restore the file, or delete the folder.',
  });
}
