/** `kat init`: the file that it writes, by its flags, and when it refuses. */
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { agentsSection } from '../../src/cli/agents/agents-section.js';
import { loadCommands } from '../../src/cli/commands.js';
import { loadConfig } from '../../src/project/config/config.js';
import { documentOf } from '../support/document.js';
import { git } from '../support/git.js';
import { makeProject, type Project } from '../support/kat-project.js';

const commands = await loadCommands();

/** What the command will read from the file that was written. */
function reload(project: Project, file = 'kat.conf.yaml') {
  return loadConfig({ cwd: project.folder, file, env: {} });
}

const promised = {
  migration: { tablename: 'migrations', directory: 'migrations' },
  database: {
    driver: 'postgres',
    user: 'postgres',
    password: `\${DB_PASSWORD:-postgres}`,
    host: 'localhost',
    port: 5432,
    name: 'myapp',
    sslmode: 'disable',
  },
};

test('writes the promised defaults, for its owner alone, and the migrations folder', async () => {
  const project = makeProject();
  const run = await project.kat('init');
  expect(run).toEqual({
    code: 0,
    stdout: `Kat initialized successfully!\nConfig file: ${join(project.folder, 'kat.conf.yaml')}\n`,
    stderr: '',
  });
  expect(parse(project.read('kat.conf.yaml'))).toEqual(promised);
  expect(statSync(join(project.folder, 'kat.conf.yaml')).mode & 0o777).toBe(0o600);
  expect(statSync(join(project.folder, 'migrations')).isDirectory()).toBe(true);
  expect(project.read('kat.conf.yaml')).toMatch(
    /^# yaml-language-server: \$schema=https:\S+\/kat\.conf\.schema\.json\n/,
  );
});

test('asked again it refuses, and the file stays as it was', async () => {
  const project = makeProject();
  await project.kat('init');
  const before = project.snapshot();
  const run = await project.kat('init --db-name other');
  expect(run).toMatchObject({ code: 2, stdout: '' });
  expect(run.stderr).toMatch(/^Error: kat is already initialized\n/);
  expect(run.stderr).toContain(join(project.folder, 'kat.conf.yaml'));
  expect(project.snapshot()).toEqual(before);
});

