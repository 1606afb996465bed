/** Decides how to reach a server, from everything that users of libpq and psql are used to. */

import { userInfo } from 'node:os';
import { KatError } from '../../errors.js';
import { maskSecrets, rememberSecret } from '../../secrets.js';
import type { DatabaseSettings, Notice, SslMode } from '../driver.js';
import { checkAddress } from './check-address.js';
import { certificateFile, homeFile } from './home.js';
import {
  checkDemands,
  isSessionSetting,
  type Parameters,
  parametersFromEnvironment,
  parseSslMode,
  trimValue,
} from './parameters.js';
import { findPassword } from './password-file.js';
import { loadService } from './service-file.js';
import { parseDatabaseUrl } from './url.js';

/** The paths of the TLS files. A given path must exist; a default path may be missing. */
interface CertificatePaths {
  /** `system` means the certificate authorities that Node.js brings. */
  root: string;
  certificate: string;
  key: string;
  /** The keywords that were given rather than taken from the home folder. */
  given: ReadonlySet<string>;
  keyPassword: string | undefined;
}

/** A server and how to enter it, with nothing left to decide. */
export interface Target {
  /** A host name, an address, or the absolute folder of a Unix socket. */
  host: string;
  /** The address to connect to instead of resolving `host`. */
  address: string | undefined;
  port: number;
  user: string;
  password: string | undefined;
  database: string;
  sslmode: SslMode;
  certificates: CertificatePaths;
  /** Whether the password exchange must prove that no proxy intercepts it. */
  needsChannelBinding: boolean;
  /** 0 waits for ever. */
  connectTimeoutMs: number;
  /** Command-line options for the server process, as in PGOPTIONS. */
  options: string | undefined;
  /** Notes for the user about the choice of values. */
  warning: Notice | undefined;
}

const defaultConnectTimeoutMs = 30_000;

/**
 * Puts the sources together: single fields, then the URL, the service file, PG* variables, defaults; for a password
 * that none of them has, the password file.
 * @throws KatError CONFIG_INVALID, never with a password.
 */
export function resolveTarget(settings: DatabaseSettings, env: NodeJS.ProcessEnv): Target {
  return targetOf(settings, env, collectParameters(settings, env));
}

/** What the sources say, by libpq's keyword; without defaults and without the password file. @throws KatError CONFIG_INVALID */
export function collectParameters(settings: DatabaseSettings, env: NodeJS.ProcessEnv): Parameters {
  const explicit = ownParameters(settings);
  const service = serviceOf(explicit, env);
  const all: Parameters = {
    ...parametersFromEnvironment(env),
    ...(service ? loadService(service, env) : {}),
    ...explicit,
  };
  checkDemands(env, all);
  checkAddress(all);
  if (![all.host, all.hostaddr, all.dbname, service, explicit.user].some(Boolean)) throw noDatabase();
  return all;
}

/** What the settings themselves say, by libpq's keyword. @throws KatError CONFIG_INVALID */
export function ownParameters(settings: DatabaseSettings): Parameters {
  const { url } = settings;
  return { ...(url === undefined ? {} : parseDatabaseUrl(url)), ...fieldParameters(settings) };
}

/** The name of the service that completes these parameters. */
export function serviceOf(explicit: Parameters, env: NodeJS.ProcessEnv): string | undefined {
  return explicit.service ?? parametersFromEnvironment(env).service;
}

function targetOf(settings: DatabaseSettings, env: NodeJS.ProcessEnv, all: Parameters): Target {
  const host = all.host ?? all.hostaddr ?? 'localhost';
  const port = parseNumber(all.port ?? '5432', 'port', 65_535);
  const user = all.user ?? systemUser();
  const database = all.dbname ?? user;
  const passwordFile = all.passfile ?? homeFile(env, '.pgpass');
  const found = all.password
    ? { password: all.password, warning: undefined }
    : findPassword(passwordFile, { host, port, database, user });
  hideSecrets(all, found.password, [user, database, host]);
  return {
    ...{ host, address: all.hostaddr, port, user, database, ...found },
    sslmode: chooseSslMode(all),
    certificates: certificatePaths(all, env),
    needsChannelBinding: all.channel_binding === 'require',
    connectTimeoutMs: settings.connectTimeoutMs ?? timeoutFrom(all.connect_timeout),
    options: serverOptions(all),
  };
}

