import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DatabaseSettings } from '../../../src/connections/driver.js';
import { describeTarget, resolveTarget } from '../../../src/connections/postgres/libpq.js';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'kat-home-'));
});
afterEach(() => rmSync(home, { recursive: true }));

function resolve(settings: Omit<DatabaseSettings, 'driver'>, env: NodeJS.ProcessEnv = {}) {
  return resolveTarget({ driver: 'postgres', ...settings }, { HOME: home, ...env });
}

function write(name: string, text: string, mode = 0o600): string {
  const path = join(home, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

describe('what is given nowhere', () => {
  test('has libpq-like defaults', () => {
    const user = userInfo().username;
    expect(resolve({ name: 'app' })).toMatchObject({
      ...{ host: 'localhost', address: undefined, port: 5432, user, database: 'app', password: undefined },
      ...{ sslmode: 'prefer', connectTimeoutMs: 30_000, options: undefined, warning: undefined },
    });
  });

  test('names the database after the user', () => {
    expect(resolve({ user: 'ann' }).database).toBe('ann');
  });
});

describe('variables that ask for what Kat cannot do', () => {
  test.each([
    ['PGREQUIREAUTH', 'scram-sha-256'],
    ['PGSSLCRL', '/etc/ssl/crl.pem'],
    ['PGTARGETSESSIONATTRS', 'read-only'],
    ['PGSSLNEGOTIATION', 'direct'],
    ['PGGSSENCMODE', 'require'],
    ['PGSSLMINPROTOCOLVERSION', 'TLSv1.3'],
  ])('%s=%s is refused by its name', (variable, value) => {
    expect(() => resolve({ url: 'postgres://db/app' }, { [variable]: value })).toThrow(variable);
  });

  test.each([
    ['PGTARGETSESSIONATTRS', 'read-write'],
    ['PGSSLNEGOTIATION', 'postgres'],
    ['PGSSLMINPROTOCOLVERSION', 'TLSv1.2'],
    ['PGREQUIREAUTH', ''],
  ])('%s=%s is what Kat does', (variable, value) => {
    expect(resolve({ url: 'postgres://db/app' }, { [variable]: value }).host).toBe('db');
  });

  test('a URL says it instead', () => {
    const url = 'postgres://db/app?target_session_attrs=any';
    expect(resolve({ url }, { PGTARGETSESSIONATTRS: 'standby' }).host).toBe('db');
  });
});

describe('precedence', () => {
  const env = {
    PGHOST: 'env',
    PGPORT: '1',
    PGUSER: 'env',
    PGPASSWORD: 'env',
    PGDATABASE: 'env',
    PGSSLMODE: 'allow',
  };
  const service =
    '[s]\nhost=service\nport=2\nuser=service\npassword=service\ndbname=service\nsslmode=require\n';
  const url = 'postgres://url:url@url:3/url?sslmode=verify-ca';
  const fields = {
    host: 'field',
    port: 4,
    user: 'field',
    password: 'field',
    name: 'field',
    sslmode: 'disable',
  } as const;

  test('PG variables before defaults', () => {
    expect(resolve({}, env)).toMatchObject(expected('env', 1, 'allow'));
  });

  test('the service file before PG variables', () => {
    write('.pg_service.conf', service);
    expect(resolve({}, { ...env, PGSERVICE: 's' })).toMatchObject(expected('service', 2, 'require'));
  });

  test('the URL before the service file', () => {
    write('.pg_service.conf', service);
    expect(resolve({ url }, { ...env, PGSERVICE: 's' })).toMatchObject(expected('url', 3, 'verify-ca'));
  });

  test('single fields before the URL', () => {
    expect(resolve({ url, ...fields }, env)).toMatchObject(expected('field', 4, 'disable'));
  });

  test('part by part', () => {
    expect(resolve({ url: 'postgres://ann@/app', port: 7 }, env)).toMatchObject({
      ...{ host: 'env', port: 7, user: 'ann', password: 'env', database: 'app' },
    });
  });

  test('empty values count as none', () => {
    expect(resolve({ password: '' }, { PGHOST: 'env', PGPORT: '', PGPASSWORD: 'env' })).toMatchObject({
      ...{ host: 'env', port: 5432, password: 'env' },
    });
  });

  function expected(name: string, port: number, sslmode: string) {
    return { host: name, port, user: name, password: name, database: name, sslmode };
  }
});

describe('service files', () => {
  test('are named by the URL, PGSERVICEFILE and PGSYSCONFDIR', () => {
    const own = write(
      'own.conf',
      '# mine\n\n[other]\nhost=wrong\n[s]\nhost = right\nhost=second\n[t]\nhost=wrong\n',
    );
    expect(resolve({ url: 'postgres:///?service=s' }, { PGSERVICEFILE: own }).host).toBe('right');
    mkdirSync(join(home, 'etc'));
    write('etc/pg_service.conf', '[s]\nhost=etc\n[u]\nhost=system\n');
    const env = { PGSERVICEFILE: own, PGSYSCONFDIR: join(home, 'etc') };
    expect(resolve({}, { ...env, PGSERVICE: 's' }).host).toBe('right');
    expect(resolve({}, { ...env, PGSERVICE: 'u' }).host).toBe('system');
  });

  test('must define the service', () => {
    expect(() => resolve({}, { PGSERVICE: 'nope' })).toThrow('the service "nope" is not defined in');
  });

  test('are checked line by line', () => {
    write('.pg_service.conf', '[s]\nhost=db\nhots=x\n');
    expect(() => resolve({}, { PGSERVICE: 's' })).toThrow(
      /unknown connection parameter "hots" in .*conf line 3/,
    );
    write('.pg_service.conf', '[s]\nsecret words\n');
    expect(() => resolve({}, { PGSERVICE: 's' })).toThrow(/conf line 2 is not a connection parameter/);
  });
});

describe('the password file', () => {
  const url = 'postgres://ann@db:5433/app';

  test.each([
    ['db:5433:app:ann:secret', 'secret'],
    ['*:*:*:*:secret', 'secret'],
    ['# comment\n\nother:5433:app:ann:no\ndb:*:app:ann:secret\n*:*:*:*:late', 'secret'],
    ['db:5433:app:ann:with\\:colon\\\\slash', 'with:colon\\slash'],
    ['db:5433:app:ann:secret\r\n', 'secret'],
    ['db:5433:app:bob:secret', undefined],
    ['db:5432:app:ann:secret', undefined],
    ['db:5433:app:ann', undefined],
    ['', undefined],
  ])('%j', (text, password) => {
    write('.pgpass', text);
    expect(resolve({ url }).password).toBe(password);
  });

  test('compares names with escapes taken away', () => {
    write('.pgpass', '\\:\\:1:5433:a\\:b:ann:secret');
    expect(resolve({ url: 'postgres://ann@[::1]:5433/a%3Ab' }).password).toBe('secret');
  });

  test('lists sockets under their folder or localhost', () => {
    write('.pgpass', '/run/pg:*:*:ann:folder\nlocalhost:*:*:ann:local');
    expect(resolve({ host: '/run/pg', user: 'ann' }).password).toBe('folder');
    expect(resolve({ host: '/other', user: 'ann' }).password).toBe('local');
  });

  test('is asked only when no password is given', () => {
    write('.pgpass', '*:*:*:*:file');
    expect(resolve({ url, password: 'given' }).password).toBe('given');
    expect(resolve({ url }, { PGPASSWORD: 'env' }).password).toBe('env');
  });

  test('is named by PGPASSFILE', () => {
    const path = write('elsewhere', '*:*:*:*:secret');
    expect(resolve({ url }, { PGPASSFILE: path }).password).toBe('secret');
  });

  test.runIf(process.platform !== 'win32')('is ignored, with a warning, when others may read it', () => {
    const path = write('.pgpass', '*:*:*:*:secret', 0o640);
    const target = resolve({ url });
    expect(target.password).toBeUndefined();
    expect(target.warning).toMatchObject({ severity: 'WARNING', message: expect.stringContaining(path) });
  });
});

describe('the rest', () => {
  test('session settings travel as options of the server, behind those of PGOPTIONS', () => {
    const url = 'postgres:///app?search_path=a,%20b&statement_timeout=5s';
    expect(resolve({ url }, { PGOPTIONS: '-c geqo=off' }).options).toBe(
      '-c geqo=off -c search_path=a,\\ b -c statement_timeout=5s',
    );
  });

  test('connect timeouts: seconds in libpq, milliseconds in settings, 0 for ever', () => {
    expect(resolve({ host: 'h' }, { PGCONNECT_TIMEOUT: '3' }).connectTimeoutMs).toBe(3000);
    expect(resolve({ url: 'postgres://h?connect_timeout=0' }).connectTimeoutMs).toBe(0);
    expect(resolve({ host: 'h', connectTimeoutMs: 250 }, { PGCONNECT_TIMEOUT: '3' }).connectTimeoutMs).toBe(
      250,
    );
  });

  test('an address beside a host', () => {
    expect(resolve({ host: 'db' }, { PGHOSTADDR: '10.0.0.1' })).toMatchObject({
      host: 'db',
      address: '10.0.0.1',
    });
  });

  test('sslrootcert=system means verify-full', () => {
    expect(resolve({ url: 'postgres://db?sslrootcert=system' }).sslmode).toBe('verify-full');
    expect(() => resolve({ url: 'postgres://db?sslrootcert=system&sslmode=require' })).toThrow('too weak');
  });

  test.each([
    [{ PGPORT: 'x' }, 'port in the connection settings is not a number'],
    [{ PGPORT: '70000' }, 'port in the connection settings is not a number'],
    [{ PGCONNECT_TIMEOUT: '1s' }, 'connect_timeout in the connection settings'],
    [{ PGSSLMODE: 'on' }, 'the value of sslmode in the connection settings is unknown'],
    [{ PGHOST: 'a,b' }, 'several hosts'],
  ])('refuses %j', (env, words) => {
    expect(() => resolve({ name: 'app' }, env)).toThrow(words);
  });

  test.each([
    ['postgres://ann:secret@db:5433/app', 'postgres://ann@db:5433/app'],
    ['postgres://ann:secret@[::1]/a%20b', 'postgres://ann@[::1]:5432/a%20b'],
    ['postgres://ann:secret@%2Ftmp/app', 'postgres://ann@/app?host=/tmp&port=5432'],
  ])('describes %s without its password', (url, description) => {
    expect(describeTarget(resolve({ url }))).toBe(description);
  });
});
