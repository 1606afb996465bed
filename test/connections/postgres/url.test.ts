import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDatabaseUrl } from '../../../src/connections/postgres/url.js';
import { KatError } from '../../../src/errors.js';

const full = { user: 'ann', password: 's3cret', host: 'db', port: '5433', dbname: 'app' };

describe('reads', () => {
  test.each([
    ['postgres://ann:s3cret@db:5433/app', full],
    ['postgresql://ann:s3cret@db:5433/app', full],
    ['POSTGRES://ann:s3cret@db:5433/app', full],
    ['postgresql+ssl://ann:s3cret@db:5433/app', { ...full, sslmode: 'require' }],
    ['postgres+ssl://db?sslmode=disable', { host: 'db', sslmode: 'require' }],
    ['postgresql+ssl://db?sslmode=verify-full', { host: 'db', sslmode: 'verify-full' }],
    ['postgres://', {}],
    ['postgres://db', { host: 'db' }],
    ['postgres://db/', { host: 'db' }],
    ['postgres:///app', { dbname: 'app' }],
    ['postgres://ann@/app', { user: 'ann', dbname: 'app' }],
    ['postgres:///app?host=/var/run/postgresql', { dbname: 'app', host: '/var/run/postgresql' }],
    ['postgres://%2Fvar%2Frun%2Fpostgresql/app', { dbname: 'app', host: '/var/run/postgresql' }],
    ['postgres://%2Ftmp:5433/app', { dbname: 'app', host: '/tmp', port: '5433' }],
    ['postgres://ann@[::1]:5433/app', { user: 'ann', host: '::1', port: '5433', dbname: 'app' }],
    ['postgres://[fe80::1]', { host: 'fe80::1' }],
    [
      'postgres://a%40b:p%3A%2F%40%25@db/a%20b',
      { user: 'a@b', password: 'p:/@%', host: 'db', dbname: 'a b' },
    ],
    ['postgres://ann:p@ss:w#rd@db/app', { user: 'ann', password: 'p@ss:w#rd', host: 'db', dbname: 'app' }],
    [
      'postgres://db/app?user=ann&password=x%26y&port=1',
      { host: 'db', dbname: 'app', user: 'ann', password: 'x&y', port: '1' },
    ],
    ['postgres://db/app?ssl=true', { host: 'db', dbname: 'app', sslmode: 'require' }],
    [
      'postgres://db?search_path=a,b&connect_timeout=3',
      { host: 'db', search_path: 'a,b', connect_timeout: '3' },
    ],
    ['postgres://db?application_name=x&keepalives=1', { host: 'db', application_name: 'x', keepalives: '1' }],
  ])('%s', (url, parameters) => {
    expect(parseDatabaseUrl(url)).toEqual(parameters);
  });
});

describe('refuses', () => {
  test.each([
    ['mysql://db/app', 'is not a PostgreSQL URL'],
    ['libsql://name.example', 'is the URL of a libSQL server'],
    ['http://db/app', 'does not begin with'],
    ['just text', 'does not begin with'],
    ['postgres://a,b/app', 'several hosts'],
    ['postgres://a:1,b:2/app', 'several hosts'],
    ['postgres://db:54x/app', 'port that is not a number'],
    ['postgres://::1/app', 'invalid host'],
    ['postgres://db/app?sslmode=on', 'the value of sslmode in the database URL is unknown'],
    ['postgres://db/app?sslmod=require', 'unknown connection parameter "sslmod" in the database URL'],
    ['postgres://db/app?target_session_attrs=standby', 'the value of target_session_attrs'],
    ['postgres://db/%zz', 'percent sign'],
    ['postgres://db/a%00b', 'percent sign'],
  ])('%s', (url, words) => {
    expect(() => parseDatabaseUrl(url)).toThrow(words);
  });

  test('a misspelt parameter with the one that was meant', () => {
    expect(caught('postgres://db?sslmod=require').help).toBe('Did you mean "sslmode"?');
  });
});

// Fault 45: people forget to encode passwords, and what is left of them must not end up in a log.
describe('never shows a password that breaks the URL', () => {
  test.each([
    'postgres://ann:hunter/two@db:5432/app',
    'postgres://ann:hunter?two@db:5432/app',
    'postgres://ann:hunter%two@db:5432/app',
    'postgres://ann:1234/hunter2@db/app',
    'postgres://ann:1234?hunter2=x@db/app',
    'postgres://ann:1234?hunter2@db/app?sslmode=disable',
    'postgres://ann:hunter2@db:port/app',
    'postgres://ann:hunter2@[::1/app',
    'postgresx://ann:hunter2@db/app',
    'ann:hunter2@db/app',
  ])('%s', (url) => {
    expect(textOf(caught(url))).not.toMatch(/hunter|two|1234/);
  });

  test('whatever the password is', () => {
    const password = fc.string({ minLength: 6, unit: 'grapheme-ascii' }).map((text) => `${text}Zq8`);
    fc.assert(
      fc.property(password, (secret) => {
        const outcome = attempt(`postgres://ann:${secret}@db:5432/app`);
        if (outcome instanceof KatError) expect(textOf(outcome)).not.toContain('Zq8');
        else expect(outcome.host).toBe('db');
      }),
      { numRuns: 1000 },
    );
  });

  test('and reads every password that is encoded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (secret) => {
        fc.pre(!secret.includes('\0') && secret !== '');
        const url = `postgres://ann:${encodeURIComponent(secret)}@db:5432/app`;
        expect(parseDatabaseUrl(url)).toMatchObject({ password: secret, host: 'db', dbname: 'app' });
      }),
    );
  });
});

function attempt(url: string): Record<string, string> | KatError {
  try {
    return parseDatabaseUrl(url);
  } catch (error) {
    expect(error).toBeInstanceOf(KatError);
    return error as KatError;
  }
}

function caught(url: string): KatError {
  const error = attempt(url);
  expect(error).toMatchObject({ code: 'CONFIG_INVALID' });
  return error as KatError;
}

function textOf(error: KatError): string {
  return `${error.message} ${error.help} ${error.stack} ${String(error.cause)}`;
}
