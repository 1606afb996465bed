/** Stages the folders of imported migrations, to move all of them into place or none. */

import { mkdirSync } from 'node:fs';
import { newestHasBareName } from '../folder/bare-names.js';
import { type StagedChange, stageChange } from '../folder/change/stage-change.js';
import { writeMigrationFiles } from '../folder/write.js';

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

/**
 * @param directory the migrations folder, which is created when it is missing.
 * @param recorded ids of those that are to be recorded as applied before the folders come into place.
 * @throws KatError FILES_INVALID when the disk refuses or a folder exists already; nothing is left behind.
 */
export function stageImport(
  directory: string,
  migrations: readonly ImportedFiles[],
  recorded: readonly string[] = [],
): StagedChange {
  const hasBareName = newestHasBareName(directory);
  const put = migrations.map(({ id, up, down = null, ...facts }) => ({
    path: id,
    kind: 'new' as const,
    write: (target: string) => {
      mkdirSync(target);
      writeMigrationFiles(target, id, { ...facts, hasBareName, sql: { up, down } });
    },
  }));
  return stageChange(directory, { command: 'import', put, recorded });
}
