/** Writes the folders of imported migrations: all of them, or none. */

import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseMigrationId } from '../../graph/migration.js';
import { diskError, makeFolders, removeQuietly } from '../folder/disk-write.js';
import { formatMetadata } from '../metadata/migration-texts.js';

export interface ImportedFiles {
  id: string;
  /** Ids. */
  parents: readonly string[];
  up: string;
  /** Left out there is no down.sql. */
  down?: string;
  noTransaction: boolean;
  description: string;
}

/** What was written, as long as nobody else has touched it. */
export interface WrittenImport {
  /** Removes it again, as far as the disk allows it. */
  undo(): void;
}

/**
 * Every folder is made under a hidden name and renamed when all of them are complete.
 * @param directory the migrations folder, which is created when it is missing.
 * @throws KatError FILES_INVALID when the disk refuses or a folder exists already; nothing is left behind.
 */
export function writeImport(directory: string, migrations: readonly ImportedFiles[]): WrittenImport {
  const root = resolve(directory);
  const folders = makeFolders(root);
  const made: string[] = [];
  const undo = () => {
    for (const path of made) removeQuietly(path);
    folders.undo();
  };
  let current = root;
  try {
    for (const migration of migrations) {
      current = join(root, draftOf(migration));
      made.push(current);
      writeDraft(current, migration);
    }
    for (const { id } of migrations) {
      current = join(root, id);
      // Linux renames onto an empty folder without a word.
      if (existsSync(current)) throw Object.assign(new Error(), { code: 'EEXIST' });
      renameSync(join(root, draftOf({ id })), current);
      made.push(current);
    }
    return { undo };
  } catch (error) {
    undo();
    throw diskError('write', current, error);
  }
}

function draftOf({ id }: { id: string }): string {
  return `.kat-import-${id}`;
}

function writeDraft(draft: string, { up, down, ...facts }: ImportedFiles): void {
  const timestamp = parseMigrationId(facts.id)?.timestamp ?? '';
  // One that was killed may have left it behind.
  removeQuietly(draft);
  mkdirSync(draft);
  writeFileSync(join(draft, 'up.sql'), up);
  if (down !== undefined) writeFileSync(join(draft, 'down.sql'), down);
  writeFileSync(join(draft, 'metadata.yaml'), formatMetadata({ ...facts, timestamp }));
}
