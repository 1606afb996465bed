/** Opens a PGlite database, with the extensions that it has, and closes it. */

import type { PGlite } from '@electric-sql/pglite';
import { ConnectionError } from '../../errors.js';
import type { SqlText } from '../driver.js';
import { type ExtensionFiles, extensionFiles } from './extension-files.js';
import { type ClaimedFolder, claimFolder } from './folder.js';
import { makeDatabase } from './new-database.js';
import { openPgliteSession, type PgliteSession } from './session.js';
import { endRuntime, loadPglite, type StartOptions, startDatabase, startFailure } from './start-database.js';

/** A database that is open, in a folder of ours or in memory. */
export interface OpenDatabase {
  database: PGlite;
  folder: ClaimedFolder | undefined;
  extensions: ExtensionFiles;
  /** The one session that may be open. */
  session: PgliteSession | undefined;
}

/**
 * @param path of the folder; undefined means in memory.
 * @throws ConnectionError; KatError CONFIG_INVALID when PGlite is not installed.
 */
export async function openDatabase(path: string | undefined, options: StartOptions): Promise<OpenDatabase> {
  const pglite = await loadPglite();
  const folder = path === undefined ? undefined : await claimFolder(path);
  try {
    if (folder?.empty) await makeDatabase(folder.empty, (place) => buildDatabase(pglite.PGlite, place));
    const database = await startDatabase(pglite, folder?.path, options);
    folder?.settle();
    return { database, folder, extensions: extensionFiles(database), session: undefined };
  } catch (error) {
    folder?.release();
    throw error;
  }
}

/** As other programs do it, without a prepared data folder: the time that it takes says how long they need. */
async function buildDatabase(Pglite: typeof PGlite, folder: string): Promise<void> {
  try {
    const database = await Pglite.create(folder);
    await database.close();
  } catch (cause) {
    throw startFailure(folder, [], { lines: [], cause });
  }
}

/** Opens the one session, for which the extensions that the database has already are provided. */
export async function openSession(opened: OpenDatabase, leave: () => void): Promise<PgliteSession> {
  const { database, extensions, folder } = opened;
  opened.session = await openPgliteSession(database, {
    ...{ isBorrowed: false, wasInTransaction: false, leave },
    // Settings of one session do not affect the next one.
    clean: ['DISCARD ALL'],
    prepare: async (sql: SqlText) => {
      if (folder?.isLost) throw lostLock(folder.path);
      await extensions.provideFor(sql);
    },
  });
  const [installed] = await opened.session.execute('SELECT extname FROM pg_catalog.pg_extension');
  await extensions.provide(installed?.rows.flatMap(({ extname }) => extname ?? []) ?? []);
  return opened.session;
}

/**
 * Never leaves the folder locked. Closing writes a checkpoint, which would undo the work of a process that took the folder
 * meanwhile: then nothing is written.
 */
export async function closeDatabase({ database, folder, session }: OpenDatabase): Promise<void> {
  try {
    if (!folder?.isLost) await session?.close();
    if (session?.isLost || folder?.isLost) endRuntime(database);
    else await database.close();
  } finally {
    folder?.release();
  }
}

function lostLock(folder: string): ConnectionError {
  return new ConnectionError(
    `another process took the database in ${folder} while this process was suspended`,
    {
      help: 'Wait until that process ends, then run the command again.',
      isTransient: false,
    },
  );
}
