/** Gives migrations that are values the folder that everything else reads. */

import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KatError } from '../../errors.js';
import { parseMigrationId } from '../../graph/migration.js';
import { ioProblem } from '../../project/io-problem.js';
import { formatMetadata } from '../../project/metadata/migration-texts.js';
import { createTemporaryFolder } from '../throwaway/temporary-folder.js';
import type { MigrationText } from './result.js';

/**
 * Writes them into a temporary folder of this process, once for equal values. The folder is removed when the process ends.
 * @returns its path, absolute.
 * @throws KatError FILES_INVALID where no temporary folder can be written.
 */
export function unpackBundle(migrations: readonly MigrationText[]): string {
  const hash = createHash('sha256').update(JSON.stringify(migrations)).digest('hex');
  const directory = unpacked.get(hash) ?? unpack(migrations);
  unpacked.set(hash, directory);
  return directory;
}

/** Folders by the hash of what they hold. */
const unpacked = new Map<string, string>();

function unpack(migrations: readonly MigrationText[]): string {
  try {
    const { path: directory, remove } = createTemporaryFolder('bundle');
    process.once('exit', remove);
    for (const migration of migrations) writeMigration(directory, migration);
    return directory;
  } catch (cause) {
    throw new KatError('FILES_INVALID', ioProblem('write', tmpdir(), cause).message, {
      help: 'Kat writes migrations that are values into a temporary folder. Name a writable one in TMPDIR.',
      cause,
    });
  }
}

function writeMigration(directory: string, migration: MigrationText): void {
  const folder = join(directory, migration.id);
  mkdirSync(folder);
  writeFileSync(join(folder, 'metadata.yaml'), migration.metadata ?? describeMigration(migration));
  writeFileSync(join(folder, 'up.sql'), migration.up);
  if (migration.down !== undefined) writeFileSync(join(folder, 'down.sql'), migration.down);
}

function describeMigration({ id, parents = [], noTransaction = false }: MigrationText): string {
  const timestamp = parseMigrationId(id)?.timestamp ?? '';
  return formatMetadata({ id, timestamp, parents, noTransaction });
}
