/** The settings of a configuration module, such as `kat.config.ts`. Generated from `config-fields.ts`. */

/** Which database the migrations run on, and how to reach it. */
interface DatabaseSection {
  /** Kind of database: a PostgreSQL server, PGlite, a PostgreSQL embedded in Kat, or a SQLite file. */
  driver?: 'postgres' | 'pglite' | 'sqlite' | undefined;
  /** Connection URL of the server. It replaces the single fields below. */
  url?: string | undefined;
  /** Role that runs the migrations. */
  user?: string | number | undefined;
  /** Password of the role. In YAML, write `$DB_PASSWORD` to read it from that environment variable. */
  password?: string | number | undefined;
  /** Host name, IP address, or the folder of a unix socket. */
  host?: string | undefined;
  /** Port of the server. */
  port?: number | undefined;
  /** Name of the database. */
  name?: string | number | undefined;
  /** TLS mode of the connection, as sslmode of libpq. */
  sslmode?: 'disable' | 'allow' | 'prefer' | 'require' | 'verify-ca' | 'verify-full' | undefined;
  /** Folder of a PGlite database, or file of a SQLite database; a relative one starts at the folder of this file. Without it the database is in memory. */
  path?: string | undefined;
  /** How long one connection attempt may take; 0 means no limit. */
  connect_timeout?: string | 0 | undefined;
  /** How long one statement of a migration may run. Default: the setting of the server; 0 means no limit. */
  statement_timeout?: string | 0 | undefined;
  /** Accepted for compatibility with Go's Kat; it has no effect. */
  max_open_conns?: number | undefined;
  /** Accepted for compatibility with Go's Kat; it has no effect. */
  max_idle_conns?: number | undefined;
  /** Accepted for compatibility with Go's Kat; it has no effect. */
  conn_max_lifetime?: string | 0 | undefined;
  /** Used if connect_timeout is not set. */
  default_timeout?: string | 0 | undefined;
}

/** Where migrations are and where Kat records them. */
interface MigrationSection {
  /** Table in which Kat records applied migrations. A schema may precede the name, as in `ops.migrations`. */
  tablename?: string | undefined;
  /** Folder of the migrations; a relative one starts at the folder of this file. */
  directory?: string | undefined;
  /** Dry run of up, down, redo, sync, stamp, repair, squash, baseline, import, drift --adopt, schema --load, unlock, db create and db drop, as with `--dry-run`. All other commands ignore it: they change no rows, schema or sessions of the database, and write only the files that you ask for, as with `kat add` or `kat deps --fix`. `rollback` executes the plan in a transaction and rolls it back. */
  dryRun?: boolean | 'rollback' | undefined;
  /** How long to wait for another runner of Kat. Default 1m; 0 does not wait. */
  lock_wait?: string | 0 | undefined;
  /** How long the lease of a run lasts without being renewed, on servers whose advisory locks lock nothing. Default 30s, at least 1s. */
  lease?: string | undefined;
  /** How long a statement may wait for a lock before the migration is rolled back and retried. Default 5s; 0 means no limit. */
  lock_timeout?: string | 0 | undefined;
  /** How long to retry a migration after a lock timeout or a deadlock. Default 1m; 0 means no retry. */
  retry_for?: string | 0 | undefined;
  /** How long other sessions may wait for a migration before it is cancelled, rolled back and retried. Default 0, no limit. */
  max_block?: string | 0 | undefined;
  /** How many sessions may wait for a migration at once before it is cancelled, rolled back and retried. Default: any number. */
  max_blocked_sessions?: number | undefined;
  /** Handling of migrations that were edited after they were applied. `kat up` warns if it has migrations to apply (`warn`), refuses to run (`strict`), or does not check (`off`). */
  checksums?: 'warn' | 'strict' | 'off' | undefined;
  /** How many migrations `kat up` may run at the same time, each in a session of its own. `auto` means one for each processor of this computer, at most 8. */
  jobs?: number | 'auto' | undefined;
}

/** Throwaway databases and comparisons of schemas. */
interface VerifySection {
  /** Objects that `kat drift` and `kat diff` leave out, by qualified names with `*` for any text, separated by commas. */
  ignore?: string | undefined;
  /** Major version of PostgreSQL that `kat verify` and `kat schema` execute migrations on. Default: that of PGlite. */
  server_version?: number | undefined;
}

/** Rules of the linter and their severities. */
interface LintSection {
  /** Lint of pending migrations in `kat up`: `warn` shows the findings, `strict` refuses to run if there are errors, `off` does not lint. */
  on_up?: 'warn' | 'strict' | 'off' | undefined;
  /** Oldest major version of PostgreSQL that migrations must support. Default 14. */
  server_version?: number | undefined;
  /** Timestamp of a migration. Lint skips this migration and those with smaller timestamps. */
  start_after?: string | number | undefined;
  /** Disabled rules, separated by commas. */
  disable?: string | undefined;
  /** Rules whose findings count as errors. */
  errors?: string | undefined;
  /** Rules whose findings count as warnings. */
  warnings?: string | undefined;
  /** Rules whose findings count as information. */
  infos?: string | undefined;
}

/** Settings at the top level, and of each environment. */
interface SharedSettings {
  /** Which database the migrations run on, and how to reach it. */
  database?: DatabaseSection | undefined;
  /** Where migrations are and where Kat records them. */
  migration?: MigrationSection | undefined;
  /** Throwaway databases and comparisons of schemas. */
  verify?: VerifySection | undefined;
  /** Rules of the linter and their severities. */
  lint?: LintSection | undefined;
  /** File with variables, in the form of `.env` files; a relative path starts at the folder of this file. Variables of the process win. */
  env_file?: string | undefined;
  /** Show more detail, as with `--verbose`. */
  verbose?: boolean | undefined;
}

/** Settings of one environment. They override those at the top level. */
interface EnvironmentSettings extends SharedSettings {
  /** Whether commands ask for confirmation before they change the database. */
  protected?: boolean | undefined;
}

/** What `kat.config.ts` exports. Kat expands no variables in these values. */
export interface KatConfig extends SharedSettings {
  /** Chosen by --env or KAT_ENV. */
  environments?: Readonly<Record<string, EnvironmentSettings>> | undefined;
}