describe('every flag, in camel case, in kebab case and as an environment variable', () => {
  const values = {
    tableName: 'audit.log',
    directory: 'db/changes',
    dbUser: 'ada',
    dbPassword: 'pass word',
    dbName: 'shop',
    dbPort: '6543',
    dbHost: 'db.example.com',
    dbSSLMode: 'verify-full',
  };
  const written = {
    migration: { tablename: 'audit.log', directory: 'db/changes' },
    database: {
      driver: 'postgres',
      user: 'ada',
      password: 'pass word',
      host: 'db.example.com',
      port: 6543,
      name: 'shop',
      sslmode: 'verify-full',
    },
  };
  const kebab = [
    'table-name',
    'directory',
    'db-user',
    'db-password',
    'db-name',
    'db-port',
    'db-host',
    'db-ssl-mode',
  ];
  const variables = [
    'MIGRATION_TABLE_NAME',
    'MIGRATION_DIRECTORY',
    'DB_USER',
    'DB_PASSWORD',
    'DB_NAME',
    'DB_PORT',
    'DB_HOST',
    'DB_SSL_MODE',
  ];
  const list = Object.values(values);

  test.each([
    ['camel case', Object.entries(values).flatMap(([flag, value]) => [`--${flag}`, value]), {}],
    ['kebab case', kebab.map((flag, index) => `--${flag}=${list[index]}`), {}],
    [
      'short',
      [
        '-t',
        'audit.log',
        '-d',
        'db/changes',
        ...kebab.slice(2).flatMap((flag, index) => [`--${flag}`, list[index + 2] ?? '']),
      ],
      {},
    ],
    [
      'environment',
      [],
      Object.fromEntries(variables.map((name, index) => [`KAT_${name}`, list[index] ?? ''])),
    ],
  ])('%s', async (_what, flags, env) => {
    const project = makeProject();
    expect(await project.kat(['init', ...flags], { env })).toMatchObject({ code: 0, stderr: '' });
    expect(parse(project.read('kat.conf.yaml'))).toEqual(written);
    expect(statSync(join(project.folder, 'db/changes')).isDirectory()).toBe(true);
  });

  test('a flag wins over its variable', async () => {
    const project = makeProject();
    await project.kat('init --dbName flagged', { env: { KAT_DB_NAME: 'environment' } });
    expect(parse(project.read('kat.conf.yaml')).database.name).toBe('flagged');
  });

  test.each([
    ['a URL', ['--database-url', 'postgres://ada@h/shop'], {}],
    ['a short URL flag', ['-u', 'postgres://ada@h/shop'], {}],
    ['a URL in the environment', [], { KAT_MIGRATION_DATABASE_URL: 'postgres://ada@h/shop' }],
  ])('%s takes the place of the single fields', async (_what, flags, env) => {
    const project = makeProject();
    await project.kat(['init', ...flags], { env });
    expect(parse(project.read('kat.conf.yaml')).database).toEqual({
      driver: 'postgres',
      url: 'postgres://ada@h/shop',
    });
  });

  test('PGlite, with a folder of its own', async () => {
    const project = makeProject();
    await project.kat('init --driver pglite --path data/db');
    expect(parse(project.read('kat.conf.yaml')).database).toEqual({ driver: 'pglite', path: 'data/db' });
    const other = makeProject();
    await other.kat('init', { env: { KAT_DRIVER_NAME: 'pglite' } });
    expect(parse(other.read('kat.conf.yaml')).database).toEqual({ driver: 'pglite', path: 'kat.pglite' });
  });
});

test.each([
  `p'a"s\\s: #w{o}r[d] & *x !y | > % @ \``,
  `$HOME $\{HOME} $$ $\{X:-y}`,
  ' leading and trailing ',
  'null',
  '0123',
  '1e3',
  'yes',
  'two\nlines\ttab',
  '- item',
  'ключ 密码 🔑',
  '\u0007\u2028',
])('the password %j is read back as it was given', async (password) => {
  const project = makeProject();
  expect((await project.kat(['init', `--dbPassword=${password}`])).code).toBe(0);
  const { database } = await reload(project);
  expect(database).toMatchObject({ password });
});

test.each([
  [['--databaseURL', 'mysql://h/d'], {}, 'is not a PostgreSQL URL'],
  [['--databaseURL', 'postgres://h/d?sslmod=require'], {}, 'unknown connection parameter "sslmod"'],
  [['--databaseURL', ''], {}, 'the value of url is empty'],
  [['--tableName', 'a b'], {}, 'is not a valid table name'],
  [['--tableName', 'pg_catalog.x'], {}, "is in a schema of PostgreSQL's own"],
  [['--tableName', 'pg_temp.migrations'], {}, "is in a schema of PostgreSQL's own"],
  [['--tableName', 'information_schema.x'], {}, "is in a schema of PostgreSQL's own"],
  [['--dbHost', 'h:5432'], {}, 'is not a host name, an address'],
  [['--dbUser', 'postgres://a:b@h/d'], {}, 'holds a URL'],
  [['--dbName', 'two\nlines'], {}, 'the value of name contains a control character'],
  [[], { KAT_DB_NAME: '' }, 'KAT_DB_NAME in the environment is empty'],
] as const)('%j with %j is refused, as the other commands would refuse it', async (flags, env, words) => {
  const project = makeProject();
  const run = await project.kat(['init', ...flags], { env });
  expect(run).toMatchObject({ code: 2, stdout: '' });
  expect(run.stderr).toContain(words);
  expect(project.snapshot()).toEqual({});
});

