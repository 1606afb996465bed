/** Deletes a PGlite database, and nothing else. */

import { lstatSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ConnectionError } from '../../errors.js';
import { claimFolder } from './folder.js';
import { isOwnName } from './new-database.js';
import { loadPglite, type StartOptions, startDatabase } from './start-database.js';

/** What PGlite puts into its folder. A server's has `postmaster.opts` as well. */
const databaseName =
  /^(?:PG_VERSION|base|global|pg_[a-z_]+|pg_(?:hba|ident)\.conf|postgresql(?:\.auto)?\.conf|postmaster\.pid)$/;

/**
 * Opens the database first: what PGlite cannot open stays. A folder that is a link, or that a disk is mounted on, is emptied and stays.
 * @param path of a folder that is not empty.
 * @throws ConnectionError where another program has it open, where it holds anything else, and where PGlite cannot open it.
 */
export async function removeFolder(path: string, env: StartOptions['env']): Promise<void> {
  const pglite = await loadPglite();
  const folder = await claimFolder(path);
  try {
    refuseOtherFiles(folder.path);
    const database = await startDatabase(pglite, folder.path, { sqlTexts: [], env });
    await database.close();
    for (const name of readdirSync(folder.path)) rmSync(join(folder.path, name), { recursive: true });
  } finally {
    folder.release();
  }
  removeEmpty(path);
}

function refuseOtherFiles(folder: string): void {
  const other = readdirSync(folder).find((name) => !databaseName.test(name) && !isOwnName(name));
  if (other === undefined) return;
  throw new ConnectionError(`${folder} holds more than a PGlite database, such as ${other}`, {
    help: 'Move the other files away, or delete the folder by hand.',
    isTransient: false,
  });
}

function removeEmpty(path: string): void {
  if (lstatSync(path).isSymbolicLink()) return;
  try {
    rmdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EBUSY') throw error;
  }
}
