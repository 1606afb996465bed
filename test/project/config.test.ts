import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DatabaseSettings } from '../../src/connections/driver.js';
import type { KatError, Problem } from '../../src/errors.js';
import { type Config, type ConfigFlags, loadConfig } from '../../src/project/config/config.js';
import { parseConfigFile } from '../../src/project/config/config-file.js';
import { findConfigPath } from '../../src/project/config/config-place.js';
import { allTexts, failureOf, makeFolder } from './temporary.js';

interface Given {
  yaml: string | Uint8Array;
  env?: Record<string, string>;
  flags?: ConfigFlags;
}

async function load({ yaml, env = {}, flags = {} }: Given): Promise<Config> {
  return loadConfig({ cwd: makeFolder({ 'kat.conf.yaml': yaml }), env, flags });
}

async function problemsOf(given: Given): Promise<readonly Problem[]> {
  const error = await failureOf(() => load(given));
  expect(error.code).toBe('CONFIG_INVALID');
  return error.problems;
}

/** `line:column message` of each problem. */
async function outline(yaml: string, env: Record<string, string> = {}): Promise<string[]> {
  const problems = await problemsOf({ yaml, env });
  return problems.map(({ message, location }) => `${location?.line}:${location?.column} ${message}`);
}

describe('which file', () => {
  test('a missing one is named, with what to do', async () => {
    const cwd = makeFolder();
    const error: KatError = await failureOf(() => loadConfig({ cwd, env: {} }));
    expect(error.code).toBe('CONFIG_INVALID');
    expect(error.message).toContain('config file not provided');
    expect(error.message).toContain(join(cwd, 'kat.conf.yaml'));
    expect(error.help).toMatch(/kat init.*--config/);
  });

  test('the one that is given, else KAT_CONFIG_FILE, else kat.conf.yaml', () => {
    const env = { KAT_CONFIG_FILE: 'b/c.yaml' };
    expect(findConfigPath({ cwd: '/a', env: {} })).toBe('/a/kat.conf.yaml');
    expect(findConfigPath({ cwd: '/a', env })).toBe('/a/b/c.yaml');
    expect(findConfigPath({ cwd: '/a', env, file: '/x.yaml' })).toBe('/x.yaml');
    expect(findConfigPath({ cwd: '/a', env: { KAT_CONFIG_FILE: 'c.yaml\n' } })).toBe('/a/c.yaml');
    expect(() => findConfigPath({ cwd: '/a', env: { KAT_CONFIG_FILE: '' } })).toThrow(
      'KAT_CONFIG_FILE in the environment is empty',
    );
  });

  test('without a name the nearest one up to the top of the git repository', async () => {
    const outside = makeFolder({ 'kat.conf.yaml': 'migration: {directory: outside}' });
    const at = async (folder: string, env = {}) =>
      (await loadConfig({ cwd: join(outside, folder), env })).file;
    const write = (path: string) => {
      mkdirSync(join(outside, path, '..'), { recursive: true });
      writeFileSync(join(outside, path), 'database: {driver: pglite}');
      return join(outside, path);
    };
    const own = write('repository/service/kat.conf.yaml');
    mkdirSync(join(outside, 'repository/service/src/deep'), { recursive: true });
    mkdirSync(join(outside, 'repository/web'));
    // Nobody knows whose folder it is that lies above.
    await expect(at('repository/web')).rejects.toThrow(join(outside, 'repository/web/kat.conf.yaml'));
    await expect(at('repository/service/src')).rejects.toThrow('config file not provided');
    mkdirSync(join(outside, 'repository/.git'));
    expect(await at('repository/service/src/deep')).toBe(own);
    expect(await at('repository/service')).toBe(own);
    await expect(at('repository/web')).rejects.toThrow(join(outside, 'repository/web/kat.conf.yaml'));
    const top = write('repository/kat.conf.yaml');
    expect(await at('repository/web')).toBe(top);
    await expect(at('repository/web', { KAT_CONFIG_FILE: 'kat.conf.yaml' })).rejects.toThrow(
      'config file not provided',
    );
  });

  test('a folder in its place', async () => {
    const cwd = makeFolder();
    mkdirSync(join(cwd, 'kat.conf.yaml'));
    const error = await failureOf(() => loadConfig({ cwd, env: {} }));
    expect(error.message).toContain('it is a folder');
  });

  test('invalid UTF-8 and a NUL byte', async () => {
    expect((await problemsOf({ yaml: Buffer.from([0x61, 0xff]) }))[0]?.message).toContain('byte offset 1');
    expect((await problemsOf({ yaml: 'verbose: true\n\0' }))[0]?.location).toMatchObject({
      line: 2,
      column: 1,
    });
  });
});

