/** Environments: each command works on the database of the chosen one, says so, and asks where it is protected. */

import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commandMajors } from '../support/database.js';
import { documentOf } from '../support/document.js';
import { makeProject, projectOn } from '../support/kat-project.js';

const migrations = { '1_users': { up: 'CREATE TABLE users (id int);', down: 'DROP TABLE users;' } };
const twoFiles = `environments:
  dev:
    database: { driver: sqlite, path: dev.sqlite }
  production:
    protected: true
    database: { driver: sqlite, path: production.sqlite }
`;
const shopOn = (config: string) => makeProject({ config, migrations });
const [major = 18] = commandMajors();

test('a command works on the database of its environment, and says which', async () => {
  const { kat, ids } = shopOn(twoFiles);
  const up = await kat('--env dev up');
  expect(up).toMatchObject({ code: 0, stderr: expect.stringMatching(/^Environment: dev\n/) });
  const counts = async (args: string, env = {}) => {
    const run = await kat(args, { env });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    return documentOf(run);
  };
  expect(await counts('status --env=dev --json')).toMatchObject({
    environment: 'dev',
    counts: { applied: 1 },
  });
  expect(await counts('status --json', { KAT_ENV: 'production' })).toMatchObject({
    ...{ environment: 'production', counts: { applied: 0, pending: 1 } },
  });
  expect(await counts('status --json --env dev', { KAT_ENV: 'production' })).toMatchObject({
    environment: 'dev',
  });
  const failed = await kat('down --env dev --to nothing --json');
  expect(documentOf(failed)).toMatchObject({ ok: false, environment: 'dev' });
  const offline = await kat('heads --json');
  expect(documentOf(offline)).not.toHaveProperty('environment');
  expect(ids()).toEqual(['1_users']);
});

test('without a chosen environment, commands that can work without a database name --offline', async () => {
  const { kat } = shopOn(twoFiles);
  const choose = 'Choose one with --env or KAT_ENV: dev, production.';
  for (const command of ['graph', 'validate', 'show 1_users', 'export --format html']) {
    const { code, stderr } = await kat(command);
    expect({ code, stderr }, command).toEqual({
      code: 2,
      stderr: expect.stringMatching(
        new RegExp(`^Error: no environment is chosen, .*\\n\\n${choose} Or add --offline: .*\\n$`),
      ),
    });
    expect(await kat(`${command} --offline`), command).toMatchObject({ code: 0, stderr: '' });
  }
  expect((await kat('status')).stderr.endsWith(`\n\n${choose}\n`)).toBe(true);
});

test.each([
  'add x',
  'merge',
  'heads',
  'roots',
  'bundle',
  'deps',
  'lint',
  'check',
  'export',

  'explain 3',
])('%s needs no environment', async (command) => {
  const database = '{ url: postgres://nobody@127.0.0.1:1/none }';
  const { kat } = shopOn(`environments:\n  production:\n    database: ${database}\n`);
  expect(await kat(command)).toMatchObject({ code: 0 });
});

test('a protected environment asks for its name; what does not name it changes nothing', async () => {
  const { kat, start, snapshot } = shopOn(twoFiles);
  const before = snapshot();
  const refused = (help: string) => ({
    code: 2,
    stderr: `Environment: production\nError: changing the protected environment production needs confirmation\n\n${help}\n`,
  });
  const review = (command: string) =>
    `Review the plan that \`kat plan ${command} --env production\` shows with the same flags, then add \`--plan-id ID\` with its id.`;
  for (const command of ['up', 'sync', 'down', 'redo'])
    expect(await kat(`${command} --env production`), command).toMatchObject(
      refused(`${review(command)} Or add \`--yes\`.`),
    );
  for (const command of ['stamp 1_users', 'repair'])
    expect(await kat(`${command} --env production`), command).toMatchObject(
      refused('Add `--yes` to the command.'),
    );
  const fromVariable = { env: { KAT_ENV: 'production' } };
  const nameAndYes = '`--env production --yes`';
  expect(await kat('up --yes', fromVariable)).toMatchObject(refused(`${review('up')} Or add ${nameAndYes}.`));
  expect(await kat('repair --yes', fromVariable)).toMatchObject(refused(`Add ${nameAndYes} to the command.`));
  expect(await kat('up --dry-run --env production')).toMatchObject({ code: 0 });
  expect(snapshot()).toEqual(before);

  const answer = async (keys: string) => {
    const nodeArguments = ['--import', 'data:text/javascript,process.stdin.isTTY = true;'];
    const { child, ended } = await start('up', { ...fromVariable, nodeArguments, hasInput: true });
    child.stdin?.end(keys);
    return ended;
  };
  for (const keys of ['y\n', 'dev\n', ''])
    expect(await answer(keys), keys).toMatchObject({
      code: 130,
      stderr: expect.stringContaining('Error: nothing was done: the name production was not typed\n'),
    });
  expect(snapshot()).toEqual(before);
  expect(await answer('production\n')).toMatchObject({ code: 0 });
  expect(await kat('down --all --yes --env production')).toMatchObject({ code: 0 });
  expect(await kat('up --env dev')).toMatchObject({ code: 0 });
});

