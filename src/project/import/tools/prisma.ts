/** Reads Prisma's folder: a folder with a migration.sql for each migration, and migration_lock.toml. */

import { join } from 'node:path';
import type { ImportAdapter } from '../adapter.js';
import { hashedAs } from '../applied-text.js';
import { reportMarker } from '../markers.js';
import { chain, type SourceFolder, type SourceMigration } from '../source.js';
import { openBelow } from '../source-folder.js';
import { appliedAt, rowChecksum, timeColumn } from '../tracking-table.js';

export const prisma: ImportAdapter = {
  read: readPrisma,
  table: {
    name: '_prisma_migrations',
    columns: ['migration_name', 'finished_at', 'rolled_back_at', 'started_at'],
    query: (has) => ({
      select: [
        ...['migration_name AS name', timeColumn('finished_at'), timeColumn('rolled_back_at')],
        has('checksum') ? 'checksum' : 'NULL AS checksum',
      ],
      orderBy: 'started_at, id',
    }),
    read: (rows) => {
      const state = rows.filter(({ rolled_back_at: rolledBack }) => !rolledBack);
      const failed = state.filter(({ finished_at: finished }) => !finished);
      const applied = state.filter(({ finished_at: finished }) => finished);
      return {
        applied: applied.map(({ name, finished_at: finished, checksum }) => ({
          keys: [name ?? ''],
          label: name ?? '',
          ...appliedAt(finished),
          ...rowChecksum(checksum),
        })),
        problems: failed.map(({ name }) => ({
          message: `${name} was started but not finished`,
          help: 'Correct the database, then run `prisma migrate resolve`.',
        })),
      };
    },
  },
};

const folderName = /^(?:(\d+)_)?(.*)$/;
const lock = 'migration_lock.toml';

/** In the order of the folders' names. `folder` is Prisma's `migrations`, or its parent folder. */
function readPrisma(folder: SourceFolder): SourceMigration[] {
  const isAbove = folder.folders.includes('migrations') && !folder.files.includes(lock);
  return readMigrations(isAbove ? openBelow(folder, 'migrations') : folder);
}

function readMigrations(folder: SourceFolder): SourceMigration[] {
  checkProvider(folder);
  const migrations = folder.folders.flatMap((key) => {
    const [, number, name = ''] = folderName.exec(key) ?? [];
    const up = folder.read(join(key, 'migration.sql'));
    if (!up) return [];
    const isAppliedText = hashedAs('sha256', up.text);
    return { key, label: key, name, ...(number ? { number } : {}), up, noTransaction: false, isAppliedText };
  });
  return chain(migrations);
}

function checkProvider(folder: SourceFolder): void {
  const source = folder.files.includes(lock) ? folder.read(lock) : undefined;
  const match = source && /^\s*provider\s*=\s*"([^"]*)"/m.exec(source.text);
  if (!match || match[1] === 'postgresql' || match[1] === 'postgres') return;
  reportMarker(folder, source, {
    message: `these migrations are for ${match[1]}, not for PostgreSQL`,
    help: 'Import only migrations that were written for PostgreSQL.',
    index: match.index,
  });
}
