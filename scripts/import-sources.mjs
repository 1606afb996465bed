// Imports TypeScript modules of the project: what is generated or measured comes from the very sources that Kat is built of.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** The project's folder, absolute. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Imports several modules as one, bundled with what they import.
 * @param {...string} paths relative to the project
 * @returns {Promise<any>} everything that they export
 */
export async function importSources(...paths) {
  const cache = join(root, '.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'sources-'));
  try {
    const outfile = join(folder, 'sources.mjs');
    await build({
      stdin: {
        contents: paths.map((path) => `export * from './${path}';`).join('\n'),
        resolveDir: root,
        loader: 'ts',
      },
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      packages: 'external',
      logLevel: 'error',
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
