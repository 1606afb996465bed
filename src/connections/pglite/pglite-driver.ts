/** The driver for PGlite, a PostgreSQL that runs inside this process, in a folder or in memory. */

import { basename } from 'node:path';
import type { DatabaseSettings, Driver, WholeDatabase } from '../driver.js';
import { oneSessionAtATime } from '../one-session.js';
import { isVacant } from './folder.js';
import { closeDatabase, type OpenDatabase, openDatabase, openSession } from './open-database.js';
import type { StartOptions } from './start-database.js';

/** What a driver's database is started with. */
interface PgliteOptions extends Pick<StartOptions, 'env'> {
  /** Gives the SQL that is going to run. */
  readSql: () => Iterable<string>;
}

/** Nothing is opened yet. The database stays open from the first session until the driver is closed. */
export function createPgliteDriver({ path }: DatabaseSettings, options: PgliteOptions): Driver {
  const keeper = keepOpen(options);
  const openAt = oneSessionAtATime(keeper, async (leave, place: string | undefined) =>
    openSession(await keeper.get(place), leave),
  );
  const isAbsent = () => path === undefined || isVacant(path);
  const wholeFolder = (folder: string): WholeDatabase => ({
    name: basename(folder),
    url: () => `file://${folder}`,
    files: {
      create: async () => (await openAt(folder)).close(),
      remove: async () => {
        await keeper.close();
        const { removeFolder } = await import('./remove-folder.js');
        await removeFolder(folder, options.env);
      },
    },
  });
  return {
    name: 'pglite',
    description: path === undefined ? 'pglite (in memory)' : `pglite ${path}`,
    hasManySessions: false,
    open: () => openAt(path),
    isAbsent,
    openForReading: () => openAt(isAbsent() ? undefined : path),
    whole: path === undefined ? { name: undefined, url: () => 'memory://' } : wholeFolder(path),
    close: keeper.close,
  };
}

/** Keeps one database open; another place closes the one before. */
function keepOpen({ readSql, env }: PgliteOptions) {
  let opening: { place: string | undefined; database: Promise<OpenDatabase> } | undefined;
  const close = async (): Promise<void> => {
    const opened = await opening?.database.catch(() => undefined);
    opening = undefined;
    if (opened) await closeDatabase(opened);
  };
  const get = async (place: string | undefined): Promise<OpenDatabase> => {
    if (opening && opening.place !== place) await close();
    opening ??= { place, database: openDatabase(place, { sqlTexts: readSql(), env }) };
    try {
      return await opening.database;
    } catch (error) {
      opening = undefined;
      throw error;
    }
  };
  return { get, close };
}