describe('what it says', () => {
  test.each([
    '',
    '# nothing\n',
    '---\n',
    'database:\n',
    '\ufeff',
    'migration:\n  lock_wait:\n  checksums: ""\n',
  ])('%j means all defaults, and what nobody set is left out', async (yaml) => {
    const cwd = makeFolder({ 'kat.conf.yaml': yaml });
    expect(await loadConfig({ cwd, env: {}, isOffline: true })).toEqual({
      file: join(cwd, 'kat.conf.yaml'),
      isProtected: false,
      lint: { onUp: 'warn', rules: {} },
      verify: { ignore: [] },
      migration: {
        tableName: 'migrations',
        directory: join(cwd, 'migrations'),
        checksums: 'warn',
        dryRun: false,
        isRehearsal: false,
        jobs: 1,
      },
      database: { driver: 'postgres' },
      waits: {},
      verbose: false,
    });
  });

  test('everything for a server', async () => {
    const { migration, database, waits, verbose } = await load({
      yaml: `
migration: { tablename: ops.log, directory: /db/m, dryRun: true, lock_wait: 2m, lock_timeout: 2s, retry_for: 0, checksums: strict }
database:
  driver: postgres
  user: ada
  password: 0123
  host: db.example
  port: 5433
  name: shop
  sslmode: verify-full
  statement_timeout: 1h30m
  default_timeout: 20s
  max_open_conns: 10
  max_idle_conns: 5
  conn_max_lifetime: 30m
verbose: true
`,
    });
    expect(migration).toEqual({
      tableName: 'ops.log',
      directory: '/db/m',
      checksums: 'strict',
      dryRun: true,
      isRehearsal: false,
      jobs: 1,
    });
    const settings: DatabaseSettings = database;
    expect(settings).toEqual({
      driver: 'postgres',
      user: 'ada',
      password: '0123',
      host: 'db.example',
      port: 5433,
      name: 'shop',
      sslmode: 'verify-full',
      connectTimeoutMs: 20_000,
    });
    expect(waits).toEqual({
      lockWaitMs: 120_000,
      lockTimeoutMs: 2_000,
      retryForMs: 0,
      statementTimeoutMs: 5_400_000,
    });
    expect(verbose).toBe(true);
  });

  test('what becomes of edited migrations: three words, the last of which is no boolean', async () => {
    const checksums = async (yaml: string, env: Record<string, string> = {}) =>
      (await load({ yaml, env })).migration.checksums;
    expect(await checksums('migration:\n  checksums: off\n')).toBe('off');
    expect(await checksums('migration:\n  checksums: off\n', { KAT_CHECKSUMS: 'strict' })).toBe('strict');
    expect(await outline('migration:\n  checksums: maybe\n')).toEqual([
      '2:14 `migration.checksums` must be one of warn, strict, off',
    ]);
  });

  test('a lease is no shorter than a second', async () => {
    const lease = async (yaml: string, env = {}) => (await load({ yaml, env })).waits.leaseMs;
    expect(await lease('migration: { lease: 1s }')).toBe(1000);
    expect(await outline('migration: { lease: 999ms }')).toEqual([
      '1:12 `migration.lease` must be at least 1s',
    ]);
    expect(await outline('migration: { lease: 0 }')).toHaveLength(1);
    expect(await outline('verbose: true', { KAT_LEASE: '500ms' })).toEqual([
      expect.stringMatching(/KAT_LEASE.* must be at least 1s/),
    ]);
  });

  test('a number of sessions, or auto', async () => {
    const jobs = async (yaml: string, env: Record<string, string> = {}) =>
      (await load({ yaml, env })).migration.jobs;
    expect(await jobs('migration:\n  jobs: 4\n')).toBe(4);
    expect(await jobs('migration:\n  jobs: 4\n', { KAT_JOBS: 'auto' })).toBe('auto');
    for (const wrong of ['0', '65', 'many', '1.5']) {
      expect(await outline(`migration:\n  jobs: ${wrong}\n`)).toEqual([
        '2:9 `migration.jobs` must be a whole number from 1 to 64, or auto',
      ]);
    }
  });

  test('offline, what says where the database is need not be there', async () => {
    const cwd = makeFolder({ 'kat.conf.yaml': 'migration:\n  directory: $FOLDER\ndatabase:\n  url: $URL\n' });
    const place = { cwd, env: { FOLDER: 'm' } };
    expect((await failureOf(() => loadConfig(place))).message).toContain('URL, which is not set');
    expect(await loadConfig({ ...place, isOffline: true })).toMatchObject({
      migration: { directory: join(cwd, 'm') },
      database: { driver: 'postgres' },
    });
  });

  test('connect_timeout wins over default_timeout; 0 is a duration', async () => {
    const yaml = 'database:\n  connect_timeout: 500ms\n  default_timeout: 20s\n  statement_timeout: 0\n';
    const { database, waits } = await load({ yaml });
    expect(database.connectTimeoutMs).toBe(500);
    expect(waits.statementTimeoutMs).toBe(0);
  });

  test('relative paths start at the folder of the file, wherever they were set', async () => {
    const cwd = makeFolder({ 'conf/dev.yaml': 'database: { driver: pglite, path: ./data }\n' });
    const options = { cwd, file: 'conf/dev.yaml' };
    const config = await loadConfig({ ...options, env: { KAT_MIGRATION_DIRECTORY: '../m' } });
    expect(config.migration.directory).toBe(join(cwd, 'm'));
    expect(config.database).toEqual({ driver: 'pglite', path: join(cwd, 'conf', 'data') });
    const flagged = await loadConfig({ ...options, env: {}, flags: { directory: 'sub', path: 'x' } });
    expect(flagged.migration.directory).toBe(join(cwd, 'conf', 'sub'));
    expect(flagged.database.path).toBe(join(cwd, 'conf', 'x'));
  });
});

