/** Environments in the configuration file: what counts, and what is refused before a wrong database can be meant. */

import { expect, test } from 'vitest';
import { listEnvironments, loadConfig } from '../../src/project/config/config.js';
import { allTexts, failureOf, makeFolder } from './temporary.js';

interface Given {
  environment?: string;
  env?: Record<string, string>;
  isOffline?: boolean;
}

const load = (yaml: string, { env = {}, ...given }: Given = {}) =>
  loadConfig({ cwd: makeFolder({ 'kat.conf.yaml': yaml }), env, ...given });

async function problemsOf(yaml: string, given: Given = {}): Promise<string[]> {
  const { code, problems } = await failureOf(() => load(yaml, given));
  expect(code).toBe('CONFIG_INVALID');
  return problems.map(({ message }) => message);
}

const shop = `verbose: true
migration:
  tablename: history
  lock_wait: 3s
database:
  user: ada
  password: s3cr3t
  host: dev.invalid
  name: shop_dev
lint:
  disable: prefer-text
environments:
  staging:
    migration:
      lock_wait: 9s
      lock_timeout:
    database:
      host: staging.invalid
  empty_database:
    database:
  ci:
    lint: { on_up: strict }
`;

test('settings override those at the top level, and the database replaces its section as a whole', async () => {
  const base = await load(shop);
  expect(base).not.toHaveProperty('environment');
  expect(base.database).toMatchObject({ user: 'ada', host: 'dev.invalid' });
  const staging = await load(shop, { environment: 'staging' });
  expect(staging).toMatchObject({ environment: 'staging', isProtected: false, verbose: true });
  expect(staging.database).toEqual({ driver: 'postgres', host: 'staging.invalid' });
  expect(staging.migration.tableName).toBe('history');
  expect(staging.waits).toMatchObject({ lockWaitMs: 9000 });
  expect(staging.lint.rules).toEqual({ 'prefer-text': 'off' });
  const ci = await load(shop, { env: { KAT_ENV: ' ci\n' } });
  expect(ci.database).toEqual(base.database);
  expect(ci.lint.onUp).toBe('strict');
  expect(await problemsOf(shop, { environment: 'empty_database' })).toEqual([
    '`environments.empty_database.database` is empty',
  ]);
});

test('a wrong, empty or missing name is refused with the names that there are', async () => {
  const yaml = 'environments: { dev: { database: { name: a } }, production: { database: { name: b } } }\n';
  const error = await failureOf(() => load(yaml, { environment: 'prod' }));
  expect(error.message).toMatch(/kat\.conf\.yaml has no environment "prod"$/);
  expect(error.help).toContain('dev, production');
  expect(await problemsOf('database: { name: a }\n', { env: { KAT_ENV: 'dev' } })).toEqual([
    expect.stringContaining('has no environment "dev"'),
  ]);
  await expect(load(yaml, { env: { KAT_ENV: ' ' } })).rejects.toThrow('KAT_ENV in the environment is empty');
  await expect(load(yaml, { environment: '', env: { KAT_ENV: 'dev' } })).rejects.toThrow('--env is empty');
  const unchosen = await failureOf(() => load(yaml));
  expect(unchosen.message).toContain('no environment is chosen');
  expect(unchosen.help).toContain('dev, production');
  expect(await load(yaml, { isOffline: true })).toMatchObject({ isProtected: false });
  const named = await load(yaml, { env: { KAT_MIGRATION_DATABASE_URL: 'postgres://db.invalid/x' } });
  expect(named.database.url).toBe('postgres://db.invalid/x');
});