test.each([['$DATABASE_URL'], [`\${DATABASE_URL}`]])(
  '--databaseURL %j is read from the environment variable',
  async (reference) => {
    const project = makeProject();
    expect((await project.kat(['init', `--databaseURL=${reference}`])).code).toBe(0);
    expect(parse(project.read('kat.conf.yaml')).database).toEqual({
      driver: 'postgres',
      url: `\${DATABASE_URL}`,
    });
    const url = 'postgres://ada:s3cret@db/shop';
    const { database } = await loadConfig({ cwd: project.folder, env: { DATABASE_URL: url } });
    expect(database).toEqual({ driver: 'postgres', url });
  },
);

test('another file by -c or KAT_CONFIG_FILE; its folder is made the base of paths', async () => {
  const project = makeProject();
  mkdirSync(join(project.folder, 'conf'));
  await project.kat('init -c conf/prod.yaml');
  const config = await reload(project, 'conf/prod.yaml');
  expect(config.migration.directory).toBe(join(project.folder, 'conf/migrations'));
  await project.kat('init', { env: { KAT_CONFIG_FILE: 'dev.yaml' } });
  expect(parse(project.read('dev.yaml'))).toEqual(promised);
});

describe('refuses, and leaves nothing behind:', () => {
  test.each([
    ['an unknown driver', ['--driver', 'mysql'], 'Allowed choices are postgres, pglite, sqlite'],
    ['an unknown TLS mode', ['--dbSSLMode', 'maybe'], 'Allowed choices are disable, allow, prefer'],
    ['a port that is none', ['--dbPort', '70000'], '`database.port` must be a whole number from 1 to 65535'],
    [
      'a URL and a field',
      ['-u', 'postgres://h/d', '--dbName', 'x'],
      '`database.name` cannot be used with a URL',
    ],
    [
      'PGlite with a host',
      ['--driver', 'pglite', '--dbHost', 'h'],
      '`database.host` cannot be used with this driver',
    ],
    ['PostgreSQL with a path', ['--path', 'data'], '`database.path` cannot be used with this driver'],
  ])('%s', async (_what, flags, message) => {
    const project = makeProject();
    const run = await project.kat(['init', ...flags]);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain(message);
    expect(project.snapshot()).toEqual({});
  });

  test('a folder that is a file, or a link that leads nowhere', async () => {
    const project = makeProject({ files: { db: 'a file' } });
    const before = project.snapshot();
    const run = await project.kat('init -d db/migrations');
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain(`cannot create the folder ${join(project.folder, 'db/migrations')}: `);
    expect(project.snapshot()).toEqual(before);
    symlinkSync('/nowhere/file', join(project.folder, 'kat.conf.yaml'));
    const dangling = await project.kat('init');
    expect(dangling).toMatchObject({ code: 2, stdout: '' });
  });
});

const password = '--dbPassword=s3cret';

test.each([
  ['outside of a repository', [], [password], false],
  ['in a repository', ['init'], [password], true],
  ['by a URL', ['init'], ['--databaseURL=postgres://ada:s3cret@db/shop'], true],
  ['by a URL without one', ['init'], ['--databaseURL=postgres://ada@db/shop'], false],
  ['by nothing but the defaults', ['init'], [], false],
])('a password that git would take is a warning: %s', async (_, repository, flags, isWarned) => {
  const project = makeProject();
  if (repository.length > 0) git(project.folder, 'init', '--quiet');
  const { code, stderr } = await project.kat(['init', ...flags]);
  expect(code).toBe(0);
  expect(stderr.includes('git does not ignore it')).toBe(isWarned);
  expect(stderr).not.toContain('s3cret');
});

test('an ignored file is none, and people at a terminal are told what comes next', async () => {
  const project = makeProject({ files: { '.gitignore': 'kat.conf.yaml\n' } });
  git(project.folder, 'init', '--quiet');
  const { stdout, stderr } = await project.kat(['init', password], {
    nodeArguments: ['--import', 'data:text/javascript,process.stdout.isTTY = true;'],
    env: { NO_COLOR: '1' },
  });
  expect(stderr).toBe('');
  expect(stdout.split('\n').slice(2)).toEqual([
    'Check the database in this file with `kat ping`. Create a migration with `kat add create_users`.',
    '',
  ]);
});