describe('precedence', () => {
  const env = {
    KAT_MIGRATION_TABLE_NAME: 'e_table',
    KAT_MIGRATION_DIRECTORY: '/e',
    KAT_DRY_RUN: 'YES',
    KAT_DRIVER_NAME: 'postgres',
    KAT_DB_USER: 'e_user',
    KAT_DB_PASSWORD: 'e$pass',
    KAT_DB_NAME: 'e_name',
    KAT_DB_PORT: '1',
    KAT_DB_HOST: 'e_host',
    KAT_DB_SSL_MODE: 'require',
    KAT_VERBOSE: '1',
  };
  const yaml = `
migration: { tablename: f, directory: /f, dryRun: false }
database: { driver: pglite, path: f }
verbose: false
`;

  test('each environment variable overrides the file', async () => {
    expect(await load({ yaml, env })).toMatchObject({
      migration: { tableName: 'e_table', directory: '/e', dryRun: true },
      database: {
        driver: 'postgres',
        user: 'e_user',
        password: 'e$pass',
        name: 'e_name',
        port: 1,
        host: 'e_host',
        sslmode: 'require',
      },
      verbose: true,
    });
  });

  test('flags override the environment', async () => {
    const flags = { dryRun: false, verbose: false, tableName: 'flag', port: 2, password: 'flag' };
    const config = await load({ yaml, env, flags });
    expect(config).toMatchObject({ migration: { tableName: 'flag', dryRun: false }, verbose: false });
    expect(config.database).toMatchObject({ port: 2, password: 'flag', user: 'e_user' });
  });

  test('an empty variable counts as not set where it chooses no target', async () => {
    const env = { KAT_DRY_RUN: '', KAT_LOCK_WAIT: '', KAT_VERBOSE: '' };
    const config = await load({ yaml: 'database: { user: f }\n', env });
    expect(config.migration).toMatchObject({ dryRun: false, isRehearsal: false });
    expect(config).toMatchObject({ waits: {}, verbose: false });
  });

  test('single variables override parts of a URL in the file', async () => {
    const config = await load({
      yaml: 'database: { url: "postgres://h/f" }\n',
      env: { KAT_DB_NAME: 'other' },
    });
    expect(config.database).toEqual({ driver: 'postgres', url: 'postgres://h/f', name: 'other' });
  });

  test('a URL in the environment hides the single fields of the file, but not those beside it', async () => {
    const config = await load({
      yaml: 'database: { host: f, port: 1, user: f, password: f, name: f, sslmode: disable }\n',
      env: { KAT_MIGRATION_DATABASE_URL: 'postgres://e/db', KAT_DB_PORT: '7' },
    });
    expect(config.database).toEqual({ driver: 'postgres', url: 'postgres://e/db', port: 7 });
  });

  test('settings of the other driver do not matter when the environment chooses the driver', async () => {
    const server = 'database: { host: h, user: u }\n';
    expect((await load({ yaml: server, env: { KAT_DRIVER_NAME: 'pglite' } })).database).toEqual({
      driver: 'pglite',
    });
  });
});

