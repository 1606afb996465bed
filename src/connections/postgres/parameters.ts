/** The words of libpq's connection parameters, which URLs, service files and PG* variables share. */

import { KatError } from '../../errors.js';
import { nearest } from '../../graph/nearest.js';
import type { SslMode } from '../driver.js';
import { helpForParameter, helpForValue, isWithoutEffect } from './foreign-parameters.js';

/** Connection parameters by libpq's keyword, as text. */
export type Parameters = Record<string, string>;

const sslModes: readonly SslMode[] = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'];

/** The parameters that Kat supports, with libpq's environment variable for each. */
const usedKeywords: Readonly<Record<string, string | undefined>> = {
  host: 'PGHOST',
  hostaddr: 'PGHOSTADDR',
  port: 'PGPORT',
  user: 'PGUSER',
  password: 'PGPASSWORD',
  dbname: 'PGDATABASE',
  passfile: 'PGPASSFILE',
  service: 'PGSERVICE',
  sslmode: 'PGSSLMODE',
  sslrootcert: 'PGSSLROOTCERT',
  sslcert: 'PGSSLCERT',
  sslkey: 'PGSSLKEY',
  sslpassword: undefined,
  channel_binding: 'PGCHANNELBINDING',
  connect_timeout: 'PGCONNECT_TIMEOUT',
  options: 'PGOPTIONS',
};

/** Parameters of libpq that Kat can ignore: it has its own name, encoding and keep-alive. */
const ignoredKeywords = [
  'application_name',
  'fallback_application_name',
  'client_encoding',
  'keepalives',
  'keepalives_idle',
  'keepalives_interval',
  'keepalives_count',
  'tcp_user_timeout',
  'krbsrvname',
  'sslcompression',
  'sslsni',
];

/** The supported values of a setting; Kat refuses others. */
const limitedKeywords: Readonly<Record<string, readonly string[]>> = {
  target_session_attrs: ['any', 'read-write', 'primary'],
  channel_binding: ['disable', 'prefer', 'require'],
  load_balance_hosts: ['disable'],
  sslnegotiation: ['postgres'],
  gssencmode: ['disable', 'prefer'],
  sslcertmode: ['allow'],
  // Node.js itself takes no older one.
  ssl_min_protocol_version: ['TLSv1', 'TLSv1.1', 'TLSv1.2'],
};

/** The variables of what libpq demands and Kat cannot, by their parameter: silence would be a weaker connection than was asked for. */
const demandingVariables: Readonly<Record<string, string>> = {
  target_session_attrs: 'PGTARGETSESSIONATTRS',
  load_balance_hosts: 'PGLOADBALANCEHOSTS',
  sslnegotiation: 'PGSSLNEGOTIATION',
  gssencmode: 'PGGSSENCMODE',
  sslcertmode: 'PGSSLCERTMODE',
  sslcrl: 'PGSSLCRL',
  sslcrldir: 'PGSSLCRLDIR',
  ssl_min_protocol_version: 'PGSSLMINPROTOCOLVERSION',
  ssl_max_protocol_version: 'PGSSLMAXPROTOCOLVERSION',
  require_auth: 'PGREQUIREAUTH',
  requirepeer: 'PGREQUIREPEER',
};

/** Settings of the session that a URL or service file may carry beside libpq's own, as in Go's lib/pq. */
const sessionSettings = [
  'search_path',
  'timezone',
  'datestyle',
  'intervalstyle',
  'statement_timeout',
  'lock_timeout',
  'idle_in_transaction_session_timeout',
  'idle_session_timeout',
  'transaction_timeout',
  'role',
  'default_tablespace',
  'temp_tablespaces',
  'work_mem',
  'maintenance_work_mem',
];

/** Whether `keyword` is a setting that the session starts with, rather than a parameter of the connection. */
export function isSessionSetting(keyword: string): boolean {
  return sessionSettings.includes(keyword.toLowerCase());
}

/**
 * The parameters that the PG* variables give. Empty variables count as unset, as in libpq; blanks and line breaks around
 * a value are left out.
 */
export function parametersFromEnvironment(env: NodeJS.ProcessEnv): Parameters {
  const found: Parameters = {};
  for (const [keyword, variable] of Object.entries(usedKeywords)) {
    const value = trimValue(keyword, variable === undefined ? '' : (env[variable] ?? ''));
    if (value) found[keyword] = value;
  }
  return found;
}

/** @throws KatError CONFIG_INVALID for a variable that asks for what Kat cannot do, unless `explicit` says otherwise. */
export function checkDemands(env: NodeJS.ProcessEnv, explicit: Parameters): void {
  for (const [keyword, variable] of Object.entries(demandingVariables)) {
    const value = env[variable]?.trim();
    if (!value || keyword in explicit) continue;
    checkParameter(keyword, value, { source: `the variable ${variable}`, name: `"${keyword}"` });
  }
}

/** Secrets of CI services often end with a line break; a password may begin or end with a blank. */
export function trimValue(keyword: string, value: string): string {
  return keyword === 'password' || keyword === 'sslpassword' ? value.replace(/[\r\n]+$/, '') : value.trim();
}

/**
 * Makes sure that Kat knows a parameter and can do what it says.
 * @param place where it stands, for the message, and what to call it there: behind a password with an `&` in it, the
 *   name may be the rest of the password.
 * @throws KatError CONFIG_INVALID, which never shows a value.
 */
export function checkParameter(
  keyword: string,
  value: string,
  place: { source: string; name: string },
): void {
  const { source } = place;
  if (keyword === 'sslmode') parseSslMode(value, source);
  const allowed = limitedKeywords[keyword];
  if (allowed && !allowed.includes(value)) {
    throw new KatError('CONFIG_INVALID', `the value of ${keyword} in ${source} is not supported`, {
      help:
        helpForValue(keyword, value) ??
        `Leave it out or use ${allowed.map((word) => `"${word}"`).join(' or ')}.`,
    });
  }
  const isKnown = keyword in usedKeywords || ignoredKeywords.includes(keyword) || isSessionSetting(keyword);
  if (!allowed && !isKnown && !isWithoutEffect(keyword)) throw unknownParameter(keyword, place);
}

function unknownParameter(keyword: string, { source, name }: { source: string; name: string }): KatError {
  const foreign = helpForParameter(keyword);
  if (foreign) {
    return new KatError('CONFIG_INVALID', `"${keyword}" in ${source} is not a parameter of Kat`, {
      help: foreign,
    });
  }
  const known = [...Object.keys(usedKeywords), ...ignoredKeywords, ...sessionSettings];
  const [similar] = nearest(keyword, known, 1);
  return new KatError('CONFIG_INVALID', `unknown connection parameter ${name} in ${source}`, {
    help: similar
      ? `Did you mean "${similar}"?`
      : 'Use the parameters that libpq documents, such as sslmode. If it is a part of a value, write & as %26.',
  });
}

/**
 * @param source where it stands, for the message.
 * @throws KatError CONFIG_INVALID when it is not one of libpq's six modes.
 */
export function parseSslMode(text: string, source: string): SslMode {
  const mode = sslModes.find((known) => known === text);
  if (mode) return mode;
  throw new KatError('CONFIG_INVALID', `the value of sslmode in ${source} is unknown`, {
    help: helpForValue('sslmode', text) ?? `Use one of ${sslModes.join(', ')}.`,
  });
}

/** Whether `mode` is at least as strict as `least`. */
export function isAtLeast(mode: SslMode, least: SslMode): boolean {
  return sslModes.indexOf(mode) >= sslModes.indexOf(least);
}
