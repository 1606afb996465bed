/** Keeps a new, empty database in the user's cache: PGlite's initdb takes seconds of CPU, and unpacking its result a tenth of that. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { PGlite } from '@electric-sql/pglite';
import { keepFile, makeCacheFolder, userCacheFolder } from '../user-cache.js';
import { findBundle } from './extension-bundle.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * A data folder as initdb makes it, as a tar archive. It is made when the cache has none.
 * @param env where the user's cache is looked up.
 * @returns undefined where nothing can be kept: then PGlite runs initdb itself.
 */
export async function prepareData(Pglite: typeof PGlite, env: Environment): Promise<DataArchive | undefined> {
  const version = await readPgliteVersion();
  const folder = version === undefined ? undefined : userCacheFolder(env);
  if (folder === undefined) return undefined;
  const path = join(folder, `pglite-${version}.tar.gz`);
  // A PGlite that cannot do this will say why when it starts.
  const make = async () => {
    const packed = await packEmpty(Pglite).catch(() => undefined);
    if (packed) keepFile(path, packed, { prefix: 'pglite-', most: 1 });
    return packed && gunzipSync(packed);
  };
  return readArchive(path) ?? (isWritable(folder) ? make() : undefined);
}

/** A data folder as a tar archive. */
export type DataArchive = Uint8Array;

/** The version of the package of PGlite: its data folders are made for it alone. @returns undefined where it is not installed. */
export async function readPgliteVersion(): Promise<string | undefined> {
  const bundle = await findBundle('citext');
  if (!bundle) return undefined;
  const { version } = JSON.parse(readFileSync(new URL('../package.json', bundle), 'utf8'));
  return typeof version === 'string' ? version : undefined;
}

/** @returns undefined when there is none, or when it is damaged: gzip has a checksum. */
export function readArchive(path: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return gunzipSync(readFileSync(path));
  } catch {
    return undefined;
  }
}

function isWritable(folder: string): boolean {
  try {
    makeCacheFolder(folder);
    return true;
  } catch {
    return false;
  }
}

async function packEmpty(Pglite: typeof PGlite): Promise<Uint8Array> {
  const database = await Pglite.create();
  try {
    return await packDatabase(database);
  } finally {
    await database.close();
  }
}

/** The data folder of a database that is about to be closed. */
export async function dumpDatabase(database: PGlite): Promise<DataArchive> {
  return new Uint8Array(await (await database.dumpDataDir('none')).arrayBuffer());
}

/** The data folder of a database, as a packed tar archive. */
export async function packDatabase(database: PGlite): Promise<Uint8Array> {
  await database.exec('CHECKPOINT');
  return new Uint8Array(await (await database.dumpDataDir('gzip')).arrayBuffer());
}