test('the plan of one environment is refused in another, also on the same database', async () => {
  const { database, kat, write, applied } = await projectOn(major, { migrations });
  const section = `{ protected: true, database: { url: '${database.url}' } }`;
  write('kat.conf.yaml', `environments:\n  staging: ${section}\n  production: ${section}\n`);
  const plan = await kat('plan --env staging --json');
  write('plan.json', plan.stdout);
  const { planId } = documentOf(plan) as { planId: string };
  for (const consent of [`--plan-id ${planId}`, '--plan plan.json'])
    expect(await kat(`up --env production ${consent}`)).toMatchObject({ code: 3 });
  expect(await database.query("SELECT FROM pg_class WHERE relname = 'users'")).toEqual([]);
  expect(await kat(`up --env staging --plan-id ${planId}`)).toMatchObject({ code: 0 });
  expect(await applied()).toEqual(['1_users']);
});

test("an agent's tools work in the environment of their server", async () => {
  const { start } = shopOn(twoFiles);
  const { child, ended } = await start('--env dev mcp', { hasInput: true });
  const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'status', arguments: {} } };
  child.stdin?.end(`${JSON.stringify(call)}\n`);
  expect(JSON.parse((await ended).stdout).result.structuredContent).toMatchObject({
    ...{ environment: 'dev', counts: { pending: 1 } },
  });
});

test('kat init writes no environments by itself, and says how', async () => {
  const { kat, snapshot } = makeProject();
  expect(await kat('init --env dev')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('`kat init` takes no --env'),
  });
  expect(snapshot()).toEqual({});
  expect(await kat('init', { env: { KAT_ENV: 'dev' } })).toMatchObject({ code: 0 });
});

test('names of environments are completed', async () => {
  const { kat, write } = shopOn(twoFiles);
  const complete = async () => (await kat(['completion', 'bash', '--', 'up', '--env', 'p'])).stdout;
  expect(await complete()).toBe('production\n');
  write('kat.conf.yaml', 'environments: [');
  expect(await complete()).toBe('');
});

test('a service must not lead an environment to another address', async () => {
  const { kat, write, folder } = makeProject({
    config: `environments:
  host: { database: { host: db.invalid, name: shop } }
  url: { database: { url: 'postgres://db.invalid/shop' } }
  named: { database: { url: 'postgres://db.invalid/shop?service=elsewhere' } }
  open: { database: { name: shop } }
  own: { database: { url: 'postgres://db.invalid/shop?hostaddr=127.0.0.1&port=1' } }
`,
    migrations,
  });
  write('services.conf', '[elsewhere]\nhostaddr=127.0.0.1\nport=1\n[near]\nport=1\n');
  const PGSERVICEFILE = join(folder, 'services.conf');
  const ping = (environment: string, service?: string) =>
    kat(`ping --env ${environment}`, {
      env: { PGSERVICEFILE, ...(service === undefined ? {} : { PGSERVICE: service }) },
    });
  for (const [environment, service] of [
    ['host', 'elsewhere'],
    ['url', 'elsewhere'],
    ['named', undefined],
  ] as const) {
    const { code, stderr } = await ping(environment, service);
    expect(code, stderr).toBe(2);
    expect(stderr).toContain(
      `\`hostaddr\` of the service "elsewhere" would lead the environment ${environment} from db.invalid to 127.0.0.1`,
    );
  }
  for (const [environment, service] of [
    ['open', 'elsewhere'],
    ['own', 'elsewhere'],
    ['host', 'near'],
  ] as const) {
    const { code, stderr } = await ping(environment, service);
    expect(code).toBe(2);
    expect(stderr).toContain('could not connect');
    expect(stderr).not.toContain('would lead');
  }
  expect((await kat('heads --env host', { env: { PGSERVICEFILE, PGSERVICE: 'elsewhere' } })).code).toBe(0);
});
