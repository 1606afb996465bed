/** Migrations as values, options and result of `bundle`, as types without imports of code. */

/** The files of one migration as texts. */
export interface MigrationText {
  /** `<timestamp>_<name>`. */
  id: string;
  /** The text of up.sql. */
  up: string;
  /** The text of down.sql. */
  down?: string;
  /** The text of metadata.yaml. Default: written from the other fields. */
  metadata?: string;
  /** Instead of `metadata`: timestamps, ids or names of the migrations that must be applied before. */
  parents?: readonly string[];
  /** Instead of `metadata`: runs statement by statement, outside of a transaction. */
  noTransaction?: boolean;
}

export interface BundleOptions {
  /** Where it is written: `.mjs`, `.js`, `.ts`, `.cjs` or `.json`. A relative path starts at the working directory. */
  file?: string | undefined;
  /** Compares the file with the migrations, and writes nothing. */
  check?: boolean | undefined;
}

export interface BundleResult {
  /** False if `check` found that the file is stale or missing. */
  isValid: boolean;
  /** Absolute. */
  file?: string;
  /** Ids of the bundled migrations, parents first. */
  migrations: readonly string[];
  /** The bundle, without `check`. */
  text?: string;
}
