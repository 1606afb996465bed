/** Reads the path of a SQLite database, as the configuration and programs write it. */

import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KatError } from './errors.js';

/**
 * @param folder where a relative path begins.
 * @param path a path, or a `file:` URI (https://www.sqlite.org/uri.html).
 * @returns an absolute path; undefined for a database in memory.
 * @throws KatError CONFIG_INVALID for another URL, which it does not repeat, and for parameters or a host.
 */
export function resolveSqlitePath(folder: string, path: string): string | undefined {
  if (/^(?:libsql|https?|wss?):/i.test(path)) throw isServer();
  if (/^sqlite3?:|^(?!file:)[a-z][\w+.-]+:\/\//i.test(path)) throw invalid('is a URL, and not a path');
  const parameters = /\?[^/]*=[^/]*$/s.exec(path)?.[0];
  if (parameters !== undefined && !path.startsWith('file:')) throw hasParameters(parameters);
  const file = path.startsWith('file:') ? readUri(path) : path;
  return file === ':memory:' ? undefined : resolve(folder, file);
}

function readUri(uri: string): string {
  const query = /[?#].*/s.exec(uri)?.[0];
  if (query !== undefined && /[?&]mode=memory\b|^file::memory:/.test(uri)) throw isMemory();
  if (query !== undefined) throw hasParameters(query);
  try {
    return uri.startsWith('file://') ? fileURLToPath(uri) : decodeURIComponent(uri.slice('file:'.length));
  } catch {
    throw invalid(`is no valid URI: ${uri}`);
  }
}

function invalid(what: string, help = 'Write the path alone, such as `path: app.db`.'): KatError {
  return new KatError('CONFIG_INVALID', `\`database.path\` ${what}`, { help });
}

/** Go's Kat reads them behind a plain path, too, and cuts them off: with them as part of the name, it would be another file. */
function hasParameters(parameters: string): KatError {
  return invalid(`has parameters, which have no effect: ${parameters}`);
}

function isServer(): KatError {
  return invalid(
    'is the URL of a server, and Kat does not support libSQL servers',
    'Write the path of a file on this computer, such as `path: app.db`: Kat locks a file beside it while it runs.',
  );
}

/** Only SQLite's own connections could share it, and no other process can. */
function isMemory(): KatError {
  return invalid(
    'names a database in memory with parameters, which have no effect',
    "Write `path: ':memory:'`. All sessions of one Kat share that database, and no other program can open it.",
  );
}
