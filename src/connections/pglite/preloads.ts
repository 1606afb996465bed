/** Finds the libraries that PGlite must have before it starts, without changing the configuration of its folder. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Extensions } from '@electric-sql/pglite';
import { findBundle } from './extension-bundle.js';
import { createsPreloadedExtension } from './extension-names.js';

/** The start options of PGlite. */
export interface Preloads {
  /** The bundles. Unlike PGlite's own modules they do not make it write a new `postgresql.conf`. */
  extensions: Extensions;
  /** Further arguments of the server. */
  startParams: string[];
  /** Libraries that the folder's configuration names and PGlite's package does not have. */
  unknown: string[];
}

/**
 * @param folder of the database, where it has one.
 * @param sqlTexts the SQL that is going to run.
 */
export async function findPreloads(
  folder: string | undefined,
  sqlTexts: Iterable<string>,
): Promise<Preloads> {
  const configured = folder === undefined ? emptyLists() : readLists(folder);
  const shared = configured.shared_preload_libraries;
  const added = shared.includes(statements) || !someCreate(sqlTexts) ? [] : [statements];
  const libraries = new Set([...Object.values(configured).flat(), ...added]);
  const preloads: Preloads = { extensions: {}, startParams: [], unknown: [] };
  if (added.length > 0) {
    preloads.startParams.push('-c', `shared_preload_libraries=${[...shared, ...added].join(',')}`);
  }
  for (const name of libraries) {
    const bundlePath = await findBundle(name);
    if (bundlePath) preloads.extensions[name] = { name, setup: async () => ({ bundlePath }) };
    else preloads.unknown.push(name);
  }
  return preloads;
}

const statements = 'pg_stat_statements';

function someCreate(sqlTexts: Iterable<string>): boolean {
  for (const sql of sqlTexts) if (createsPreloadedExtension(sql)) return true;
  return false;
}

/** PostgreSQL's settings that name libraries to load when it starts. */
const settings = [
  'shared_preload_libraries',
  'session_preload_libraries',
  'local_preload_libraries',
] as const;

type Lists = Record<(typeof settings)[number], string[]>;

function emptyLists(): Lists {
  return { shared_preload_libraries: [], session_preload_libraries: [], local_preload_libraries: [] };
}

/** The last line of a setting counts, and `postgresql.auto.conf` is read after `postgresql.conf`. */
function readLists(folder: string): Lists {
  const lists = emptyLists();
  const lines = ['postgresql.conf', 'postgresql.auto.conf'].flatMap((name) => readLines(join(folder, name)));
  for (const line of lines) {
    for (const setting of settings) {
      const [, value] = new RegExp(`^\\s*${setting}\\s*=?\\s*(.*)$`, 'i').exec(line) ?? [];
      if (value !== undefined) lists[setting] = splitNames(value);
    }
  }
  return lists;
}

function splitNames(value: string): string[] {
  const [text = ''] = /^(?:'[^']*'|[^#])*/.exec(value) ?? [];
  const names = text.replaceAll(/['"\s]/g, '').split(',');
  return names.flatMap((name) => name.replace(/^\$libdir\//, '') || []);
}

function readLines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split(/\r?\n/);
  } catch {
    return [];
  }
}
