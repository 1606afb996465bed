/** Options and results of `kat schema`, as types without imports of code. */

export interface SchemaOptions {
  /** The file of the schema; a relative path starts at the working directory. Default `schema.sql` for `check` and `load`. */
  file?: string | undefined;
  /** Compares the file with the migrations, and writes nothing. */
  check?: boolean | undefined;
  /** Executes the file in the database, and records its migrations as applied. */
  load?: boolean | undefined;
  /** Where the throwaway database is: `pglite` (in memory), or the URL of a server. Default: `pglite`. */
  on?: string | undefined;
}

export interface SchemaResult {
  /** Whether the file is that of the migrations; true unless `check` finds another one. */
  isValid: boolean;
  /** Absolute. */
  file?: string;
  /** The schema; left out with `check` and `load`. */
  sql?: string;
  /** The migrations in the schema, sorted by id. */
  migrations: readonly string[];
  /** What to change in a stale file: lines that begin with `-` or `+`. */
  changes: readonly string[];
  /** Whether the schema was executed in the database. */
  isLoaded: boolean;
  /** With `load`: migrations that insert, update or delete rows. A schema has no rows, so the database lacks theirs. */
  rowMigrations: readonly string[];
}
