/** Parses database URLs as libpq does. By hand, because the errors of URL libraries contain the password. */

import { KatError } from '../../errors.js';
import { rememberSecret } from '../../secrets.js';
import { explainForeignUrl } from './foreign-urls.js';
import { checkParameter, isAtLeast, type Parameters, parseSslMode } from './parameters.js';

const source = 'the database URL';
const encodingHelp =
  'Percent-encode special characters in the user, password and database name: @ is %40, / is %2F, : is %3A, % is %25.';

/**
 * Reads `postgres://`, `postgresql://` and `postgresql+ssl://` URLs; the last asks for `sslmode=require` at least.
 * @returns parameters by libpq's keyword; parts that are absent or empty are left out.
 * @throws KatError CONFIG_INVALID. Its text never repeats the URL, which may hold a password.
 */
export function parseDatabaseUrl(text: string): Parameters {
  const url = text.trim();
  if (url === '') throw invalid('is empty', 'Give the URL, or leave it out.');
  const scheme = /^(?:postgres|postgresql)(\+ssl)?:\/\//i.exec(url);
  if (!scheme) {
    const { what, help } = explainForeignUrl(url);
    throw invalid(what, help);
  }
  const [address, query] = splitOnce(url.slice(scheme[0].length), '?');
  const [authority, path] = splitOnce(address, '/');
  // What follows may be the rest of a password with a / or ? in it, so it is not looked into any further.
  if (/[@/]/.test(path) || query.includes('@')) {
    throw invalid('has a special character that is not encoded', encodingHelp);
  }
  const parameters = dropEmpty({
    ...parseAuthority(authority),
    dbname: decode(path),
    ...parseQuery(query),
  });
  if (scheme[1] && !isAtLeast(parseSslMode(parameters.sslmode ?? 'disable', source), 'require')) {
    parameters.sslmode = 'require';
  }
  return parameters;
}

function parseAuthority(authority: string): Parameters {
  const at = authority.lastIndexOf('@');
  const [user, password] = splitOnce(at < 0 ? '' : authority.slice(0, at), ':');
  rememberSecret(password, [user]);
  const address = authority.slice(at + 1);
  if (address.includes(',')) {
    throw invalid(
      'names several hosts, which Kat does not support',
      'Name the one server that accepts writes.',
    );
  }
  const parts = /^(\[[^\]]*\]|[^:[\]]*)(?::([^:]*))?$/.exec(address);
  if (!parts) throw invalid('has an invalid host', 'Put an IPv6 address in brackets, as in [::1].');
  return {
    user: decode(user),
    password: decode(password),
    host: decode((parts[1] ?? '').replace(/^\[(.*)\]$/, '$1')),
    port: parsePort(parts[2] ?? ''),
  };
}

/** The port as written; text that is no number is probably a part of an unencoded password. */
function parsePort(text: string): string {
  if (/^\d*$/.test(text)) return text;
  throw invalid('has a port that is not a number', encodingHelp);
}

function parseQuery(query: string): Parameters {
  const parameters: Parameters = {};
  for (const pair of query.split('&').filter((text) => text !== '')) {
    const [written, value] = splitOnce(pair, '=');
    // JDBC's spelling, which libpq takes as well.
    const [keyword, text] =
      written === 'ssl' && value === 'true' ? ['sslmode', 'require'] : [decode(written), decode(value)];
    const isBehindSecret = ['password', 'sslpassword', 'options'].some((secret) => secret in parameters);
    checkParameter(keyword, text, { source, name: isBehindSecret ? 'behind a password' : `"${keyword}"` });
    parameters[keyword] = text;
  }
  return parameters;
}

function dropEmpty(parameters: Parameters): Parameters {
  return Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== ''));
}

function splitOnce(text: string, separator: string): [string, string] {
  const index = text.indexOf(separator);
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)];
}

function decode(text: string): string {
  try {
    const decoded = decodeURIComponent(text);
    if (!decoded.includes('\0')) return decoded;
  } catch {
    // Said below, without the text.
  }
  throw invalid('has a percent sign that is not followed by a valid code', encodingHelp);
}

function invalid(what: string, help: string): KatError {
  return new KatError('CONFIG_INVALID', `the database URL ${what}`, { help });
}
