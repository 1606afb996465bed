/** Joins kat.conf.yaml, the environment and flags into one checked configuration. */

import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { KatError, type Problem } from '../../errors.js';
import { present } from '../../present.js';
import { resolveSqlitePath } from '../../sqlite-path.js';
import { readText } from '../source-text.js';
import { findServerVariables } from './config-contradictions.js';
import {
  findMisleading,
  noEnvironment,
  unknownEnvironment,
  wantedEnvironment,
} from './config-environment.js';
import { hideExcerpt } from './config-excerpt.js';
import { configFields } from './config-fields.js';
import { parseConfigFile } from './config-file.js';
import { readLintConfig, splitNames } from './config-lint.js';
import type {
  ChecksumPolicy,
  ConfigFlags,
  DriverName,
  Jobs,
  LintConfig,
  SslModeName,
} from './config-names.js';
import { type ConfigPlace, findExistingConfig } from './config-place.js';
import { mergeSettings, type Settings, type Sources } from './config-settings.js';
import { addEnvFile } from './env-file.js';

export type { ConfigFlags } from './config-names.js';

/** The database settings; unset values are left out, so that the driver finds them elsewhere. */
export interface DatabaseConfig {
  driver: DriverName;
  url?: string;
  user?: string;
  password?: string;
  host?: string;
  port?: number;
  name?: string;
  sslmode?: SslModeName;
  /** PGlite: an absolute folder. SQLite: an absolute file. Left out means in memory. */
  path?: string;
  /** 0 means without end. */
  connectTimeoutMs?: number;
}

/** Times in milliseconds; unset values are left out. */
interface WaitConfig {
  /** For another runner. */
  lockWaitMs?: number;
  /** How long a lease lasts that nobody renews. */
  leaseMs?: number;
  /** `lock_timeout` of each migration; 0 means without end. */
  lockTimeoutMs?: number;
  /** How long a migration is tried again after a lock time-out or a deadlock. */
  retryForMs?: number;
  /** How long others may wait for a migration; 0 means without end. */
  maxBlockMs?: number;
  /** How many may wait for it at once. */
  maxBlockedSessions?: number;
  /** `statement_timeout` of each migration; 0 means without end. */
  statementTimeoutMs?: number;
}

/** Everything that was configured, with defaults filled in. */
export interface Config {
  /** The config file, absolute. */
  file: string;
  /** The chosen section of `environments`. */
  environment?: string;
  /** Whether commands ask before they change this environment's database. */
  isProtected: boolean;
  migration: {
    tableName: string;
    /** Absolute. */
    directory: string;
    /** Whether nothing is to be changed. */
    dryRun: boolean;
    /** Whether a dry run executes what it can in a transaction that is rolled back. */
    isRehearsal: boolean;
    checksums: ChecksumPolicy;
    jobs: Jobs;
  };
  database: DatabaseConfig;
  waits: WaitConfig;
  lint: LintConfig;
  verify: {
    /** Patterns of qualified names. */
    ignore: readonly string[];
    /** The major version that migrations are executed on. */
    serverVersion: number | undefined;
  };
  verbose: boolean;
}

export interface LoadConfigOptions extends ConfigPlace {
  /** The section of `environments` that counts. Default `KAT_ENV`. */
  environment?: string;
  /** They win over the environment, which wins over the file. */
  flags?: ConfigFlags;
  /** Leaves the database's settings unread, so that their variables need not be set where no database is needed. */
  isOffline?: boolean;
}

const mostBytes = 1 << 20;

/**
 * Loads the configuration. Relative paths in it start at the config file's folder, wherever they were set.
 * @throws KatError CONFIG_INVALID when there is no file, or with everything that is wrong in the file, the environment
 *   and the flags.
 */
export async function loadConfig({
  flags = {},
  isOffline = false,
  environment: named,
  ...place
}: LoadConfigOptions): Promise<Config> {
  const file = findExistingConfig(place);
  const environment = wantedEnvironment(named, place.env);
  const parsed = await parseConfigFile(file, readConfig(file), environment);
  const { values, problems, environments, isProtected, isRead } = parsed;
  if (isRead && environment !== undefined && !environments.includes(environment))
    throw configInvalid(file, [...problems, unknownEnvironment(environment, environments, file)]);
  const { env, problems: faults } = readEnvFile(file, { values, env: place.env, flags });
  const settings = mergeSettings({ values, env, flags });
  const config = buildConfig(file, settings, isOffline);
  problems.push(
    ...faults,
    ...settings.problems,
    ...(isOffline ? [] : [...findMisleading(values, env), ...findServerVariables(values, env)]),
  );
  if (problems.length === 0 && !isOffline && namesNoDatabase(config.database))
    problems.push(...missingDatabase(file, environment, parsed));
  if (problems.length > 0) throw configInvalid(file, problems);
  return { ...config, ...(environment === undefined ? {} : { environment }), isProtected };
}

/** Its path may hold variables of the process. */
function readEnvFile(configFile: string, sources: Sources) {
  const { read, problems } = mergeSettings(sources);
  const setting = sources.values.get('env_file');
  const merged = addEnvFile(sources.env, { path: read(configFields.envFile), setting, configFile });
  return { ...merged, problems: [...problems, ...merged.problems] };
}

