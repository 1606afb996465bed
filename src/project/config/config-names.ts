/** The words of the configuration that programs use. Its types need no other package, because the library's users see them. */

export const driverNames = ['postgres', 'pglite', 'sqlite'] as const;
export type DriverName = (typeof driverNames)[number];

export const sslModes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
export type SslModeName = (typeof sslModes)[number];

/** How to treat migrations that were edited after they were applied: `up` warns, refuses, or does not check. */
export const checksumPolicies = ['warn', 'strict', 'off'] as const;
export type ChecksumPolicy = (typeof checksumPolicies)[number];
export const defaultChecksumPolicy = 'warn' satisfies ChecksumPolicy;

/** How `up` treats lint findings in pending migrations. */
export const upLintPolicies = ['warn', 'strict', 'off'] as const;
export type UpLintPolicy = (typeof upLintPolicies)[number];

/** The section `lint`, without unset values. */
export interface LintConfig {
  onUp: UpLintPolicy;
  serverVersion?: number;
  startAfter?: string;
  /** By rule; a rule in several lists gets the highest severity, and a disabled rule is off. */
  rules: Readonly<Record<string, 'error' | 'warning' | 'info' | 'off'>>;
}

/** Whether nothing is to be changed, and how that is found out: by a look, or in a transaction that is rolled back. */
export type DryRun = boolean | 'rollback';

/** How many migrations run at the same time: a number, or one for each processor of this computer. */
export type Jobs = number | 'auto';

/** Names of the settings of kat.conf.yaml for programs and flags. */
export type FieldName =
  | 'tableName'
  | 'directory'
  | 'dryRun'
  | 'lockWait'
  | 'lease'
  | 'lockTimeout'
  | 'retryFor'
  | 'maxBlock'
  | 'maxBlockedSessions'
  | 'checksums'
  | 'jobs'
  | 'driver'
  | 'url'
  | 'user'
  | 'password'
  | 'host'
  | 'port'
  | 'name'
  | 'sslmode'
  | 'path'
  | 'connectTimeout'
  | 'statementTimeout'
  | 'maxOpenConns'
  | 'maxIdleConns'
  | 'connMaxLifetime'
  | 'defaultTimeout'
  | 'lintOnUp'
  | 'lintServerVersion'
  | 'lintStartAfter'
  | 'lintDisable'
  | 'lintErrors'
  | 'lintWarnings'
  | 'lintInfos'
  | 'verifyIgnore'
  | 'verifyServerVersion'
  | 'envFile'
  | 'verbose';

/** Settings given on the command line, by name: `{ dryRun: true }`. */
export type ConfigFlags = { readonly [Name in FieldName]?: string | number | boolean };

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;
