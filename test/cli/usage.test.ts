/** A command line that is wrong: what is wrong with it, and which help tells more. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadCommands } from '../../src/cli/commands.js';
import { completionScripts } from '../../src/cli/completion/scripts.js';
import { commandMeantBy } from '../../src/cli/synonyms.js';
import { katCommand } from '../support/kat-command.js';
import { makeProject } from '../support/kat-project.js';

const commands = await loadCommands();

const config = 'database:\n  driver: pglite\n';

test('people at a terminal are told where there is more about an error, except about a wrong command line', async () => {
  const project = makeProject({ config: 'database: 7\n' });
  const nodeArguments = ['--import', 'data:text/javascript,process.stderr.isTTY = true;'];
  const inTerminal = (args: string) => project.kat(args, { nodeArguments, env: { NO_COLOR: '1' } });
  expect(
    (await inTerminal('status')).stderr.endsWith('\n\nMore about this error: kat explain CONFIG_INVALID\n'),
  ).toBe(true);
  expect((await project.kat('explain CONFIG_INVALID')).stdout).toContain('CONFIG_INVALID');
  expect((await project.kat('status')).stderr).not.toContain('kat explain');
  expect((await inTerminal('up --bogus')).stderr).not.toContain('kat explain');
});

test('a folder that is deleted under a shell is an error that says so, without a stack trace', async () => {
  const { folder } = makeProject({ config });
  const script = 'mkdir d && cd d && rmdir ../d && exec "$0" "$1" status';
  const { status, stderr } = spawnSync('sh', ['-c', script, process.execPath, await katCommand()], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(status).toBe(2);
  expect(stderr.trim().split(/\n+/).slice(-2)).toEqual([
    'Error: the current folder was deleted',
    'Change to another folder, and run the command again.',
  ]);
});

test.each([
  ['help nope', "unknown command 'nope'", 'Run `kat --help`'],
  ['help lnit', "unknown command 'lnit'", 'Did you mean'],
  ['migrate', "unknown command 'migrate'", 'In Kat this is `kat up`. Run `kat up --help`'],
  ['rollback --count 1', "unknown command 'rollback'", 'In Kat this is `kat down`.'],
  ['help create', "unknown command 'create'", 'In Kat this is `kat add`. Run `kat add --help`'],
  ['seed', "unknown command 'seed'", 'In Kat this is `kat add`. Run `kat add --help`'],
  ['up --dry', "unknown option '--dry'", 'Did you mean --dry-run? Run `kat up --help`'],
  ['--dry', "unknown option '--dry'", 'Did you mean --dry-run?'],
  [
    '--lock-timeout 1s',
    "unknown option '--lock-timeout'",
    'Write --lock-timeout behind a command, as in `kat up',
  ],
  ['--tables x', "unknown option '--tables'", 'Run `kat --help`'],
  [
    'up --lock-timeout 5',
    "option '--lock-timeout <duration>' argument '5' is invalid",
    'Run `kat up --help`',
  ],
  ['down --retry-for soon', "option '--retry-for <duration>'", 'Run `kat down --help`'],
  ['up --statement-timeout 99999999h', 'Give at most 24 days.', 'Run `kat up --help`'],
  ['add', "missing required argument 'name'", 'such as `kat add create_users`. Run `kat add --help`'],
  ['add x --down y.sql', '--down requires --up', 'Run `kat add --help`'],
  ['add x --infer y', 'a name and --infer cannot be combined', 'Run `kat add --help`'],
  ['--config other.yaml down --bogus', "unknown option '--bogus'", 'Run `kat down --help`'],
  [
    '--verbose show',
    "missing required argument 'migration'",
    'For example: `kat show create_posts`. Run `kat show --help`',
  ],
  ['squash', "required option '--to <migration>' not specified", 'For example: `kat squash --to '],
  ['down --count', "option '-n, --count <number>' argument missing", 'For example: `kat down --count 3`.'],
  ['show x --up --down', '--up and --down do not go together', 'Run `kat show --help`'],
  ['history --all --limit 3', '--all and --limit cannot be combined', 'Run `kat history --help`'],
  ['plan --file x', '--file requires --sql', 'Run `kat plan --help`'],
  ['import old', '`kat import` requires --from', 'Run `kat import --help`'],
  ['import old --from rails', "argument 'rails' is invalid", 'Run `kat import --help`'],
  ['completion tcsh', 'there is no completion for "tcsh"', 'Run `kat completion --help`'],
  ['up one', '`kat up` takes no arguments', 'For example: `kat up --to '],
  ['status x y', '`kat status` takes no arguments', 'Run `kat status --help`'],
  ['show one two', '`kat show` takes 1 argument\n', 'Run `kat show --help`'],
  ['completion', "missing required argument 'shell'", 'Write one of bash, zsh, fish, powershell. Run'],
  [
    'plan --modified',
    '`kat up` takes no --modified',
    'or plan another command: `kat plan redo --modified`. Run',
  ],
  ['plan up one', 'takes no names of migrations', 'Name them with --to. Run `kat plan --help`'],
  [
    'up --wait 30s',
    '`kat up` takes no arguments',
    'Did you mean `--wait=30s`? A value for --wait must follow `=`. Run',
  ],
  ['ping --wait 2m', '`kat ping` takes no arguments', 'Did you mean `--wait=2m`?'],
  ['up -d rollback', '`kat up` takes no arguments', 'Did you mean `--dry-run=rollback`?'],
  ['down --count x', "option '-n, --count <number>' argument 'x' is invalid", 'Run `kat down --help`'],
])('kat %s', async (args, message, help) => {
  const run = await makeProject({ config }).kat(args);
  expect(run).toMatchObject({ code: 2, stdout: '' });
  expect(run.stderr).toContain(message);
  expect(run.stderr).toContain(help);
  expect(run.stderr).not.toContain('kat.conf.yaml');
});

/** Of the engine, the project and the graph: none of them knows the command. */
test.each([
  ['down one --all', 'cannot be combined'],
  ['redo one --modified', 'cannot be combined'],
  ['lint one --pending', 'cannot be combined'],
  ['verify --seed 3', '`--seed` requires `--order`'],
  ['schema --check --load', 'cannot be combined'],
  ['verify --order 5', 'Did you mean `--order=5`? A value for --order must follow `=`.'],
  ['down --dry-run rollback', 'Did you mean `--dry-run=rollback`? A value for --dry-run must follow `=`.'],
])('kat %s: flags that are found wrong later name the help, too', async (args, message) => {
  const project = makeProject({ config, migrations: { '1_one': 'SELECT 1;' } });
  const run = await project.kat(args);
  expect(run).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
  expect(run.stderr).toContain(`Run \`kat ${args.split(' ')[0]} --help\` to see its options.\n`);
});

