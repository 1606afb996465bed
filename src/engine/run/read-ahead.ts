/** Reads the migrations folder, and loads the parser, while the database is being reached: each of them takes as long. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Problem } from '../../errors.js';
import type { RawMigration } from '../../graph/migration.js';
import { listMigrationIds, loadMigrations } from '../../project/folder/load.js';
import type { RunSetting } from '../session/run-setting.js';

/** The folder, as far as somebody asks for it. Nothing is thrown before that. */
export interface FolderAhead {
  /** As `listMigrationIds`. */
  ids(): Promise<string[]>;
  /** As `loadMigrations`. */
  migrations(): Promise<readonly RawMigration[]>;
  /** Node.js compiles the parser on another thread while this one goes on. */
  loadParser(): void;
}

type FolderPlace = Pick<RunSetting, 'directory' | 'migrations'>;

/**
 * Call it when connecting is under way.
 * @param options whether the command nearly always needs the parser, and the listener for strays, as of `loadMigrations`.
 */
export function readAhead(
  { directory, migrations: known }: FolderPlace,
  { needsParser, onStray }: { needsParser: boolean; onStray: (problem: Problem) => void },
): FolderAhead {
  // By then a server nearby has been asked for a session, and is busy with that for longer.
  const sent = nextTurn();
  const migrations = ahead(sent.then(() => known ?? loadMigrations(directory, onStray)));
  if (needsParser) ahead(sent.then(loadParser));
  return {
    ids: async () => known?.map(({ id }) => id) ?? listMigrationIds(directory),
    migrations: () => migrations,
    loadParser: () => ahead(loadParser()),
  };
}

async function loadParser(): Promise<void> {
  const { loadParser: load } = await import('../../sql/syntax/parse.js');
  await load();
}

/** The caller that awaits it gets its failure; without a caller, the failure is ignored. */
function ahead<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