describe('variables', () => {
  test('a value stays a value, whatever it holds', async () => {
    const PW = 'a: b\n  host: evil # \' " {x} $HOME';
    const config = await load({ yaml: `database:\n  password: \${PW}\n  user: u\${N:-x}$$y\n`, env: { PW } });
    expect(config.database).toEqual({ driver: 'postgres', password: PW, user: 'ux$y' });
  });

  test('numbers, booleans, durations and words may come from variables', async () => {
    const env = { P: '5433', B: 'true', D: '10s', S: 'require' };
    const yaml = 'database:\n  port: $P\n  connect_timeout: $D\n  sslmode: $S\nverbose: $B\n';
    expect(await load({ yaml, env })).toMatchObject({
      database: { port: 5433, connectTimeoutMs: 10_000, sslmode: 'require' },
      verbose: true,
    });
  });

  test('what they hold must fit', async () => {
    const env = { P: '70000', B: 'perhaps', D: '10', S: 'sure' };
    const yaml = 'database:\n  port: $P\n  connect_timeout: $D\n  sslmode: $S\nverbose: $B\n';
    expect(await outline(yaml, env)).toEqual([
      '2:9 `database.port` must be a whole number from 1 to 65535',
      expect.stringContaining('3:20 `database.connect_timeout` must be a duration: a number with a unit'),
      expect.stringContaining('4:12 `database.sslmode` must be one of disable, allow'),
      expect.stringContaining('5:10 `verbose` must be true or false'),
    ]);
  });

  test('a value that is wrong in two ways is told once', async () => {
    expect(await outline('lint:\n  server_version: 9.6\n')).toEqual([
      '2:19 `lint.server_version` must be a whole number from 12 to 99',
    ]);
  });

  test('one that is not set is named, with its place; one that is overridden is not needed', async () => {
    const yaml = 'database:\n  host: h\n  password: $DB_PW\n';
    const [problem] = await problemsOf({ yaml });
    expect(problem?.message).toBe(
      '`database.password` needs the environment variable DB_PW, which is not set',
    );
    expect(problem?.location).toMatchObject({ line: 3, column: 13 });
    expect((await load({ yaml, env: { KAT_DB_PASSWORD: 'x' } })).database.password).toBe('x');
  });
});