/**
 * The names of the environments in the configuration file.
 * @throws KatError CONFIG_INVALID when there is no file, or it cannot be read.
 */
export async function listEnvironments(place: ConfigPlace): Promise<readonly string[]> {
  const file = findExistingConfig(place);
  return (await parseConfigFile(file, readConfig(file))).environments;
}

function namesNoDatabase(database: DatabaseConfig): boolean {
  return database.driver === 'postgres' && Object.keys(database).length === 1;
}

/** A file without settings is what a template leaves whose values were missing: libpq's defaults were not meant. */
function missingDatabase(
  file: string,
  environment: string | undefined,
  { blank, hasDatabase, environments }: Awaited<ReturnType<typeof parseConfigFile>>,
): Problem[] {
  if (environment === undefined && !hasDatabase && environments.length > 0)
    return [noEnvironment(environments, file)];
  if (!blank) return [];
  return [
    {
      message: `${blank === 'file' ? file : `\`${blank}\``} is empty`,
      help: 'Write the settings of the database, such as `url`, or set KAT_MIGRATION_DATABASE_URL.',
    },
  ];
}

function readConfig(file: string): string {
  if (!existsSync(file)) {
    throw new KatError('CONFIG_INVALID', `config file not provided: there is no ${file}`, {
      help: 'Run `kat init` to write one, or name an existing one with --config FILE.',
    });
  }
  const text = readText(file, mostBytes);
  if (typeof text !== 'string') throw configInvalid(file, [hideExcerpt(text)]);
  return text;
}

function buildConfig(
  file: string,
  { read, peek }: Settings,
  isOffline: boolean,
): Omit<Config, 'environment' | 'isProtected'> {
  const folder = dirname(file);
  const dryRun = read(configFields.dryRun) ?? configFields.dryRun.default;
  return {
    file,
    migration: {
      tableName: read(configFields.tableName) ?? configFields.tableName.default,
      directory: resolve(folder, read(configFields.directory) ?? configFields.directory.default),
      dryRun: dryRun !== false,
      isRehearsal: dryRun === 'rollback',
      checksums: read(configFields.checksums) ?? configFields.checksums.default,
      jobs: read(configFields.jobs) ?? configFields.jobs.default,
    },
    database: isOffline
      ? { driver: peek(configFields.driver) ?? configFields.driver.default }
      : buildDatabase(folder, read),
    waits: present({
      lockWaitMs: read(configFields.lockWait),
      leaseMs: read(configFields.lease),
      lockTimeoutMs: read(configFields.lockTimeout),
      retryForMs: read(configFields.retryFor),
      maxBlockMs: read(configFields.maxBlock),
      maxBlockedSessions: read(configFields.maxBlockedSessions),
      statementTimeoutMs: read(configFields.statementTimeout),
    }),
    lint: readLintConfig(read),
    verify: {
      ignore: splitNames(read(configFields.verifyIgnore)),
      serverVersion: read(configFields.verifyServerVersion),
    },
    verbose: read(configFields.verbose) ?? configFields.verbose.default,
  };
}

function buildDatabase(folder: string, read: Settings['read']): DatabaseConfig {
  // Read so that they are checked; Kat has no pool that they could govern.
  read(configFields.maxOpenConns);
  read(configFields.maxIdleConns);
  read(configFields.connMaxLifetime);
  const driver = read(configFields.driver) ?? configFields.driver.default;
  const path = driver === 'postgres' ? undefined : placeOf(driver, folder, read(configFields.path));
  const defaultTimeoutMs = read(configFields.defaultTimeout);
  return {
    driver,
    ...(driver === 'postgres' ? readAddress(read) : {}),
    ...present({
      path,
      connectTimeoutMs: read(configFields.connectTimeout) ?? defaultTimeoutMs,
    }),
  };
}

function placeOf(driver: DriverName, folder: string, path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  return driver === 'sqlite' ? resolveSqlitePath(folder, path) : resolve(folder, path);
}

function readAddress(read: Settings['read']): Omit<DatabaseConfig, 'driver'> {
  return present({
    url: read(configFields.url),
    user: read(configFields.user),
    password: read(configFields.password),
    host: read(configFields.host),
    port: read(configFields.port),
    name: read(configFields.name),
    sslmode: read(configFields.sslmode),
  });
}

function configInvalid(file: string, problems: readonly Problem[]): KatError {
  const [first] = problems;
  const only = problems.length === 1 ? first : undefined;
  const message = only?.message ?? `${problems.length} problems in the configuration`;
  return new KatError('CONFIG_INVALID', message, {
    problems: [...problems].sort(compareLines),
    help: only?.help ?? `Correct ${listSources(file, problems)}.`,
  });
}

function listSources(file: string, problems: readonly Problem[]): string {
  const isInFile = ({ message, location }: Problem) => location !== undefined || message.includes(file);
  const environment = 'the named environment variables';
  if (problems.every(isInFile)) return file;
  return problems.some(isInFile) ? `${file} and ${environment}` : environment;
}

/** Problems of the file in its order, then those without a place in it. */
function compareLines(a: Problem, b: Problem): number {
  return (a.location?.line ?? 1e9) - (b.location?.line ?? 1e9);
}