test.each([
  ['up --to nope', 'no migration matches "nope"', 'the newest are 1_one.'],
  ['lint --rule nope', 'there is no lint rule "nope"', 'Run `kat lint --list-rules` to list all rules.'],
  ['verify --on ftp://x', 'no place for a throwaway database', 'postgres://user@host/postgres.'],
  ['squash --to one', '1_one has no parents', 'Name the last of the migrations to squash.'],
  ['diff a b', '"a" names no schema', 'or a git revision.'],
  ['deps nope', 'no migration matches "nope"', 'the newest are 1_one.'],
  ['check --git-base nope', 'not in a git repository', 'without --git-base where it is optional.'],
  ['repair --done one', '1_one is not half done', 'to see the differences.'],
  ['blame nope', 'no migration creates or changes "nope"', 'or `app.users`.'],
  ['graph --offline --pending', 'only the database knows', 'Remove `--offline`.'],
  ['explain NOPE', 'there is no code "NOPE"', 'Run `kat explain` to list all codes.'],
])('kat %s: what names something that is not there ends with what to do', async (args, message, help) => {
  const project = makeProject({ config, migrations: { '1_one': 'SELECT 1;' } });
  const run = await project.kat(args);
  expect(run).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
  expect(run.stderr.endsWith(`${help}\n`)).toBe(true);
});

