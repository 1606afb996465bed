/** The options of `createKat`. */

import type { BorrowedConnection } from '../connections/open-connection.js';
import type { DatabaseConfig } from '../project/config/config.js';
import type { ChecksumPolicy, Jobs } from '../project/config/config-names.js';
import type { MigrationText } from './bundle/result.js';
import type { EventListener } from './events.js';
import type { LintPolicy } from './policy/lint-policy.js';
import type { Logger } from './session/logger.js';

export interface KatOptions {
  /**
   * The migrations folder, as a path or a `file:` URL. A relative path starts at the working directory. Or migrations as values, such
   * as `kat bundle` writes them.
   */
  migrations: string | URL | readonly MigrationText[];
  /**
   * A URL, single settings, or a connection of yours: a `pg` Client, PoolClient or Pool, or a PGlite instance.
   * Kat never closes a connection of yours.
   */
  database: string | DatabaseConfig | BorrowedConnection;
  /** The tracking table, with or without its schema: `migrations`, `app.migrations`. Default `migrations`. */
  tableName?: string;
  /** The name of the environment, such as `production`: a plan that was made in another one is refused. */
  environment?: string;
  /** How `up` treats migrations that were edited after they were applied. Default `warn`. */
  checksums?: ChecksumPolicy;
  /** Objects that `drift`, `diff` and `strictDrift` leave out, by qualified names: `cron.*`. */
  driftIgnore?: readonly string[];
  /** The major version of PostgreSQL that `verify` and `schema` execute migrations on. Default: that of PGlite. */
  verifyServerVersion?: number;
  /** Which lint rules apply, and for which server versions. */
  lint?: LintPolicy;
  /** How long to wait for another runner, in milliseconds. Default one minute. */
  lockWaitMs?: number;
  /**
   * How long the lease of a run lasts without being renewed, in milliseconds, on servers whose advisory locks lock nothing. Default 30
   * seconds, at least one.
   */
  leaseMs?: number;
  /** `lock_timeout` of each migration, in milliseconds; 0 waits without end. Default 5 seconds. */
  lockTimeoutMs?: number;
  /** `statement_timeout` of each migration, in milliseconds. Default: the server's setting. */
  statementTimeoutMs?: number;
  /** How long Kat retries a migration after a lock timeout or a deadlock, in milliseconds. Default one minute. */
  retryForMs?: number;
  /**
   * How long other sessions may wait for a migration, in milliseconds: then it is cancelled, rolled back and retried. Default 0,
   * which means no limit. Needs a connection of its own, so not on PGlite.
   */
  maxBlockMs?: number;
  /** The same for how many sessions may wait for it at once. Default: any number. */
  maxBlockedSessions?: number;
  /** How many migrations `up` may run at the same time, each in a session of its own. Default 1. */
  jobs?: Jobs;
  /** Receives every event of a run as it happens. */
  onEvent?: EventListener;
  /** Receives the same events as lines of text. */
  logger?: Logger;
  /** Aborting cancels the running statement on the server, rolls it back, and ends the run. */
  signal?: AbortSignal;
}
