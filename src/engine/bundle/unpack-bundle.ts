/** Gives migrations that are values the folder that everything else reads. */

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KatError } from '../../errors.js';
import { parseMigrationId } from '../../graph/migration.js';
import { ioProblem } from '../../project/io-problem.js';
import { formatMetadata } from '../../project/metadata/migration-texts.js';
import { createTemporaryFolder } from '../throwaway/temporary-folder.js';
import type { MigrationText } from './result.js';

/** A folder with the files of migrations that are values. */
interface UnpackedBundle {
  /** Absolute. */
  directory: string;
  /**
   * Writes again what is missing by now.
   * @throws KatError FILES_INVALID
   */
  restore(): void;
}

/**
 * Writes them into a temporary folder of this process, once for equal values. The folder is removed when the process ends.
 * @throws KatError FILES_INVALID where no temporary folder can be written, or no folder can have the name of a migration.
 */
export function unpackBundle(migrations: readonly MigrationText[]): UnpackedBundle {
  const json = JSON.stringify(migrations);
  const hash = createHash('sha256').update(json).digest('hex');
  const bundle = unpacked.get(hash) ?? unpack(JSON.parse(json));
  unpacked.set(hash, bundle);
  return bundle;
}

/** Folders by the hash of what they hold. */
const unpacked = new Map<string, UnpackedBundle>();

function unpack(migrations: readonly MigrationText[]): UnpackedBundle {
  const { path: directory, restore, remove } = createTemporaryFolder('bundle');
  removeAtExit(remove);
  const writeMissing = () => {
    for (const migration of migrations) writeMigration(directory, migration);
  };
  writeMissing();
  return {
    directory,
    restore: () => {
      restore();
      writeMissing();
    },
  };
}

const removals: (() => void)[] = [];

/** One listener for all: Node.js warns of an eleventh. */
function removeAtExit(remove: () => void): void {
  if (removals.length === 0) {
    process.once('exit', () => {
      for (const one of removals) one();
    });
  }
  removals.push(remove);
}

/** Writes only the files that are not there. */
function writeMigration(directory: string, migration: MigrationText): void {
  const folder = join(directory, migration.id);
  const { up, down, metadata } = migration;
  try {
    mkdirSync(folder, { recursive: true });
    writeMissing(join(folder, 'metadata.yaml'), () => metadata ?? describeMigration(migration));
    writeMissing(join(folder, 'up.sql'), () => up);
    if (down !== undefined) writeMissing(join(folder, 'down.sql'), () => down);
  } catch (cause) {
    throw unwritable(migration.id, cause);
  }
}

function writeMissing(path: string, textOf: () => string): void {
  if (existsSync(path)) return;
  try {
    writeFileSync(path, textOf());
  } catch (error) {
    // Half of a text would count as whole the next time.
    rmSync(path, { force: true });
    throw error;
  }
}

function unwritable(id: string, cause: unknown): KatError {
  const isTooLong = cause instanceof Error && 'code' in cause && cause.code === 'ENAMETOOLONG';
  const message = isTooLong
    ? `the id ${id.slice(0, shownLength)}… is too long for a folder`
    : ioProblem('write', tmpdir(), cause).message;
  return new KatError('FILES_INVALID', message, {
    help: isTooLong
      ? 'Give the migration an id of at most 255 bytes. Nothing was changed.'
      : 'Kat writes migrations that are values into a temporary folder. Name a writable one in TMPDIR.',
    cause,
  });
}

/** How much of an id that is too long is shown. */
const shownLength = 40;

function describeMigration({ id, parents = [], noTransaction = false }: MigrationText): string {
  const timestamp = parseMigrationId(id)?.timestamp ?? '';
  return formatMetadata({ id, timestamp, parents, noTransaction });
}