test('choices, defaults and environment variables have one form in every help', async () => {
  const project = makeProject({});
  const help = async (command: string) =>
    (await project.kat(`${command} --help`)).stdout.replace(/\s+/g, ' ');
  const verify = await help('verify');
  expect(verify).toContain('the configuration file [env: KAT_CONFIG_FILE]');
  expect(verify).toContain('(choices: text, json, github, sarif; default: text)');
  expect(await help('init')).toContain('(choices: postgres, pglite, sqlite) [env: KAT_DRIVER_NAME]');
  for (const { name } of commands) expect(await help(name)).not.toMatch(/\(env: |"text"/);
});

test('no command has a name that another one is found by', () => {
  for (const { name } of commands) expect(commandMeantBy(name)).toBeUndefined();
  expect(commandMeantBy('new')).toBe('add');
});

test.runIf(process.platform !== 'win32')('a pipe is no configuration, metadata or SQL', async () => {
  const project = makeProject({ config, migrations: { '1_one': 'SELECT 1;', '2_two': 'SELECT 1;' } });
  const pipe = (path: string) => execFileSync('mkfifo', [join(project.folder, path)]);
  pipe('pipe.yaml');
  expect((await project.kat('status -c pipe.yaml')).stderr).toContain('it is a pipe or a device');
  expect((await project.kat('plan --applied-from pipe.yaml')).stderr).toContain('it is a pipe or a device');
  for (const file of ['migrations/1_one/up.sql', 'migrations/2_two/metadata.yaml']) {
    execFileSync('rm', [join(project.folder, file)]);
    pipe(file);
  }
  const run = await project.kat('up');
  expect(run.code).toBe(2);
  expect(run.stderr).toContain('1_one/up.sql is not a regular file');
  expect(run.stderr).toContain('2_two/metadata.yaml is not a regular file');
  writeFileSync(join(project.folder, 'long.yaml'), `#${'x'.repeat(1 << 20)}`);
  expect((await project.kat('status -c long.yaml')).stderr).toContain('it is too large');
});

test.runIf(process.platform !== 'win32').each([
  ['AGENTS.md', 'init --agents'],
  ['.gitattributes', 'schema --install-merge-driver'],
  ['package.json', 'status'],
])('a pipe called %s keeps `kat %s` from nothing but its own work', async (file, command) => {
  const project = makeProject({ files: { '.git/HEAD': 'ref: refs/heads/main\n' } });
  execFileSync('git', ['init', '-q', '.'], { cwd: project.folder });
  execFileSync('mkfifo', [join(project.folder, file)]);
  // A process that waits for a pipe hears no signal but this one.
  const run = await project.kat(command, { isProcess: true, timeoutMs: 20_000 });
  expect(run.code).toBe(2);
});

test.runIf(process.platform !== 'win32')(
  'a pipe takes what is written if a program reads it, and ends no command otherwise',
  async () => {
    const project = makeProject({ config, migrations: { '1_one': 'SELECT 1;' } });
    const pipe = join(project.folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const args = 'export --format json -f pipe';
    const [run, read] = await Promise.all([
      project.kat(args, { isProcess: true, timeoutMs: 20_000 }),
      readFile(pipe, 'utf8'),
    ]);
    expect(run.code, run.stderr).toBe(0);
    expect(JSON.parse(read)).toMatchObject({ migrations: [{ id: '1_one' }] });
    const lonely = await project.kat(args, { isProcess: true, timeoutMs: 20_000 });
    expect(lonely.code).toBe(2);
    expect(lonely.stderr).toContain(
      'pipe: it is a pipe that no program reads\n\nStart the program that reads this pipe first.',
    );
  },
);

test('no duration is longer than PostgreSQL can keep', async () => {
  const project = makeProject({ config, migrations: { '1_one': 'SELECT 1;' } });
  for (const setting of ['lock_timeout', 'statement_timeout', 'retry_for', 'max_block']) {
    project.write('migrations/1_one/metadata.yaml', `name: one\ntimestamp: 1\n${setting}: 99999999999h\n`);
    const run = await project.kat('up');
    expect(run.code).toBe(2);
    expect(run.stderr).toContain(`\`${setting}\` must be at most 24 days`);
  }
});

test.each([
  ['a list', 'name: one\ntimestamp: 1\nparents: [1, 2\ndescription: x\n', '3:10'],
  ['a list behind a closed one', 'name: one\nparents: [[1], "]", 2 # ]\ndescription: x\n', '2:10'],
  ['a map', 'name: { one: 1\ntimestamp: 1\n', '1:7'],
  ['a quote', 'name: "one"\ntimestamp: 1\ndescription: "x\nparents: []\n', '3:14'],
  ['a single quote behind others', "name: 'it''s' # don't\ndescription: a user's\nparents: ['1\n", '3:11'],
])('what nothing closes is called so where it stands: %s', async (_, text, place) => {
  const project = makeProject({ config, migrations: { '1_one': 'SELECT 1;' } });
  project.write('migrations/1_one/metadata.yaml', text);
  const run = await project.kat('up');
  expect(run.stderr).toContain('not valid YAML: a closing quote, bracket, comma or colon is missing');
  expect(run.stderr).toContain(`migrations/1_one/metadata.yaml:${place}\n`);
});

test('a name may have any visible character, and no other', async () => {
  const project = makeProject({ config, migrations: { '1_ünï $(x) *?': 'SELECT 1;' } });
  expect((await project.kat('heads')).stdout).toBe('1_ünï $(x) *?\n');
  project.addMigration('2_a\u001b[31mb', 'SELECT 1;');
  const run = await project.kat('heads');
  expect(run.code).toBe(2);
  expect(run.stderr).toContain(String.raw`2_a\x1b[31mb has an up.sql, but its name is not a migration id`);
});

test('a flood of refusals is folded', async () => {
  const up = Array.from({ length: 100 }, (_, index) => `SELECT ${index}; COMMIT AND CHAIN;`).join('\n');
  const project = makeProject({ config, migrations: { '1_one': up } });
  const { stderr } = await project.kat('up');
  expect(stderr).toMatch(/\d+ more problems are not shown; `--json` lists all of them/);
  expect(stderr.split('\n').length).toBeLessThan(160);
});

test.runIf(process.platform !== 'win32')('bash inserts what is completed as one harmless word', () => {
  const project = makeProject();
  mkdirSync(join(project.folder, 'bin'));
  const answer = `1_$(touch owned)\\n1_a*\\n1_two words\\n`;
  writeFileSync(join(project.folder, 'bin/kat'), `#!/bin/sh\nprintf '${answer}'\n`, { mode: 0o755 });
  writeFileSync(join(project.folder, '1_abc'), '');
  const script = `${completionScripts.bash}
COMP_WORDS=(kat show 1) COMP_CWORD=2; _kat
for word in "\${COMPREPLY[@]}"; do eval "printf '<%s>' $word"; done; ls owned 2>/dev/null`;
  const output = execFileSync('bash', ['-c', `${script}; true`], {
    cwd: project.folder,
    env: { PATH: `${join(project.folder, 'bin')}:${process.env.PATH}` },
    encoding: 'utf8',
  });
  expect(output).toBe('<1_$(touch owned)><1_a*><1_two words>');
});

test.each([
  ['lint --json --format sarif', '--json and --format sarif cannot be combined'],
  ['validate --format=github --json', '--json and --format github cannot be combined'],
])('only one format can be meant: kat %s', async (args, message) => {
  const run = await makeProject({ config }).kat(args);
  expect(run.code).toBe(2);
  expect(JSON.parse(run.stdout)).toMatchObject({ ok: false, error: { code: 'USAGE', message } });
});
