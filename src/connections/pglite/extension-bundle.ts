/** Reads the files of an extension out of the bundle that PGlite's package has of it. */

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Extension, PGliteInterface } from '@electric-sql/pglite';
import { findModule } from './extension-names.js';
import { readTar } from './tar.js';

export interface BundledFile {
  /** Below the folder where PostgreSQL is installed. */
  path: string;
  data: Uint8Array;
}

/**
 * Where the bundle of an extension is.
 * @returns undefined when the installed version of PGlite does not have it.
 */
export async function findBundle(extension: string): Promise<URL | undefined> {
  const name = findModule(extension);
  if (name === undefined) return undefined;
  const loaded: Record<string, Extension> | undefined = await import(
    `@electric-sql/pglite/contrib/${name}`
  ).catch(() => undefined);
  // A contrib module's setup only says where its files are; it asks nothing of the database that it is called with.
  const setup = await loaded?.[name]?.setup({} as PGliteInterface, {});
  return setup?.bundlePath;
}

/** @returns the regular files of a bundle, a gzipped tar archive. */
export function readBundle(bundle: URL): BundledFile[] {
  const entries = readTar(gunzipSync(readFileSync(bundle)));
  return entries.flatMap(({ path, isFolder, data }) => (isFolder ? [] : [{ path, data }]));
}

/** @returns the extensions that the control files among `files` require. */
export function requiredExtensions(files: readonly BundledFile[]): string[] {
  return files.flatMap(({ path, data }) => {
    if (!path.endsWith('.control')) return [];
    const [, list = ''] = /^\s*requires\s*=\s*'([^']*)'/m.exec(Buffer.from(data).toString()) ?? [];
    return list.split(',').flatMap((name) => name.trim() || []);
  });
}
