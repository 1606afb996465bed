/** Flags that every command takes, their places and spellings, and what happens to those that nobody knows. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadCommands } from '../../src/cli/commands.js';
import { commandMajors } from '../support/database.js';
import { makeProject, projectOn } from '../support/kat-project.js';

const commands = await loadCommands();

const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'));
const config = 'database:\n  host: nowhere.invalid\n';
const migrations = { '1_users': 'SELECT 1;' };

describe('before and after the command', () => {
  test.each([
    '--config other.yaml export',
    'export --config other.yaml',
    '-c other.yaml export',
    'export -c other.yaml',
    'export --config=other.yaml',
  ])('kat %s', async (args) => {
    const project = makeProject({ migrations, files: { 'other.yaml': config } });
    expect((await project.kat(args)).stdout).toContain('"1_users" [label="users"];');
  });

  test.each(['--verbose add next', '-v add next', 'add next -v', 'add -v next', 'add --verbose next'])(
    'kat %s',
    async (args) => {
      const project = makeProject({ config, migrations });
      expect((await project.kat(args)).stdout).toContain('Up query file: ');
    },
  );

  test.each(['--json export', 'export --json'])('kat %s', async (args) => {
    const project = makeProject({ config, migrations });
    expect(JSON.parse((await project.kat(args)).stdout)).toMatchObject({ command: 'export', ok: true });
  });
});

test.each([
  ['add next', '', ''],
  ['graph --offline', '', ''],
  ['export --format mermaid', 'flowchart LR\n  m1["users"]\n', ''],
  ['heads nonsense', '', 'Error: '],
])(
  '--quiet %s prints nothing but warnings, errors and machine-readable output',
  async (args, text, error) => {
    for (const line of [`--quiet ${args}`, `${args} -q`]) {
      const { stdout, stderr } = await makeProject({ config, migrations }).kat(line);
      expect(stdout).toBe(text);
      expect(stderr).toEqual(expect.stringContaining(error));
      if (error === '') expect(stderr).toBe('');
    }
  },
);

describe('from the environment', () => {
  test('KAT_CONFIG_FILE, which --config wins over, and which must not be empty', async () => {
    const project = makeProject({ migrations, files: { 'other.yaml': config, 'broken.yaml': '[' } });
    const file = (KAT_CONFIG_FILE: string) => ({ env: { KAT_CONFIG_FILE } });
    expect((await project.kat('export', file('other.yaml'))).code).toBe(0);
    expect((await project.kat('export -c other.yaml', file('broken.yaml'))).code).toBe(0);
    expect((await project.kat('export', file('broken.yaml'))).code).toBe(2);
    expect(await project.kat('export', file(''))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Error: KAT_CONFIG_FILE in the environment is empty'),
    });
  });

  test.each([
    ['1', true],
    ['true', true],
    ['yes', true],
    ['0', false],
    ['false', false],
    ['', false],
  ])('KAT_VERBOSE=%s', async (KAT_VERBOSE, isVerbose) => {
    const project = makeProject({ config, migrations });
    const run = await project.kat('add next', { env: { KAT_VERBOSE } });
    expect(run.stdout.includes('Up query file: ')).toBe(isVerbose);
  });

  test('an empty number counts as not set', async () => {
    const project = makeProject({ config: 'database:\n  host: 127.0.0.1\n  port: 1\n' });
    const run = await project.kat('ping -r 1 -rd 100', { env: { KAT_RETRY_COUNT: '', KAT_RETRY_DELAY: '' } });
    expect(run.stderr).toContain('(1 of 2)');
  });

  test.each(commandMajors())('KAT_DRY_RUN, and dryRun in the file, on PostgreSQL %i', async (major) => {
    const project = await projectOn(major, { migrations });
    const untouched = async () =>
      expect(await project.database.query("SELECT FROM pg_class WHERE relname ~ '^migrations'")).toEqual([]);
    expect((await project.kat('up', { env: { KAT_DRY_RUN: 'true' } })).stdout).toMatch(/^DRY RUN: /);
    await untouched();
    project.write('kat.conf.yaml', `migration:\n  dryRun: true\n${project.read('kat.conf.yaml')}`);
    expect((await project.kat('up')).stdout).toMatch(/^DRY RUN: /);
    await untouched();
    expect((await project.kat('up', { env: { KAT_DRY_RUN: '0' } })).stdout).toContain(
      'Successfully applied 1 migrations',
    );
  });
});

describe('what nobody knows ends with 2 and a suggestion', () => {
  test.each([
    ['ups', "unknown command 'ups'", 'Did you mean up?'],
    ['statsu', "unknown command 'statsu'", 'Did you mean status?'],
    ['frobnicate', "unknown command 'frobnicate'", 'Run `kat --help`'],
    ['up --cuont 3', "unknown option '--cuont'", 'Did you mean --count?'],
    ['--verbos up', "unknown option '--verbos'", 'Did you mean --verbose?'],
    ['up now', '`kat up` takes no arguments', 'Run `kat up --help`'],
    ['add', "missing required argument 'name'", 'Name the migration, such as `kat add create_users`'],
    ['up --count', "option '-n, --count <number>' argument missing", 'Run `kat up --help`'],
    ['up -n 0', "argument '0' is invalid. Give a whole number of at least 1.", ''],
    ['up -n 1.5', "argument '1.5' is invalid. Give a whole number of at least 1.", ''],
    ['down --count -1', "argument '-1' is invalid. Give a whole number of at least 1.", ''],
  ])('kat %s', async (args, message, help) => {
    const run = await makeProject({ config, migrations }).kat(args);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toMatch(/^Error: /);
    expect(run.stderr).toContain(message);
    expect(run.stderr).toContain(help);
  });

  test('no command at all: the help, and 2', async () => {
    const run = await makeProject().kat([]);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain('Usage: kat <command> [options]\n');
    expect(run.stderr).toContain('Error: no command was given\n');
  });
});

describe('help', () => {
  test.each(commands.map((command) => [command.name, command] as const))(
    'kat %s --help shows its examples',
    async (name, spec) => {
      const project = makeProject();
      const help = await project.kat([name, '--help']);
      expect(help).toMatchObject({ code: 0, stderr: '' });
      expect(help.stdout).toContain(`Usage: kat ${name}`);
      for (const example of spec.examples)
        expect(help.stdout).toContain(`  $ ${example.command}\n      ${example.explanation}\n`);
      for (const { env } of spec.options)
        if (env) expect(help.stdout.replace(/\s+/g, ' ')).toContain(`env: ${env}`);
      expect(help.stdout.replace(/\s+/g, ' ')).toContain('-c, --config <file> the configuration file');
      expect(project.snapshot()).toEqual({});
    },
  );

  test('kat help up is kat up --help', async () => {
    const project = makeProject();
    const { stdout } = await project.kat('up --help');
    expect(await project.kat('help up')).toEqual({ code: 0, stdout, stderr: '' });
  });

  test('kat --help lists every command', async () => {
    const { code, stdout, stderr } = await makeProject().kat('--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const { name, summary } of commands)
      expect(stdout.replace(/\s+/g, ' ')).toContain(` ${name} ${summary}`);
  });
});

test('the version, by flag and by command', async () => {
  const project = makeProject();
  for (const flag of ['--version', '-V']) expect((await project.kat(flag)).stdout).toBe(`${version}\n`);
  expect((await project.kat('version')).stdout).toBe(`Version: ${version}\n`);
});

test('what stands behind -- is a name, even when it looks like a flag', async () => {
  const project = makeProject({ config, migrations });
  const run = await project.kat(['add', '--json', '--', '--table-name']);
  expect(JSON.parse(run.stdout).id).toMatch(/^\d+_tablename$/);
});
