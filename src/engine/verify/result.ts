/** Options and results of `kat verify`, as types without imports of code. */

import type { Finding, LintFindings } from '../../findings.js';

/** At most one of `of`, `pending`, `gitBase` and `all`; all migrations where there is none. */
export interface VerifyOptions {
  /** Only these, named as on the command line. */
  of?: readonly string[] | undefined;
  /** Only what is pending, as the database says. */
  pending?: boolean | undefined;
  /** Only what the branch has added or edited since it left this git revision. */
  gitBase?: string | undefined;
  all?: boolean | undefined;
  /**
   * Where the migrations are tried: `pglite` in memory; a major version such as `16`, on a temporary server of this computer; `server`,
   * like the project's database, as without a choice if `pending`; or on the server with this URL, in a database that is created for
   * it and dropped afterwards. Default: in memory. Not for SQLite, where it is a temporary file.
   */
  on?: string | undefined;
  /**
   * Executes the whole history in this many orders that the graph allows, instead of each migration up and down. All must end in the
   * same schema. At least 2.
   */
  order?: number | undefined;
  /** Whether results of earlier runs count, as long as nothing that they depend on has changed. Default true. */
  cache?: boolean | undefined;
  /** Chooses the random orders. Left out, a new one each time. */
  seed?: number | undefined;
  /** Warnings make the result invalid, too. */
  strict?: boolean | undefined;
  /** Writes what was seen into `kat-evidence.jsonl` beside the migrations folder, for `lint`, `check` and `deps`. Not for SQLite. */
  evidence?: boolean | undefined;
}

/** A migration that was not verified. */
export interface UnverifiedMigration {
  id: string;
  /** In one sentence without a full stop. */
  reason: string;
}

/** A finding of `kat lint` about the way back, or one of `kat check`, and what its execution showed. */
export interface VerifiedPrediction extends Pick<Finding, 'code' | 'message' | 'migration' | 'severity'> {
  /** `not seen`: no executed order shows it, and rows may. `refuted`: it is wrong about the schema. */
  verdict: 'confirmed' | 'refuted' | 'not seen';
}

export interface VerifyResult extends LintFindings {
  /** Whether there is no error, and with `strict` no warning. */
  isValid: boolean;
  /** Ids of the migrations that were executed. */
  migrations: readonly string[];
  /** Those that could not be executed, or not to the end. */
  untried: readonly UnverifiedMigration[];
  /** What `kat lint` says about the way back of these migrations. */
  predictions: readonly VerifiedPrediction[];
  /** How many findings `-- kat:ignore` accepts. */
  accepted: number;
  /** How many of the migrations were executed by an earlier run, with the same result. */
  recalled: number;
  /** The version of the server that executed them, such as `18.4`. */
  server: string;
  /** Absent without `order`. */
  order?: OrderEvidence;
  /** Absolute; absent without `evidence`. */
  evidenceFile?: string;
}

/** What the execution in several orders covered. */
export interface OrderEvidence {
  seed: number;
  /** How many different orders were chosen. */
  orders: number;
  /** How many pairs of migrations are in no order. */
  pairs: number;
  /** How many of these ran both ways round, in orders that came to their end. */
  covered: number;
  /** How many times the history was applied, those to find a pair included. */
  runs: number;
}
