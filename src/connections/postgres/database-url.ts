/** Writes a database as a URL of libpq, which psql, drivers and other tools take. */

import { maskSecrets } from '../../secrets.js';
import type { DatabaseSettings } from '../driver.js';
import { collectParameters, type Target } from './libpq.js';
import type { Parameters } from './parameters.js';

const mask = '***';

/** Parameters that keep their meaning in other programs. */
const kept = ['hostaddr', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'channel_binding', 'passfile'];

interface Resolved {
  settings: DatabaseSettings;
  env: NodeJS.ProcessEnv;
  target: Target;
}

/** Settings of the session travel as `options`: libpq knows no parameters of these names. */
export function databaseUrl(
  { settings, env, target }: Resolved,
  { showsPassword }: { showsPassword: boolean },
): string {
  const { host, port, user, database, password, options } = target;
  const all = collectParameters(settings, env);
  const isSocket = host.startsWith('/');
  const hide = (secret: string) => (showsPassword ? encodeURIComponent(secret) : mask);
  const credentials = password === undefined ? '' : `:${hide(password)}`;
  const address = isSocket ? '' : `${host.includes(':') ? `[${host}]` : encodeURIComponent(host)}:${port}`;
  const query = [
    ...(isSocket ? [`host=${encodeURIComponent(host)}`, `port=${port}`] : []),
    ...kept.flatMap((keyword) => parameter(keyword, all)),
    ...(all.sslpassword === undefined ? [] : [`sslpassword=${hide(all.sslpassword)}`]),
    ...(options === undefined ? [] : [`options=${encodeOptions(options, showsPassword)}`]),
  ].join('&');
  const place = `${encodeURIComponent(user)}${credentials}@${address}/${encodeURIComponent(database)}`;
  return `postgres://${place}${query === '' ? '' : `?${query}`}`;
}

/** Kat knows the values in them that may be passwords. */
function encodeOptions(options: string, showsPassword: boolean): string {
  const encoded = encodeURIComponent(options);
  return showsPassword ? encoded : maskSecrets(encoded);
}

function parameter(keyword: string, { [keyword]: value }: Parameters): string[] {
  return value === undefined ? [] : [`${keyword}=${encodeURIComponent(value)}`];
}
