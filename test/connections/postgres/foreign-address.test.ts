/** Addresses that other programs write, or that stand in the wrong setting: what to write instead, and never a password. */
import { describe, expect, test } from 'vitest';
import { describeTarget, resolveTarget } from '../../../src/connections/postgres/libpq.js';
import { KatError } from '../../../src/errors.js';
import { maskSecrets } from '../../../src/secrets.js';

type Settings = Omit<Parameters<typeof resolveTarget>[0], 'driver'>;

function resolve(settings: Settings, env: NodeJS.ProcessEnv = {}) {
  return resolveTarget({ driver: 'postgres', ...settings }, { HOME: '/nowhere', ...env });
}

function failureOf(settings: Settings, env: NodeJS.ProcessEnv = {}): KatError {
  try {
    resolve(settings, env);
  } catch (error) {
    if (error instanceof KatError) return error;
  }
  throw new Error('was accepted');
}

describe('parameters', () => {
  test.each([
    ...['pgbouncer=true', 'connection_limit=1', 'uselibpqcompat=true', 'target_session_attrs=read-write'],
    ...[
      'target_session_attrs=primary',
      'channel_binding=prefer',
      'binary_parameters=yes',
      'pool_max_conns=4',
    ],
  ])('%s changes nothing', (query) => {
    expect(resolve({ url: `postgres://u@h/d?${query}` })).toEqual(resolve({ url: 'postgres://u@h/d' }));
  });

  test.each([
    ['schema=public', 'search_path='],
    ['currentSchema=public', 'search_path='],
    ['sslmode=no-verify', 'sslmode=require'],
    ['ssl=1', 'sslmode=require'],
    ['ssl=false', 'sslmode=disable'],
    ['sslaccept=strict', 'sslmode=verify-full'],
    ['socket_timeout=5', 'statement_timeout='],
    ['connectionTimeoutMillis=5', 'connect_timeout='],
    ['target_session_attrs=standby', 'accepts writes'],
    ['load_balance_hosts=random', 'Leave it out'],
    ['sslcrl=x', 'Leave it out'],
    ['require_auth=md5', 'Leave it out'],
  ])('%s gets the word that helps', (query, word) => {
    expect(failureOf({ url: `postgres://u@h/d?${query}` }).help).toContain(word);
  });
});

describe('URLs', () => {
  test.each([
    ['jdbc:postgresql://h:5432/d', '`jdbc:`'],
    ['postgresql+psycopg2://u@h/d', '`postgres://`'],
    ['postgresql+asyncpg://u@h/d', '`postgres://`'],
    ['cockroachdb://u@h/d', '`postgres://`'],
    ['host=h port=5432 dbname=d user=u password=pw1Secret', 'as a URL'],
    ['"postgres://u@h/d"', 'quotes'],
    ['DATABASE_URL=postgres://u@h/d', 'the value alone'],
    ['mysql://u:pw1Secret@h/d', 'PostgreSQL and SQLite'],
    ['prisma+postgres://accelerate.prisma-data.net/?api_key=pw1Secret', 'direct URL'],
  ])('%s', (url, word) => {
    const { message, help = '' } = failureOf({ url });
    expect(help).toContain(word);
    expect(message + help).not.toContain('pw1Secret');
  });

  test('blanks and line breaks around one, and around the variables of libpq', () => {
    const target = resolve({ url: 'postgres://u@h/d' });
    expect(resolve({ url: '\n postgres://u@h/d\n' })).toEqual(target);
    expect(resolve({}, { PGHOST: 'h\n', PGUSER: ' u', PGDATABASE: 'd\r\n', PGPORT: '5432\n' })).toEqual(
      target,
    );
    expect(resolve({ url: 'postgres://u@h/d' }, { PGPASSWORD: ' p \n' }).password).toBe(' p ');
  });
});

describe('what stands in the wrong setting', () => {
  const url = 'postgres://app:pw2Secret@db.internal:5432/shop';

  test.each([
    [{ host: url }, {}, 'holds a URL'],
    [{ host: 'h', user: url }, {}, 'holds a URL'],
    [{ host: 'h', name: url }, {}, 'holds a URL'],
    [{}, { PGHOST: url }, 'holds a URL'],
    [{}, { PGDATABASE: url }, 'holds a URL'],
    [{ host: 'app:pw2Secret@db' }, {}, 'is not a host name, an address'],
    [{ host: 'db:5432' }, {}, 'is not a host name, an address'],
    [{ host: 'db/shop' }, {}, 'is not a host name, an address'],
    [{ host: '/run/pg?password=pw2Secret' }, {}, 'is not a host name, an address'],
    [{ host: encodeURIComponent(url) }, {}, 'is not a host name, an address'],
    [{ host: 'h' }, { PGHOSTADDR: 'pw2Secret@10.0.0.1' }, 'is no IP address'],
  ])('%j with %j', (settings, env, words) => {
    const { message, help = '' } = failureOf(settings, env);
    expect(message).toContain(words);
    expect(message + help).not.toContain('pw2Secret');
  });

  test.each([
    'db',
    'db.example.com.',
    '127.0.0.1',
    '::1',
    'fe80::1%eth0',
    '/var/run/postgresql',
    'bücher.example',
  ])('the host %s is one', (host) => {
    expect(resolve({ host }).host).toBe(host);
  });

  test.each([
    { host: 'h', user: 'app:pw3Secret' },
    { host: 'h', name: 'app:pw3Secret@db/shop' },
    { host: 'h', name: 'shop?password=pw3Secret' },
    { host: 'h', name: 'shop', password: 'pw3Secret', user: 'pw3Secret@x' },
  ])('of %j no text shows the password', (settings) => {
    const target = resolve(settings);
    const told = [describeTarget(target), maskSecrets(`database "${target.database}" of "${target.user}"`)];
    expect(told.join()).not.toContain('pw3Secret');
    expect(told.join()).not.toContain('pw3');
  });

  test('a password from any source is hidden in what a server says', () => {
    resolve({ url: 'postgres://u:pw%34Secret@h/d' });
    resolve({ host: 'h', user: 'u' }, { PGPASSWORD: 'pw5Secret' });
    resolve({ host: 'h', user: 'u' }, { PGOPTIONS: '-c search_path=app endpoint=x;pw6Secret' });
    const words = 'pw4Secret pw%34Secret pw5Secret invalid argument: endpoint=x;pw6Secret';
    expect(maskSecrets(words)).toBe('*** *** *** invalid argument: endpoint=***');
  });
});

test.each([
  [{ url: '' }, 'the database URL is empty'],
  [{ url: ' \n' }, 'the database URL is empty'],
  [{ host: '' }, 'the setting `host` of the database is empty'],
  [{ host: 'h', name: ' ' }, 'the setting `name` of the database is empty'],
  [{}, 'no host, user or database is given'],
  [{ url: 'postgres://' }, 'no host, user or database is given'],
])('%j does not mean this computer', (settings, message) => {
  expect(failureOf(settings, 'url' in settings ? { PGPORT: '5432' } : {}).message).toBe(message);
});