describe('--agents', () => {
  test('adds a section to AGENTS.md, once, and keeps the rest', async () => {
    const project = makeProject({ files: { 'AGENTS.md': '# Shop\n\nUse tabs.' } });
    const first = await project.kat('init --agents');
    expect(first).toMatchObject({ code: 0, stderr: '' });
    const text = project.read('AGENTS.md');
    expect(text).toMatch(
      /^# Shop\n\nUse tabs\.\n\n<!-- kat: .* -->\n\n## Database migrations\n[\s\S]*<!-- \/kat -->\n$/,
    );
    const second = documentOf(
      await project.kat('init --agents --json', { env: { KAT_DRIVER_NAME: 'pglite' } }),
    );
    expect(second).toMatchObject({ agents: join(project.folder, 'AGENTS.md'), isNew: false });
    expect(project.read('AGENTS.md')).toBe(text);
    expect(Object.keys(project.snapshot())).toEqual([join(project.folder, 'AGENTS.md')]);
  });

  test('replaces its own section only', async () => {
    const project = makeProject();
    await project.kat('init --agents');
    const section = project.read('AGENTS.md');
    project.write('AGENTS.md', `Before.\n${section.replace('## Database', '## Old')}After.\n`);
    expect((await project.kat('init --agents')).code).toBe(0);
    expect(project.read('AGENTS.md')).toBe(`Before.\n${section}After.\n`);
  });

  test('replaces the whole file at once, behind a link and with the same rights', async () => {
    const project = makeProject();
    await project.kat('init --agents');
    const section = project.read('AGENTS.md');
    const former = section.replace('## Database', '## Old');
    project.write('AGENTS.md', former);
    const at = (name: string) => join(project.folder, name);
    renameSync(at('AGENTS.md'), at('guide.md'));
    chmodSync(at('guide.md'), 0o646);
    symlinkSync('guide.md', at('AGENTS.md'));
    linkSync(at('guide.md'), at('former.md'));
    expect((await project.kat('init --agents')).code).toBe(0);
    expect([project.read('former.md'), project.read('guide.md')]).toEqual([former, section]);
    expect(statSync(at('guide.md')).mode & 0o777).toBe(0o646);
    expect(lstatSync(at('AGENTS.md')).isSymbolicLink()).toBe(true);
    expect(readdirSync(project.folder).toSorted()).toEqual(['AGENTS.md', 'former.md', 'guide.md']);
  });

  test('keeps every byte around its section', async () => {
    const project = makeProject();
    await project.kat('init --agents');
    const section = project.read('AGENTS.md');
    const around = (text: string) => Buffer.from(`caf\xe9\r\n${text}\xff`, 'latin1');
    project.write('AGENTS.md', around(section.replace('## Database', '## Old')));
    expect((await project.kat('init --agents')).code).toBe(0);
    expect(readFileSync(join(project.folder, 'AGENTS.md'))).toEqual(around(section));
  });

  test('is refused where the section has no end, and with other flags', async () => {
    const project = makeProject();
    await project.kat('init --agents');
    const half = project.read('AGENTS.md').replace('<!-- /kat -->', '');
    project.write('AGENTS.md', half);
    const unended = await project.kat('init --agents');
    expect(unended).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('but not the line <!-- /kat -->'),
    });
    const combined = await project.kat('init --agents --driver pglite');
    expect(combined).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--agents and --driver cannot be combined'),
    });
    expect(project.read('AGENTS.md')).toBe(half);
  });

  test('names only commands that exist', () => {
    const named = agentsSection.matchAll(/`npx kat ([a-z]+)|`(\w+)`(?=,| or)/g);
    const names = [...named].map(([, one, other]) => one ?? other);
    expect(names.length).toBeGreaterThan(10);
    expect(commands.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
  });
});