test('a variable must not lead a name to another database', async () => {
  const yaml = `environments:
  dev: { database: { host: localhost, name: shop_dev } }
  open: { database: { host: localhost } }
  url: { database: { url: 'postgres://localhost/shop_dev' } }
  file: { database: { driver: sqlite, path: shop.sqlite } }
`;
  const refused = (environment: string, name: string, value: string) =>
    problemsOf(yaml, { environment, env: { [name]: value } });
  const url = 'postgres://ada:s3cr3t@db.invalid/shop';
  expect(await refused('dev', 'KAT_DB_NAME', 'shop')).toEqual([
    'the variable KAT_DB_NAME would override `environments.dev.database.name`',
  ]);
  expect(await refused('dev', 'KAT_MIGRATION_DATABASE_URL', url)).toHaveLength(1);
  expect(await refused('url', 'KAT_MIGRATION_DATABASE_URL', url)).toHaveLength(1);
  expect(await refused('url', 'KAT_DB_PORT', '5433')).toHaveLength(1);
  expect(await refused('file', 'KAT_DRIVER_NAME', 'postgres')).not.toEqual([]);
  expect(await refused('url', 'KAT_DRIVER_NAME', 'pglite')).toEqual([
    'the variable KAT_DRIVER_NAME would override `environments.url.database.url`',
  ]);
  expect(await refused('dev', 'KAT_DRIVER_NAME', 'sqlite')).toHaveLength(1);
  expect(await refused('dev', 'PGHOSTADDR', '127.0.0.9')).toEqual([
    'the variable PGHOSTADDR would override `environments.dev.database.host`',
  ]);
  expect(await refused('url', 'PGHOSTADDR', '127.0.0.9')).toHaveLength(1);
  expect(await refused('file', 'KAT_DB_HOST', 'db.invalid')).toEqual([
    'the variable KAT_DB_HOST names a server, but `environments.file.database.driver` is sqlite',
  ]);
  const allowed = (environment: string, env: Record<string, string>) => load(yaml, { environment, env });
  expect((await allowed('open', { KAT_DB_NAME: 'shop' })).database.name).toBe('shop');
  expect((await allowed('dev', { KAT_DB_NAME: 'shop_dev' })).database.name).toBe('shop_dev');
  expect((await allowed('url', { KAT_DRIVER_NAME: 'postgres' })).database.driver).toBe('postgres');
  expect((await allowed('file', { KAT_DRIVER_NAME: 'sqlite' })).database.driver).toBe('sqlite');
  expect((await allowed('dev', { KAT_DB_PASSWORD: 'x' })).database.password).toBe('x');
});

test('a variable that names a server is not left aside for a file', async () => {
  const server = { KAT_MIGRATION_DATABASE_URL: 'postgres://db.invalid/shop' };
  for (const yaml of [
    'database: { driver: pglite }\n',
    'database: { driver: sqlite, path: shop.sqlite }\n',
  ]) {
    const driver = yaml.includes('sqlite') ? 'sqlite' : 'pglite';
    expect(await problemsOf(yaml, { env: server })).toEqual([
      `the variable KAT_MIGRATION_DATABASE_URL names a server, but \`database.driver\` is ${driver}`,
    ]);
    expect(await problemsOf(yaml, { env: { KAT_DB_NAME: 'shop' } })).toHaveLength(1);
    expect(await load(yaml, { env: { KAT_DB_PASSWORD: 'x' } })).toMatchObject({ database: { driver } });
    expect(await load(yaml, { env: server, isOffline: true })).toMatchObject({ isProtected: false });
  }
  const chosen = { ...server, KAT_DRIVER_NAME: 'postgres' };
  expect((await load('database: { driver: pglite }\n', { env: chosen })).database.driver).toBe('postgres');
});

test('everything that is wrong in any environment is found, by its place', async () => {
  const yaml = `database: { name: shop }
environments:
  dev:
    databse: { name: a }
    host: b
    migration: { tabelname: c }
    database: { url: 'postgres://x', name: shop, port: 0 }
  local:
    database: { driver: pglite, host: here }
  nothing:
  1st: { verbose: true }
  odd: { protected: maybe }
  listed: [a]
`;
  expect(await problemsOf(yaml)).toEqual([
    'unknown key `environments.dev.databse`, did you mean `database`?',
    'unknown key `environments.dev.host`',
    'unknown key `environments.dev.migration.tabelname`, did you mean `tablename`?',
    '`environments.dev.database.port` must be a whole number from 1 to 65535',
    '`environments.dev.database.url` (line 7) and `environments.dev.database.name` (line 7) set the same value twice',
    '`environments.local.database.host` belongs to the driver postgres, but the driver is pglite (line 9)',
    '`environments.nothing` is empty',
    '`environments.1st` must be a name of letters, digits, hyphens and underscores that begins with a letter',
    '`environments.odd.protected` must be true or false',
    '`environments.listed` must hold `key: value` lines',
  ]);
});

test('variables are expanded for the chosen environment alone, and no message shows a secret', async () => {
  const yaml = `environments:
  dev: { database: { name: shop } }
  production: { database: { url: $NOT_SET } }
  leaky:
    database:
      pasword: s3cr3t
`;
  const correct = yaml.slice(0, yaml.indexOf('  leaky'));
  expect((await load(correct, { environment: 'dev' })).database.name).toBe('shop');
  expect(await problemsOf(correct, { environment: 'production' })).toEqual([
    '`environments.production.database.url` needs the environment variable NOT_SET, which is not set',
  ]);
  expect(allTexts(await failureOf(() => load(yaml, { environment: 'dev' })))).not.toContain('s3cr3t');
});

test('the names are listed in the order of the file', async () => {
  const cwd = makeFolder({ 'kat.conf.yaml': shop });
  expect(await listEnvironments({ cwd, env: {} })).toEqual(['staging', 'empty_database', 'ci']);
});
