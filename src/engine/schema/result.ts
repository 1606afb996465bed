/** Options and results of `kat schema`, as types without imports of code. */

import type { Finding } from '../../findings.js';

export interface SchemaOptions {
  /** The file of the schema; a relative path starts at the working directory. Default `schema.sql` for `check` and `load`. */
  file?: string | undefined;
  /** A folder instead of the file, with one file for each object. */
  dir?: string | undefined;
  /** Compares the file with the migrations, and writes nothing. */
  check?: boolean | undefined;
  /** Executes the file in the database, and records its migrations as applied. */
  load?: boolean | undefined;
  /** With `load`: checks whether the file can be loaded, and executes and records nothing. */
  dryRun?: boolean | undefined;
  /** Where the throwaway database is: `pglite` (in memory), a major version such as `16` (a temporary server on this computer), `server` (like the project's database), or the URL of a server. Default: in memory. Not for SQLite, where it is a temporary file. */
  on?: string | undefined;
  /** Makes git ask Kat when it merges the file. The path of the configuration file that git names then. */
  installMergeDriver?: string | undefined;
  /** Recomputes the file in a merge of git, which must run in the working directory. */
  merge?: DriverFiles | undefined;
}

/** What git hands to a merge driver. */
export interface DriverFiles {
  /** Paths of the three sides; the result replaces `ours`. */
  base: string;
  ours: string;
  theirs: string;
  /** The path of the file from the top of the working tree. */
  path: string;
}

/** Why git must leave a conflict. */
export interface SchemaConflict {
  reason: string;
  /** One sentence that says what to do. */
  help: string;
  /** Pairs of migrations whose order matters. */
  findings: readonly Finding[];
}

export interface SchemaResult {
  /** Whether the file is that of the migrations; true unless `check` finds another one, or a merge ends in a conflict. */
  isValid: boolean;
  /** Absolute. */
  file?: string;
  /** Absolute; instead of the file. */
  dir?: string;
  /** The schema; left out with `check` and `load`. */
  sql?: string;
  /** The migrations in the schema, sorted by id. */
  migrations: readonly string[];
  /** What to change in a stale file: lines that begin with `-` or `+`. */
  changes: readonly string[];
  /** Whether the schema was executed in the database. */
  isLoaded: boolean;
  /** With `load` and `dryRun`. */
  isDryRun?: boolean;
  /** With `load`: migrations that insert, update or delete rows. A schema has no rows, so the database lacks theirs. */
  rowMigrations: readonly string[];
  /** With `installMergeDriver`: what was written, in words; empty where all was there. */
  written?: readonly string[];
  /** Whether `merge` has written the merged file. */
  isMerged?: boolean;
  /** With `merge`: why the file must be merged by a person. */
  conflict?: SchemaConflict;
}