describe('mistakes', () => {
  test('all unknown keys at once, with the nearest known one', async () => {
    const yaml =
      'migration:\n  tabelname: x\n  dry_run: true\ndatabse: {}\ndatabase:\n  usr: a\n  flavour: b\nurl: c\n';
    expect(await outline(yaml)).toEqual([
      '2:3 unknown key `migration.tabelname`, did you mean `tablename`?',
      '3:3 unknown key `migration.dry_run`, did you mean `dryRun`?',
      '4:1 unknown key `databse`, did you mean `database`?',
      '6:3 unknown key `database.usr`, did you mean `user`?',
      '7:3 unknown key `database.flavour`',
      '8:1 unknown key `url`',
    ]);
  });

  test('a key in the wrong section', async () => {
    const [problem] = await problemsOf({ yaml: 'sslmode: disable\n' });
    expect(problem?.help).toBe('`sslmode` belongs under `database`.');
  });

  test('wrong types and values', async () => {
    const yaml = `migration:
  tablename: [a]
  directory: 5
  dryRun: maybe
database:
  driver: mysql
  port: 70000
  sslmode: dissable
  connect_timeout: 10
  max_open_conns: -1
  user: { a: b }
verbose: 2
`;
    expect(await outline(yaml)).toEqual([
      '2:14 `migration.tablename` must be text (put it in quotes)',
      '3:14 `migration.directory` must be text (put it in quotes)',
      '4:11 `migration.dryRun` must be true, false or rollback',
      '6:11 `database.driver` must be one of postgres, pglite, sqlite',
      '7:9 `database.port` must be a whole number from 1 to 65535',
      expect.stringContaining('8:12 `database.sslmode` must be one of disable'),
      expect.stringContaining('9:20 `database.connect_timeout` must be a duration'),
      '10:19 `database.max_open_conns` must be a whole number from 0 to 2147483647',
      '11:9 `database.user` must be text (put it in quotes)',
      '12:10 `verbose` must be true or false',
    ]);
  });

  test.each([0, 65_536, 1.5, -1, '"abc"'])('port %s', async (port) => {
    expect(await outline(`database:\n  port: ${port}\n`)).toHaveLength(1);
  });

  test('sections that hold no settings', async () => {
    expect(await outline('migration: 5\ndatabase:\n  - host: a\n')).toEqual([
      '1:12 `migration` must hold `key: value` lines',
      '3:3 `database` must hold `key: value` lines',
    ]);
    expect(await outline('- a\n')).toEqual(['1:1 the file must hold `key: value` lines']);
  });

  test('bad YAML: syntax, duplicate keys, several documents, aliases', async () => {
    expect(await outline('verbose: true\nverbose: false\n')).toEqual(['2:1 the key `verbose` appears twice']);
    expect((await outline('verbose: true\n---\nverbose: false\n'))[0]).toContain('several YAML documents');
    expect((await outline('verbose: *x\n'))[0]).toContain('anchors and aliases');
    expect((await outline('database:\n\thost: x\n'))[0]).toContain(
      'not valid YAML: a tab used as indentation',
    );
  });

  test('in the environment and in flags, together with those of the file', async () => {
    const problems = await problemsOf({
      yaml: 'verbose: 7\n',
      env: { KAT_DB_PORT: 'x', KAT_DRY_RUN: 'maybe', KAT_DB_SSL_MODE: 'on' },
      flags: { connectTimeout: '10' },
    });
    expect(problems.map(({ message }) => message)).toEqual([
      '`verbose` must be true or false',
      expect.stringContaining('KAT_DRY_RUN in the environment must be true, false or rollback'),
      expect.stringContaining('KAT_DB_PORT in the environment must be a whole number'),
      expect.stringContaining('KAT_DB_SSL_MODE in the environment must be one of'),
      expect.stringContaining('the flag for `database.connect_timeout` must be a duration'),
    ]);
  });
});

