/** The one list of what kat.conf.yaml may hold: validation, types, JSON Schema, `kat init` and the documentation read it. */

import {
  choiceSetting,
  credential,
  driverSetting,
  dryRunDepth,
  duration,
  flagSetting,
  jobsSetting,
  type Kind,
  leaseDuration,
  textSetting,
  wholeNumberSetting,
} from './config-kinds.js';
import {
  checksumPolicies,
  defaultChecksumPolicy,
  type FieldName,
  sslModes,
  upLintPolicies,
} from './config-names.js';

interface FieldFacts<T> {
  /** One sentence or two, for the documentation, editors and the file that `kat init` writes. */
  description: string;
  /** As it may be written in the file. */
  example: string | number | boolean;
  /** The environment variable that overrides the file. */
  env?: `KAT_${string}`;
  /** The default value; if absent, libpq's variables and files apply, then PostgreSQL's defaults. */
  default?: T;
  /** The value that `kat init` writes without a flag. */
  initial?: string | number;
  /** Whether the value may hold a password, so that it is never shown. */
  isSecret?: true;
  /** Whether it says which database, table or folder is meant: an empty value would choose another one. */
  isTarget?: true;
}

export interface Field<T> extends FieldFacts<T>, Kind<T> {
  /** Its path in the file, such as `database.port`. */
  path: string;
}

function field<const P extends string, T, const F extends FieldFacts<T>>(path: P, kind: Kind<T>, facts: F) {
  return { path, ...kind, ...facts };
}

const goSetting = "Accepted for compatibility with Go's Kat; it has no effect.";

