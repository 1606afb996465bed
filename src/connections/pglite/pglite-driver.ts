/** The driver for PGlite, a PostgreSQL that runs inside this process, in a folder or in memory. */

import type { PGlite } from '@electric-sql/pglite';
import { ConnectionError, KatError } from '../../errors.js';
import type { DatabaseSettings, Driver } from '../driver.js';
import { oneSessionAtATime } from '../one-session.js';
import { loadExtensions } from './extensions.js';
import { type ClaimedFolder, claimFolder } from './folder.js';
import { openPgliteSession, type PgliteSession } from './session.js';

interface OpenDatabase {
  database: PGlite;
  folder: ClaimedFolder | undefined;
  /** The one session that may be open. */
  session: PgliteSession | undefined;
}

/** Nothing is opened yet. The database stays open from the first session until the driver is closed. */
export function createPgliteDriver({ path }: DatabaseSettings): Driver {
  let opening: Promise<OpenDatabase> | undefined;
  const open = oneSessionAtATime(async (leave) => {
    opening ??= openDatabase(path).catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    const opened = await opening;
    opened.session = await openPgliteSession(opened.database, {
      ...{ isBorrowed: false, wasInTransaction: false, leave },
      // What one session set does not reach the next one.
      clean: ['DISCARD ALL'],
    });
    return opened.session;
  });
  return {
    name: 'pglite',
    description: path === undefined ? 'pglite (in memory)' : `pglite ${path}`,
    hasManySessions: false,
    open,
    close: async () => {
      const opened = await opening?.catch(() => undefined);
      opening = undefined;
      if (opened) await closeDatabase(opened);
    },
  };
}

async function openDatabase(path: string | undefined): Promise<OpenDatabase> {
  const { PGlite } = await loadPglite();
  const folder = path === undefined ? undefined : claimFolder(path);
  try {
    const extensions = await loadExtensions();
    const database = new PGlite({ ...(folder ? { dataDir: folder.path } : {}), extensions });
    await database.waitReady;
    return { database, folder, session: undefined };
  } catch (cause) {
    folder?.release();
    throw new ConnectionError(`cannot open the database ${path ?? 'in memory'}: ${reasonOf(cause)}`, {
      help: 'Check that this version of PGlite made the folder and that nothing was removed from it.',
      isTransient: false,
      cause,
    });
  }
}

async function closeDatabase({ database, folder, session }: OpenDatabase): Promise<void> {
  try {
    await session?.close();
    if (!session?.isLost) await database.close();
  } finally {
    folder?.release();
  }
}

async function loadPglite(): Promise<typeof import('@electric-sql/pglite')> {
  try {
    return await import('@electric-sql/pglite');
  } catch (cause) {
    throw new KatError('CONFIG_INVALID', `the driver "pglite" cannot be loaded: ${reasonOf(cause)}`, {
      help: 'Install it: npm install @electric-sql/pglite.',
      cause,
    });
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