describe('what is missing never lets another target take its place', () => {
  test.each([
    [
      `url: \${DATABASE_URL}`,
      { DATABASE_URL: '' },
      '`database.url` needs the environment variable DATABASE_URL, which is empty',
    ],
    [
      'url: $DATABASE_URL',
      { DATABASE_URL: ' \n' },
      '`database.url` needs the environment variable DATABASE_URL, which is empty',
    ],
    [`host: \${DB_HOST}`, {}, '`database.host` needs the environment variable DB_HOST, which is not set'],
    [
      `url: "postgres://\${DB_HOST}/x"`,
      { DB_HOST: '' },
      '`database.url` needs the environment variable DB_HOST, which is empty',
    ],
    [
      `name: app_\${STAGE}`,
      { STAGE: '' },
      '`database.name` needs the environment variable STAGE, which is empty',
    ],
    [
      `password: \${DB_PASSWORD}`,
      { DB_PASSWORD: '' },
      '`database.password` needs the environment variable DB_PASSWORD, which is empty',
    ],
    ['url:', {}, '`database.url` is empty'],
    ['host: ""', {}, '`database.host` is empty'],
    ['name: " "', {}, '`database.name` is empty'],
    ['user:', {}, '`database.user` is empty'],
    ['sslmode: ""', {}, '`database.sslmode` is empty'],
  ])('the setting %s with %j', async (setting, env, message) => {
    const [found = '', ...others] = await outline(`database:\n  ${setting}\n`, env);
    expect([found.replace(/^2:\d+ /, ''), ...others]).toEqual([message]);
  });

  test.each([
    'KAT_MIGRATION_DATABASE_URL',
    'KAT_DB_HOST',
    'KAT_DB_PORT',
    'KAT_DB_NAME',
    'KAT_DB_USER',
    'KAT_DB_PASSWORD',
    'KAT_DB_SSL_MODE',
    'KAT_DRIVER_NAME',
    'KAT_MIGRATION_TABLE_NAME',
    'KAT_MIGRATION_DIRECTORY',
  ])('an empty %s', async (name) => {
    for (const value of ['', ' ', '\n']) {
      const problems = await problemsOf({ yaml: 'database: { host: h, name: n }\n', env: { [name]: value } });
      expect(problems.map(({ message }) => message)).toEqual([`${name} in the environment is empty`]);
    }
  });

  test.each(['', '# nothing\n', '---\n'])(
    'the file %j, unless something else names a database',
    async (yaml) => {
      const [problem] = await problemsOf({ yaml, env: { PGHOST: 'elsewhere' } });
      expect(problem?.message).toMatch(/kat\.conf\.yaml is empty$/);
      const env = { KAT_MIGRATION_DATABASE_URL: 'postgres://h/d' };
      expect((await load({ yaml, env })).database).toEqual({ driver: 'postgres', url: 'postgres://h/d' });
    },
  );

  test('an empty section', async () => {
    const problems = await problemsOf({ yaml: 'verbose: true\ndatabase:\n' });
    expect(problems.map(({ message }) => message)).toEqual(['`database` is empty']);
  });

  test('a default may be empty where its author says so', async () => {
    const { database } = await load({
      yaml: `database:\n  host: h\n  user: \${DB_USER:-}\n`,
      env: { DB_USER: '' },
    });
    expect(database).toEqual({ driver: 'postgres', host: 'h' });
  });
});

describe('blanks and line breaks around values', () => {
  test('are left out, of a password only the line break at its end', async () => {
    const env = {
      KAT_DB_HOST: '127.0.0.1\n',
      KAT_DB_PORT: ' 5432\r\n',
      KAT_DB_USER: 'app ',
      KAT_DB_PASSWORD: ' pass word \n',
      KAT_DB_NAME: '\tshop\n',
      KAT_DB_SSL_MODE: 'disable\n',
      KAT_MIGRATION_TABLE_NAME: 'ops.log\n',
    };
    const { database, migration } = await load({ yaml: 'verbose: true\n', env });
    expect(database).toEqual({
      driver: 'postgres',
      host: '127.0.0.1',
      port: 5432,
      user: 'app',
      password: ' pass word ',
      name: 'shop',
      sslmode: 'disable',
    });
    expect(migration.tableName).toBe('ops.log');
  });

  test('inside of a value they are refused', async () => {
    const env = { KAT_DB_HOST: 'db\n.internal', KAT_DB_NAME: 'a\u001b[31mb' };
    const problems = await problemsOf({ yaml: 'verbose: true\n', env });
    expect(problems.map(({ message }) => message)).toEqual([
      'KAT_DB_HOST in the environment contains a line break or another control character',
      'KAT_DB_NAME in the environment contains a line break or another control character',
    ]);
  });
});

