/** A clone of a template in the memory of this process. */

import {
  closeDatabase,
  type OpenDatabase,
  openDatabase,
  openSession,
} from '../../connections/pglite/open-database.js';
import { type DataArchive, dumpDatabase } from '../../connections/pglite/prepared-data.js';
import { KatError } from '../../errors.js';
import type { Clone, TestPlace } from '../clone.js';
import type { TemplateContent } from '../template-content.js';
import { ensureEmbeddedTemplate } from './embedded-template.js';
import { createKeptPlace, sweepKeptFolders } from './kept-folder.js';

/** Removes what failed tests left a day ago. */
export function openEmbeddedPlace(): TestPlace {
  sweepKeptFolders();
  return {
    prepare: async (content) => {
      const data = await ensureEmbeddedTemplate(content);
      return () => cloneArchive(content, data);
    },
    close: async () => undefined,
  };
}

async function cloneArchive({ sqlTexts }: TemplateContent, data: DataArchive): Promise<Clone> {
  const opened = await openDatabase(undefined, { sqlTexts, env: process.env, data });
  const { database } = opened;
  // It provides the files of the extensions that the database has.
  await (await openSession(opened, () => undefined)).close();
  return {
    ...{ name: 'memory', url: undefined, pglite: database, database },
    client: async () => {
      throw new KatError('USAGE', 'PGlite has no connections', { help: 'Use `query`, or `pglite`.' });
    },
    query: async <R>(sql: string, values?: readonly unknown[]) => {
      if (values) return (await database.query<R>(sql, [...values])).rows;
      return ((await database.exec(sql)).at(-1)?.rows ?? []) as R[];
    },
    drop: () => closeDatabase(opened),
    keep: () => writeFolder(opened),
  };
}

/** PGlite can open a folder again, but not an archive. */
async function writeFolder(opened: OpenDatabase): Promise<string> {
  const folder = createKeptPlace();
  const data = await dumpDatabase(opened.database);
  await closeDatabase(opened);
  await closeDatabase(await openDatabase(folder, { sqlTexts: [], env: process.env, data }));
  return `${folder}, for a day: PGlite.create('${folder}')`;
}