/** Every setting, in the order of the file. */
export const configFields = {
  tableName: field('migration.tablename', textSetting, {
    description:
      'Table in which Kat records applied migrations. A schema may precede the name, as in `ops.migrations`.',
    env: 'KAT_MIGRATION_TABLE_NAME',
    default: 'migrations',
    initial: 'migrations',
    example: 'migrations',
    isTarget: true,
  }),
  directory: field('migration.directory', textSetting, {
    description: 'Folder of the migrations; a relative one starts at the folder of this file.',
    env: 'KAT_MIGRATION_DIRECTORY',
    default: 'migrations',
    initial: 'migrations',
    example: 'migrations',
    isTarget: true,
  }),
  dryRun: field('migration.dryRun', dryRunDepth, {
    description:
      'Dry run of up, down, redo, sync, stamp, repair, squash, baseline, import, drift --adopt, schema --load, unlock, db create and db drop, as with `--dry-run`. All other commands ignore it: they change no rows, schema or sessions of the database, and write only the files that you ask for, as with `kat add` or `kat deps --fix`. `rollback` executes the plan in a transaction and rolls it back.',
    env: 'KAT_DRY_RUN',
    default: false,
    example: true,
  }),
  lockWait: field('migration.lock_wait', duration, {
    description: 'How long to wait for another runner of Kat. Default 1m; 0 does not wait.',
    env: 'KAT_LOCK_WAIT',
    example: '1m',
  }),
  lease: field('migration.lease', leaseDuration, {
    description:
      'How long the lease of a run lasts without being renewed, on servers whose advisory locks lock nothing. Default 30s, at least 1s.',
    env: 'KAT_LEASE',
    example: '30s',
  }),
  lockTimeout: field('migration.lock_timeout', duration, {
    description:
      'How long a statement may wait for a lock before the migration is rolled back and retried. Default 5s; 0 means no limit.',
    env: 'KAT_LOCK_TIMEOUT',
    example: '5s',
  }),
  retryFor: field('migration.retry_for', duration, {
    description:
      'How long to retry a migration after a lock timeout or a deadlock. Default 1m; 0 means no retry.',
    env: 'KAT_RETRY_FOR',
    example: '1m',
  }),
  maxBlock: field('migration.max_block', duration, {
    description:
      'How long other sessions may wait for a migration before it is cancelled, rolled back and retried. Default 0, no limit.',
    env: 'KAT_MAX_BLOCK',
    example: '2s',
  }),
  maxBlockedSessions: field('migration.max_blocked_sessions', wholeNumberSetting(1, 2_147_483_647), {
    description:
      'How many sessions may wait for a migration at once before it is cancelled, rolled back and retried. Default: any number.',
    env: 'KAT_MAX_BLOCKED_SESSIONS',
    example: 10,
  }),
  checksums: field('migration.checksums', choiceSetting(checksumPolicies), {
    description:
      'Handling of migrations that were edited after they were applied. `kat up` warns if it has migrations to apply (`warn`), refuses to run (`strict`), or does not check (`off`).',
    env: 'KAT_CHECKSUMS',
    default: defaultChecksumPolicy,
    example: 'strict',
  }),
  jobs: field('migration.jobs', jobsSetting, {
    description:
      'How many migrations `kat up` may run at the same time, each in a session of its own. `auto` means one for each processor of this computer, at most 8.',
    env: 'KAT_JOBS',
    default: 1,
    example: 4,
  }),
  driver: field('database.driver', driverSetting, {
    description:
      'Kind of database: a PostgreSQL server, PGlite, a PostgreSQL embedded in Kat, or a SQLite file.',
    env: 'KAT_DRIVER_NAME',
    default: 'postgres',
    initial: 'postgres',
    example: 'postgres',
    isTarget: true,
  }),
  url: field('database.url', textSetting, {
    description: 'Connection URL of the server. It replaces the single fields below.',
    env: 'KAT_MIGRATION_DATABASE_URL',
    example: 'postgres://postgres:postgres@localhost:5432/myapp?sslmode=disable',
    isSecret: true,
    isTarget: true,
  }),
  user: field('database.user', credential, {
    description: 'Role that runs the migrations.',
    env: 'KAT_DB_USER',
    initial: 'postgres',
    example: 'postgres',
    isTarget: true,
  }),
  password: field('database.password', credential, {
    description:
      'Password of the role. In YAML, write `$DB_PASSWORD` to read it from that environment variable.',
    env: 'KAT_DB_PASSWORD',
    initial: 'postgres',
    example: 'postgres',
    isSecret: true,
    isTarget: true,
  }),
  host: field('database.host', textSetting, {
    description: 'Host name, IP address, or the folder of a unix socket.',
    env: 'KAT_DB_HOST',
    initial: 'localhost',
    example: 'localhost',
    isTarget: true,
  }),
  port: field('database.port', wholeNumberSetting(1, 65_535), {
    description: 'Port of the server.',
    env: 'KAT_DB_PORT',
    initial: 5432,
    example: 5432,
    isTarget: true,
  }),
  name: field('database.name', credential, {
    description: 'Name of the database.',
    env: 'KAT_DB_NAME',
    initial: 'myapp',
    example: 'myapp',
    isTarget: true,
  }),
  sslmode: field('database.sslmode', choiceSetting(sslModes), {
    description: 'TLS mode of the connection, as sslmode of libpq.',
    env: 'KAT_DB_SSL_MODE',
    initial: 'disable',
    example: 'verify-full',
    isTarget: true,
  }),
  path: field('database.path', textSetting, {
    description:
      'Folder of a PGlite database, or file of a SQLite database; a relative one starts at the folder of this file. Without it the database is in memory.',
    initial: 'kat.pglite',
    example: 'kat.pglite',
    isTarget: true,
  }),
  connectTimeout: field('database.connect_timeout', duration, {
    description: 'How long one connection attempt may take; 0 means no limit.',
    example: '10s',
  }),
  statementTimeout: field('database.statement_timeout', duration, {
    description:
      'How long one statement of a migration may run. Default: the setting of the server; 0 means no limit.',
    env: 'KAT_STATEMENT_TIMEOUT',
    example: '1h30m',
  }),
  maxOpenConns: field('database.max_open_conns', wholeNumberSetting(0, 2_147_483_647), {
    description: goSetting,
    example: 10,
  }),
  maxIdleConns: field('database.max_idle_conns', wholeNumberSetting(0, 2_147_483_647), {
    description: goSetting,
    example: 5,
  }),
  connMaxLifetime: field('database.conn_max_lifetime', duration, { description: goSetting, example: '30m' }),
  defaultTimeout: field('database.default_timeout', duration, {
    description: 'Used if connect_timeout is not set.',
    example: '30s',
  }),
  lintOnUp: field('lint.on_up', choiceSetting(upLintPolicies), {
    description:
      'Lint of pending migrations in `kat up`: `warn` shows the findings, `strict` refuses to run if there are errors, `off` does not lint.',
    env: 'KAT_LINT_ON_UP',
    default: 'warn',
    example: 'strict',
  }),
  lintServerVersion: field('lint.server_version', wholeNumberSetting(12, 99), {
    description: 'Oldest major version of PostgreSQL that migrations must support. Default 14.',
    env: 'KAT_LINT_SERVER_VERSION',
    example: 16,
  }),
  lintStartAfter: field('lint.start_after', credential, {
    description: 'Timestamp of a migration. Lint skips this migration and those with smaller timestamps.',
    example: 1679012345,
  }),
  lintDisable: field('lint.disable', textSetting, {
    description: 'Disabled rules, separated by commas.',
    example: 'prefer-text, prefer-identity',
  }),
  lintErrors: field('lint.errors', textSetting, {
    description: 'Rules whose findings count as errors.',
    example: 'drop-column',
  }),
  lintWarnings: field('lint.warnings', textSetting, {
    description: 'Rules whose findings count as warnings.',
    example: 'several-strong-locks',
  }),
  lintInfos: field('lint.infos', textSetting, {
    description: 'Rules whose findings count as information.',
    example: 'foreign-key-without-index',
  }),
  verifyIgnore: field('verify.ignore', textSetting, {
    description:
      'Objects that `kat drift` and `kat diff` leave out, by qualified names with `*` for any text, separated by commas.',
    example: 'cron.*, public.pg_stat_statements*',
  }),
  verifyServerVersion: field('verify.server_version', wholeNumberSetting(12, 99), {
    description:
      'Major version of PostgreSQL that `kat verify` and `kat schema` execute migrations on. Default: that of PGlite.',
    env: 'KAT_VERIFY_SERVER_VERSION',
    example: 16,
  }),
  envFile: field('env_file', textSetting, {
    description:
      'File with variables, in the form of `.env` files; a relative path starts at the folder of this file. Variables of the process win.',
    example: '.env',
    isTarget: true,
  }),
  verbose: field('verbose', flagSetting, {
    description: 'Show more detail, as with `--verbose`.',
    env: 'KAT_VERBOSE',
    default: false,
    example: true,
  }),
} as const satisfies Record<FieldName, object>;

export type FieldPath = (typeof configFields)[keyof typeof configFields]['path'];

/** The same fields as a list, for those who walk over all of them. */
export const fieldList: readonly (Field<unknown> & { path: FieldPath })[] = Object.values(configFields);