describe('contradictions', () => {
  test('a URL beside single fields names the lines of both', async () => {
    const yaml = 'database:\n  url: postgres://h/d\n  user: u\n  sslmode: require\n';
    expect(await outline(yaml)).toEqual([
      '2:8 `database.url` (line 2) and `database.user` (line 3), `database.sslmode` (line 4) set the same value twice',
    ]);
  });

  test('a file: URI of SQLite is decoded, and its parameters are refused', async () => {
    const read = (path: string) => load({ yaml: `database:\n  driver: sqlite\n  path: '${path}'\n` });
    expect((await read('file:a%20b.db')).database.path).toMatch(/[/\\]a b\.db$/);
    expect((await read('file:///tmp/a%20b.db')).database.path).toMatch(/[/\\]a b\.db$/);
    expect((await read('a%20b.db?x')).database.path).toMatch(/[/\\]a%20b\.db\?x$/);
    expect((await read('file::memory:')).database.path).toBeUndefined();
    for (const path of ['file:app.db?_fk=1', 'file:///app.db?mode=ro', 'file:a%zz.db', 'file://host/a.db'])
      await expect(read(path)).rejects.toMatchObject({
        code: 'CONFIG_INVALID',
        help: 'Write the path alone, such as `path: app.db`.',
      });
  });

  test('a path without PGlite, an address with it', async () => {
    expect(await outline('database:\n  path: x\n')).toEqual([
      '2:9 `database.path` belongs to the drivers pglite and sqlite, but the driver is postgres, as none is named',
    ]);
    expect(await outline('database:\n  driver: mysql\n  path: x\n')).toEqual([
      expect.stringMatching(/^2:11 `database\.driver` must be /),
    ]);
    expect(await outline('database:\n  driver: pglite\n  url: x\n  host: h\n')).toEqual([
      '3:8 `database.url` belongs to the driver postgres, but the driver is pglite (line 2)',
      '4:9 `database.host` belongs to the driver postgres, but the driver is pglite (line 2)',
    ]);
  });

  test('empty fields contradict nothing', async () => {
    const { database } = await load({ yaml: 'database:\n  url: postgres://h/d\n  password: ""\n' });
    expect(database).toEqual({ driver: 'postgres', url: 'postgres://h/d' });
    const pglite = await load({ yaml: 'database:\n  driver: pglite\n  host:\n  url: ""\n' });
    expect(pglite.database).toEqual({ driver: 'pglite' });
  });
});

