/** Refuses parts of an address that cannot be what they are called: a URL in the host may bring its password along. */

import { isIP } from 'node:net';
import { KatError } from '../../errors.js';
import { rememberSecret } from '../../secrets.js';
import type { Parameters } from './parameters.js';

const settings: Readonly<Record<string, string>> = {
  host: '`host` (database.host, KAT_DB_HOST, PGHOST)',
  hostaddr: '`hostaddr` (PGHOSTADDR)',
  user: '`user` (database.user, KAT_DB_USER, PGUSER)',
  dbname: '`name` (database.name, KAT_DB_NAME, PGDATABASE)',
};

/** A host name; of others than ASCII, as the server of names knows them too. */
const hostName = /^[\p{L}\p{N}_.-]+$/u;
const scopedAddress = /^[\da-f:.]+%[\w.-]+$/i;

/**
 * Checks host, user and database. What looks like a password in one of them is hidden from then on.
 * @throws KatError CONFIG_INVALID, which names the setting and never its text.
 */
export function checkAddress({ host, hostaddr, user, dbname }: Parameters): void {
  for (const [keyword, value] of Object.entries({ host, hostaddr, user, dbname })) {
    if (value?.includes('://')) {
      throw invalid(
        keyword,
        'holds a URL',
        'Write the URL as `url` (database.url, KAT_MIGRATION_DATABASE_URL).',
      );
    }
  }
  if (host !== undefined) checkHost(host);
  if (hostaddr !== undefined && isIP(hostaddr) === 0 && !scopedAddress.test(hostaddr)) {
    throw invalid('hostaddr', 'is no IP address', 'Write the name of a host as `host`.');
  }
  for (const value of [user, dbname]) rememberSecret(/:([^@]+)/.exec(value ?? '')?.[1]);
}

function checkHost(host: string): void {
  if (host.includes(',')) {
    throw invalid('host', 'names several hosts', 'Name the one server that accepts writes.');
  }
  if (host.startsWith('/') && !/[@?=]/.test(host)) return;
  if (hostName.test(host) || isIP(host) > 0 || scopedAddress.test(host)) return;
  throw invalid(
    'host',
    'is not a host name, an address or a socket folder',
    'Write only the host: port, user, password and database are separate settings.',
  );
}

function invalid(keyword: string, what: string, help: string): KatError {
  return new KatError('CONFIG_INVALID', `the setting ${settings[keyword]} ${what}`, { help });
}
