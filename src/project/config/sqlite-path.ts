/** Reads the path of a SQLite database. */

import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KatError } from '../../errors.js';

/**
 * @param path a path, or a `file:` URI (https://www.sqlite.org/uri.html).
 * @returns an absolute path; undefined for `:memory:`.
 * @throws KatError CONFIG_INVALID for a URI with parameters, or with a host.
 */
export function resolveSqlitePath(folder: string, path: string): string | undefined {
  const file = path.startsWith('file:') ? readUri(path) : path;
  return file === ':memory:' ? undefined : resolve(folder, file);
}

function readUri(uri: string): string {
  const query = /[?#].*/s.exec(uri)?.[0];
  if (query !== undefined) throw invalid(`\`database.path\` has parameters, which have no effect: ${query}`);
  try {
    return uri.startsWith('file://') ? fileURLToPath(uri) : decodeURIComponent(uri.slice('file:'.length));
  } catch {
    throw invalid(`\`database.path\` is no valid URI: ${uri}`);
  }
}

function invalid(message: string): KatError {
  return new KatError('CONFIG_INVALID', message, { help: 'Write the path alone, such as `path: app.db`.' });
}