describe('passwords', () => {
  const secret = 's3cr3t';

  test.each([
    ['a wrong value on the line', `database:\n  password: [${secret}]\n`],
    ['a number', `database:\n  password: {a: ${secret}}\n`],
    ['a misspelt key', `database:\n  pasword: ${secret}\n`],
    ['an unknown key', `database:\n  pw: ${secret}\n`],
    ['a contradiction with a URL', `database:\n  url: postgres://u:${secret}@h/d\n  user: u\n`],
    [
      'a URL for PGlite',
      `database:\n  driver: pglite\n  url: postgres://u:${secret}@h/d\n  password: ${secret}\n`,
    ],
    ['an unset variable', `database:\n  password: ${secret}$UNSET\n`],
    ['a dollar in a password', 'database:\n  password: s3c$s3cr3t\n'],
    ['a dollar at its beginning', 'database:\n  password: $s3cr3t\n'],
    ['braces in a password', `database:\n  password: pa\${s3cr3t}x\n`],
    ['a dollar in a host', 'database:\n  host: pa$s3cr3t\n'],
    ['a dollar in a user', 'database:\n  user: $s3cr3t\n'],
    ['a dollar in a URL', 'database:\n  url: postgres://u:pa$s3cr3t@h/d\n'],
    ['a wrong mode', 'database:\n  sslmode: s3cr3t\n'],
    ['a default', `database:\n  password: \${A:-${secret}}$UNSET\n`],
    ['an open quote', `database:\n  password: "${secret}\n`],
    ['an open quote above', `database:\n  user: "a\n  password: ${secret}\n`],
    ['a value on the next lines', `database:\n  password: "a\n  ${secret}: b\n  ${secret}\n`],
    ['a block of text', `database:\n  password: |\n    ${secret}\n   ${secret}\n`],
    ['braces', `database: { password: ${secret}, prot: 5 }\n`],
    ['braces over lines', `database: {\n  password: ${secret}, prot: 5,\n  user: x }\n`],
    ['a second setting on one line', `database:\n  user: u password: ${secret}\n`],
    ['no colon', `database:\n  password ${secret}\n`],
    ['a duplicate', `database:\n  password: ${secret}\n  password: ${secret}\n`],
    ['a comment', `database:\n  port: x # the password is ${secret}\n`],
    ['a wrong escape', `database:\n  password: "\\q${secret}"\n`],
    ['a reserved character', `database:\n  password: @${secret}\n`],
    ['a tag', `database:\n  password: !${secret} x\n`],
    ['an alias', `database:\n  password: *${secret}\n`],
    ['the address of a port', `database:\n  port: postgres://u:${secret}@h/d\n`],
    ['a tab', `database:\n\tpassword: ${secret}\n`],
    ['a list', `- password: ${secret}\n`],
    ['two documents', `password: ${secret}\n--- ${secret}\n`],
  ])('never shown: %s', async (_what, yaml) => {
    const error = await failureOf(() => load({ yaml }));
    expect(allTexts(error)).not.toContain(secret);
    expect(error.problems.length).toBeGreaterThan(0);
    for (const { location } of error.problems) {
      expect(location?.column).toBeLessThanOrEqual((location?.sourceLine.length ?? 0) + 1);
    }
  });

  test('nor wherever the file is damaged', async () => {
    const writings = ['s3cr3t', '"s3cr3t"', "'s3cr3t' # c", '|\n    s3cr3t', '"a\n    s3cr3t"', '[s3cr3t]'];
    const files = writings.flatMap((value) => [
      `migration:\n  tablename: x\ndatabase:\n  user: u\n  password: ${value}\n  port: 1\n`,
      `database:\n  password: ${value}\nverbose: true\n`,
      `verbose: true\ndatabase:\n  driver: postgres\n  url: ${value}\n`,
    ]);
    const damage = fc.record({
      place: fc.nat(200),
      length: fc.nat(1),
      insert: fc.constantFrom(
        '',
        ' ',
        '\n',
        '\t',
        ':',
        ': ',
        '"',
        "'",
        '{',
        '[',
        '&',
        '*',
        '!',
        '|',
        '-',
        '@',
        '%',
        'x',
        '#',
      ),
    });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...files), damage, async (text, { place, length, insert }) => {
        const at = place % text.length;
        const yaml = text.slice(0, at) + insert + text.slice(at + length);
        const { problems } = await parseConfigFile('/kat.conf.yaml', yaml);
        const shown = JSON.stringify(problems);
        for (const piece of ['s3c', 'cr3', 'r3t']) expect(shown).not.toContain(piece);
      }),
      { numRuns: 1500 },
    );
  });

  test.each([0xff, 0])('nor when a byte of it is wrong (%d)', async (byte) => {
    const yaml = Buffer.concat([Buffer.from(`password: ${secret}`), Buffer.from([byte])]);
    expect(allTexts(await failureOf(() => load({ yaml })))).not.toContain(secret);
  });

  test('nor from the environment', async () => {
    const env = { KAT_DB_PORT: secret, KAT_DRY_RUN: secret, KAT_DB_SSL_MODE: secret, P: secret };
    const error = await failureOf(() => load({ yaml: 'database: { connect_timeout: $P }\n', env }));
    expect(error.problems).toHaveLength(4);
    expect(allTexts(error)).not.toContain(secret);
  });

  test('harmless lines are shown as they are, and those of an address are not', async () => {
    const [timeout] = await problemsOf({ yaml: 'database:\n  connect_timeout: soon # x\n' });
    expect(timeout?.location).toMatchObject({
      line: 2,
      column: 20,
      sourceLine: '  connect_timeout: soon # x',
    });
    const [port] = await problemsOf({ yaml: 'database:\n  port: 70000 # wrong\n' });
    expect(port?.location).toMatchObject({ line: 2, column: 9, sourceLine: '  port: ***' });
  });
});
