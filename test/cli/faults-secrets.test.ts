/** Fault 45: a password is in no output, whatever goes wrong and wherever it stood. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandMajors } from '../support/database.js';
import { makeProject, type Project, projectOn } from '../support/kat-project.js';

const secret = 'Hunter2sesame';
/** Enough of it to be one. */
const telling = /unter2|sesame/i;

/** One run tells all: the document of `--json` on stdout, the text for people on stderr. */
async function expectSilence(
  project: Project,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<void> {
  const run = await project.kat([...args, '--verbose', '--json'], { env });
  expect(run.code).not.toBe(0);
  expect(run.stdout).toMatch(/^\{\s+"ok": false,/);
  expect(run.stderr).not.toBe('');
  expect(run.stdout + run.stderr).not.toMatch(telling);
}

const brokenUrls = [
  `postgres://app:${secret}@127.0.0.1:1/shop`,
  `postgres://app:${secret}@nowhere.invalid/shop`,
  `postgres://app:${secret}/x@127.0.0.1:1/shop`,
  `postgres://app:${secret}?x@127.0.0.1:1/shop`,
  `postgres://app:${secret}#x@127.0.0.1:1/shop`,
  `postgres://app:x%zz${secret}@127.0.0.1:1/shop`,
  `postgres://app:${secret}@127.0.0.1:port/shop`,
  `postgres://app:x:${secret}@127.0.0.1:1/shop`,
  `postgres://app:x@${secret}@127.0.0.1:1/shop`,
  `postgres://${secret}@127.0.0.1:1:2/shop`,
  `postgres://app@127.0.0.1:1/shop?password=${secret}&sslmode=wrong`,
  `postgres://app@127.0.0.1:1/shop?pasword=${secret}`,
  `postgres:/app:${secret}@127.0.0.1:1/shop`,
  `postgres//app:${secret}@127.0.0.1:1/shop`,
  `mysql://app:${secret}@127.0.0.1:1/shop`,
  `app:${secret}@127.0.0.1:1/shop`,
  `host=127.0.0.1 password=${secret}`,
  `postgres://a:${secret}@one:1,two:2/shop`,
];

test.each(brokenUrls)('the URL %s in the file and in the environment', async (url) => {
  const project = makeProject({
    config: `database:\n  url: ${JSON.stringify(url)}\n  connect_timeout: 5s\n`,
  });
  await expectSilence(project, ['ping', '-r', '0']);
  const elsewhere = makeProject({ config: 'database:\n  connect_timeout: 5s\n' });
  await expectSilence(elsewhere, ['ping', '-r', '0'], { KAT_MIGRATION_DATABASE_URL: url });
});

const brokenConfigs = [
  `database:\n  password: ${secret}\n  pasword: ${secret}\n`,
  `database:\n  passwort: ${secret}\n`,
  `database:\n  password: "${secret}\n`,
  `database:\n  password: ${secret}: x\n`,
  `database:\n  password: *${secret}\n`,
  `database:\n  password: [${secret}]\n`,
  `database:\n  password: {a: ${secret}}\n`,
  `database:\n  password: >\n    ${secret}\n   bad\n`,
  `database:\n  password: ${secret}\n  password: ${secret}\n`,
  `database:\n  password: ${secret}$KAT_TEST_UNSET\n`,
  `database:\n\tpassword: ${secret}\n`,
  `database:\n  url: postgres://app:${secret}@h/d\n  host: h\n`,
  `database:\n  url: [postgres://app:${secret}@h/d]\n`,
  `database: postgres://app:${secret}@h/d\n`,
  `postgres://app:${secret}@h/d\n`,
  `url: postgres://app:${secret}@h/d\n`,
  `database: {password: ${secret}, pot: 1}\n`,
  `database:\n  driver: pglite\n  password: ${secret}\n`,
  `database:\n  password: $${secret}\n`,
  `database:\n  password: pa$${secret}\n`,
  `database:\n  host: pa$${secret}\n`,
  `database:\n  host: "postgres://app:${secret}@h/d"\n`,
  `database:\n  host: h\n  sslmode: ${secret}\n`,
  `database:\n  user: u password: ${secret}\n`,
  `database:\n  host: h # password: ${secret}\n  prot: 1\n`,
  `database:\n  # password: ${secret}\n  prot: 1\n`,
];

test.each(brokenConfigs)('the configuration %j', async (config) => {
  await expectSilence(makeProject({ config }), ['ping', '-r', '0']);
});

test.each([
  ['init', '--dbPasswrd', secret],
  ['init', `--dbPasswrd=${secret}`],
  ['init', `--db-passwort=${secret}`],
  ['init', '--dbPassword', secret, '--driver', 'pglite'],
  ['init', '--dbPassword', secret, '--databaseURL', 'postgres://h/d'],
  ['init', '--dbPassword', secret, '--dbPort', 'x'],
  ['init', '--databaseURL', `postgres://app:${secret}@h/d`, '--dbHost', 'h'],
  ['init', '--driver', `postgres://app:${secret}@h/d`],
  ['init', '--dbSSLMode', `postgres://app:${secret}@h/d`],
  ['init', `postgres://app:${secret}@h/d`],
  [`postgres://app:${secret}@h/d`],
  ['up', '-u', `postgres://app:${secret}@h/d`],
  ['up', `--databaseURL=postgres://app:${secret}@h/d`],
  ['up', '--count', `postgres://app:${secret}@h/d`],
  ['up', '--config', `postgres://app:${secret}@h/d`],
  ['export', '--file', `postgres://app:${secret}@h/d`],
  ['add', 'x', '--parent', `postgres://app:${secret}@h/d`],
])('the command line kat %s %s', async (...args) => {
  const isInit = args[0] === 'init';
  await expectSilence(
    makeProject(isInit ? {} : { config: '', files: { 'migrations/README': '' } }),
    args.filter(Boolean),
  );
});

test.each([
  { PGPASSWORD: secret },
  { KAT_DB_PASSWORD: secret },
  { KAT_DB_PORT: secret },
  { KAT_DB_SSL_MODE: `postgres://app:${secret}@h/d` },
  { KAT_RETRY_COUNT: `postgres://app:${secret}@h/d` },
  { KAT_DRY_RUN: secret },
  { PGPORT: secret },
  { KAT_CONFIG_FILE: `postgres://app:${secret}@h/d` },
  { KAT_DB_HOST: `postgres://app:${secret}@h/d` },
  { KAT_DB_HOST: `app:${secret}@h` },
  { KAT_DB_USER: `postgres://app:${secret}@h/d` },
  { KAT_DB_USER: `app:${secret}` },
  { KAT_DB_NAME: `postgres://app:${secret}@h/d` },
  { KAT_DB_NAME: `shop?password=${secret}` },
  { KAT_DB_NAME: encodeURIComponent(`postgres://app:${secret}@h/d`) },
  { PGDATABASE: `postgres://app:${secret}@h/d` },
  { PGOPTIONS: `-c password=${secret} ${secret}` },
])('the environment %j', async (env) => {
  const port = Object.keys(env).some((name) => name.endsWith('PORT')) ? '' : '  port: 1\n';
  const project = makeProject({ config: `database:\n  host: 127.0.0.1\n${port}  connect_timeout: 5s\n` });
  await expectSilence(project, ['ping', ...('KAT_RETRY_COUNT' in env ? [] : ['-r', '0'])], env);
});

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test('a wrong password from everywhere it may come', async () => {
    const project = await projectOn(major, { migrations: { '1_one': 'SELECT 1;' } });
    const { host, port, name } = project.database;
    const address = `database:\n  host: ${host}\n  port: ${port}\n  name: ${name}\n  user: postgres\n`;
    const url = `postgres://postgres:${secret}@${host}:${port}/${name}`;
    project.write('../home/.pgpass', `*:*:*:*:${secret}\n`);
    const configs: readonly [config: string, env: Record<string, string>][] = [
      [`database:\n  url: ${url}\n`, {}],
      [`${address}  password: ${secret}\n`, {}],
      [address, { KAT_DB_PASSWORD: secret }],
      [address, { PGPASSWORD: secret }],
      [address, { KAT_MIGRATION_DATABASE_URL: url }],
      [address, { PGPASSFILE: join(project.home, '.pgpass') }],
    ];
    for (const [config, env] of configs) {
      project.write('kat.conf.yaml', config);
      for (const command of ['up', 'status']) await expectSilence(project, [command], env);
    }
  });

  test('a right password, while the commands work and while they fail', async () => {
    const project = await projectOn(major, { migrations: { '1_one': 'SELECT 1;', '2_two': 'SELECT 1/0;' } });
    const role = `role_${project.database.name}`;
    const { host, port, name } = project.database;
    await project.database.query(`CREATE ROLE ${role} SUPERUSER LOGIN PASSWORD '${secret}'`);
    try {
      project.write(
        'kat.conf.yaml',
        `database:\n  url: postgres://${role}:${secret}@${host}:${port}/${name}\n`,
      );
      for (const command of [
        'ping',
        'up --dry-run',
        'up',
        'status',
        'down',
        'up --count 1',
        'export',
        'add x',
      ]) {
        for (const flag of ['-v', '--json']) {
          const run = await project.kat(`${command} ${flag}`);
          expect(run.stdout + run.stderr).not.toMatch(telling);
        }
      }
    } finally {
      await project.database.query(
        `REASSIGN OWNED BY ${role} TO postgres; DROP OWNED BY ${role}; DROP ROLE ${role}`,
      );
    }
  });
});
