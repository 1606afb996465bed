/** Copies the files of extensions into a running PGlite when SQL names them. */

import { dirname } from 'node:path/posix';
import type { PGlite } from '@electric-sql/pglite';
import type { SqlText } from '../driver.js';
import { findBundle, readBundle, requiredExtensions } from './extension-bundle.js';
import { findNamedExtensions } from './extension-names.js';

export interface ExtensionFiles {
  /** Provides the extensions that `sql` names, with those that they require. */
  provideFor(sql: SqlText): Promise<void>;
  provide(extensions: readonly string[]): Promise<void>;
}

/** The files exist in the memory of this process alone; the folder of the database is not changed. */
export function extensionFiles(database: PGlite): ExtensionFiles {
  const provided = new Set<string>();
  const provide = async (extensions: readonly string[]): Promise<void> => {
    for (const extension of extensions) {
      if (provided.has(extension)) continue;
      provided.add(extension);
      await provide(await install(database, extension));
    }
  };
  return { provide, provideFor: (sql) => provide(findNamedExtensions(sql)) };
}

/** @returns the extensions that this one requires. */
async function install({ Module: { FS, WASM_PREFIX } }: PGlite, extension: string): Promise<string[]> {
  const bundle = await findBundle(extension);
  if (!bundle) return [];
  const files = readBundle(bundle);
  for (const { path, data } of files) {
    FS.mkdirTree(dirname(`${WASM_PREFIX}/${path}`));
    FS.writeFile(`${WASM_PREFIX}/${path}`, data);
  }
  return requiredExtensions(files);
}