/** `sslrootcert=system` without a mode means verify-full: weaker modes would accept any owner of a certificate. */
function chooseSslMode(all: Parameters): SslMode {
  const isSystem = all.sslrootcert === 'system';
  const mode = parseSslMode(all.sslmode ?? (isSystem ? 'verify-full' : 'prefer'), 'the connection settings');
  if (isSystem && mode !== 'verify-full') {
    throw new KatError('CONFIG_INVALID', `sslmode "${mode}" is too weak for sslrootcert=system`, {
      help: 'Use sslmode=verify-full with sslrootcert=system.',
    });
  }
  return mode;
}

/** Everything that may hold a password, whichever source it came from. */
function hideSecrets(all: Parameters, password: string | undefined, shown: readonly string[]): void {
  rememberSecret(password, shown);
  rememberSecret(all.sslpassword, shown);
  // A server repeats the arguments that it does not understand.
  for (const word of (all.options ?? '').split(/\s+/)) {
    const isFlag = /^-|^(?:search_path|\w+_timeout|role|timezone|datestyle)=/i.test(word);
    if (!isFlag) rememberSecret(word.replace(/^[\w.-]+[=:]/, ''), shown);
  }
}

/** PostgreSQL's defaults, this computer and the database of one's own name, are seldom what a project means. */
function noDatabase(): KatError {
  return new KatError('CONFIG_INVALID', 'no host, user or database is given', {
    help: 'Set `url`, or `host` and `name`, in the configuration, or set PGHOST and PGDATABASE.',
  });
}

function fieldParameters({ name: dbname, ...settings }: DatabaseSettings): Parameters {
  const { host, port, user, password, sslmode } = settings;
  const fields = { host, port: port?.toString(), user, password, dbname, sslmode };
  const given = Object.entries(fields).flatMap(([keyword, value]) =>
    value === undefined ? [] : [[keyword, trimValue(keyword, value)] as const],
  );
  const empty = given.find(([keyword, value]) => value === '' && keyword !== 'password');
  if (empty) throw emptySetting(empty[0] === 'dbname' ? 'name' : empty[0]);
  return Object.fromEntries(given.filter(([, value]) => value !== ''));
}

function emptySetting(name: string): KatError {
  return new KatError('CONFIG_INVALID', `the setting \`${name}\` of the database is empty`, {
    help: 'Give it a value, or leave it out.',
  });
}

function parseNumber(text: string, keyword: string, max: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text.trim()) && number <= max) return number;
  throw new KatError(
    'CONFIG_INVALID',
    `${keyword} in the connection settings is not a number from 0 to ${max}`,
    {
      help: `Correct ${keyword} in the settings, the URL, the service file or its PG variable.`,
    },
  );
}

/** libpq counts whole seconds, and 0 or nothing means for ever; Kat's own default is finite. */
function timeoutFrom(seconds: string | undefined): number {
  return seconds === undefined
    ? defaultConnectTimeoutMs
    : parseNumber(seconds, 'connect_timeout', 1_000_000) * 1000;
}

function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    throw new KatError(
      'CONFIG_INVALID',
      'no database user is given, and the operating system has no user name for this process',
      {
        help: 'Set the user in the connection settings or in PGUSER.',
      },
    );
  }
}

function certificatePaths(all: Parameters, env: NodeJS.ProcessEnv): CertificatePaths {
  return {
    root: all.sslrootcert ?? certificateFile(env, 'root.crt'),
    certificate: all.sslcert ?? certificateFile(env, 'postgresql.crt'),
    key: all.sslkey ?? certificateFile(env, 'postgresql.key'),
    given: new Set(['sslrootcert', 'sslcert', 'sslkey'].filter((keyword) => all[keyword] !== undefined)),
    keyPassword: all.sslpassword,
  };
}

/** Session settings travel as `-c name=value` in the start-up packet, where a backslash keeps a blank together. */
function serverOptions(all: Parameters): string | undefined {
  const settings = Object.entries(all)
    .filter(([keyword]) => isSessionSetting(keyword))
    .map(([keyword, value]) => `-c ${keyword}=${value.replace(/[\\\s]/g, '\\$&')}`);
  const options = [...(all.options ? [all.options] : []), ...settings].join(' ');
  return options === '' ? undefined : options;
}

/** The target, for messages: a URL without the password. */
export function describeTarget({ host, port, user, database }: Target): string {
  const name = maskSecrets(encodeURIComponent(maskSecrets(database)));
  const who = maskSecrets(encodeURIComponent(maskSecrets(user)));
  if (host.startsWith('/')) return `postgres://${who}@/${name}?host=${host}&port=${port}`;
  return `postgres://${who}@${formatAddress(host, port)}/${name}`;
}

/** `host:port`, or the path of the Unix socket. */
export function formatAddress(host: string, port: number): string {
  if (host.startsWith('/')) return `${host}/.s.PGSQL.${port}`;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
