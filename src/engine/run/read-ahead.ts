/** Reads the migrations folder, and loads the parser, while the database is being reached: each of them takes as long. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RawMigration } from '../../graph/migration.js';
import { listMigrationIds, loadMigrations } from '../../project/folder/load.js';

/** The folder, as far as somebody asks for it. Nothing is thrown before that. */
export interface FolderAhead {
  /** As `listMigrationIds`. */
  ids(): Promise<string[]>;
  /** As `loadMigrations`. */
  migrations(): Promise<RawMigration[]>;
}

/**
 * Call it when connecting is under way.
 * @param readsAll whether the migrations will be asked for nearly always, and not their ids alone.
 */
export function readAhead(directory: string, readsAll: boolean): FolderAhead {
  // By then a server nearby has been asked for a session, and is busy with that for longer.
  const sent = nextTurn();
  const ids = readsAll ? undefined : ahead(sent.then(() => listMigrationIds(directory)));
  const migrations = readsAll ? ahead(sent.then(() => readForRun(directory))) : undefined;
  return {
    ids: async () => ids ?? listMigrationIds(directory),
    migrations: async () => migrations ?? readForRun(directory),
  };
}

/** Node.js compiles the parser on another thread while this one reads. */
function readForRun(directory: string): Promise<RawMigration[]> {
  ahead(import('../../sql/syntax/parse.js').then(({ loadParser }) => loadParser()));
  return loadMigrations(directory);
}

/** Whoever waits for it hears of its failure; it may be that nobody does. */
function ahead<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
