/** Finds the extensions in SQL that PGlite ships as separate files. */

import type { SqlText } from '../driver.js';

/** PGlite's modules that carry one extension of the same name. */
const sameName = [
  'amcheck',
  'auto_explain',
  'bloom',
  'btree_gin',
  'btree_gist',
  'citext',
  'cube',
  'dict_int',
  'dict_xsyn',
  'earthdistance',
  'file_fdw',
  'fuzzystrmatch',
  'hstore',
  'intarray',
  'isn',
  'lo',
  'ltree',
  'moddatetime',
  'pageinspect',
  'pg_buffercache',
  'pg_freespacemap',
  'pg_stat_statements',
  'pg_surgery',
  'pg_trgm',
  'pg_visibility',
  'pg_walinspect',
  'pgcrypto',
  'seg',
  'tablefunc',
  'tcn',
  'tsm_system_rows',
  'tsm_system_time',
  'unaccent',
];

/** Which module of PGlite carries each extension; `moddatetime` carries all of PostgreSQL's `spi`. */
const modules: ReadonlyMap<string, string> = new Map([
  ...sameName.map((name): [string, string] => [name, name]),
  ['uuid-ossp', 'uuid_ossp'],
  ['autoinc', 'moddatetime'],
  ['insert_username', 'moddatetime'],
  ['refint', 'moddatetime'],
]);

const anyName = new RegExp(`(?<![\\w$])(?:${[...modules.keys()].join('|')})(?![\\w$])`, 'gi');

/** @returns the module of `@electric-sql/pglite/contrib` that carries an extension; undefined for others. */
export function findModule(extension: string): string | undefined {
  return modules.get(extension);
}

/** @returns the extensions whose names stand anywhere in `sql`, also in a string or a comment: SQL may build a name. */
export function findNamedExtensions(sql: SqlText): string[] {
  const parts = typeof sql === 'string' ? [sql] : sql;
  return [...new Set(parts.flatMap((part) => part.match(anyName) ?? []).map((name) => name.toLowerCase()))];
}

/**
 * Whether `sql` creates an extension that observes nothing unless the server preloads it. Of PGlite's modules only that
 * of `pg_stat_statements` asks for it (`sharedPreloadLibraries` in what its `setup` returns).
 */
export function createsPreloadedExtension(sql: string): boolean {
  return /create\s+extension[^;]*pg_stat_statements/i.test(sql);
}
