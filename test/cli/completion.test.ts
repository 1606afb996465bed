/** `kat completion`: how a command line may go on, as the shells' scripts ask for it. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadCommands } from '../../src/cli/commands.js';
import { completionScripts, emptyWord } from '../../src/cli/completion/scripts.js';
import { globalOptions } from '../../src/cli/global-options.js';
import { documentOf } from '../support/document.js';
import { commitAll, git } from '../support/git.js';
import { makeProject, type Project } from '../support/kat-project.js';

const commands = await loadCommands();

const config = 'database:\n  driver: pglite\n';

const project = makeProject({
  config,
  migrations: { '1_users': 'SELECT 1;', '2_posts': { up: 'SELECT 1;', parents: [1] } },
});

async function goOn(...words: string[]): Promise<string[]> {
  return linesOf(project, ['completion', 'bash', '--', ...words]);
}

async function linesOf({ kat }: Project, args: readonly string[]): Promise<string[]> {
  const { code, stdout, stderr } = await kat([...args]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout.split('\n').slice(0, -1);
}

const migrations = ['head', 'heads', '1_users', 'users', '2_posts', 'posts'];

test('commands, by how they begin', async () => {
  expect(await goOn('')).toEqual(commands.map(({ name }) => name));
  expect(await goOn('re')).toEqual(['redo', 'report', 'repair']);
  expect(await goOn('nothing')).toEqual([]);
});

test('flags of the command and of every command', async () => {
  expect(await goOn('up', '--d')).toEqual(['--dry-run']);
  expect(await goOn('up', '--')).toEqual(
    expect.arrayContaining(['--to', '--single-transaction', '--json', '--help']),
  );
  expect(await goOn('--c')).toEqual(['--config']);
});

test('names of migrations where one may stand', async () => {
  expect(await goOn('down', '')).toEqual(migrations);
  expect(await goOn('down', 'users', 'p')).toEqual(['posts']);
  expect(await goOn('up', '--to', '2')).toEqual(['2_posts']);
  expect(await goOn('add', '--parent', 'u')).toEqual(['users']);
  expect(await goOn('status', '')).toEqual([]);
});

test('values that are to be chosen from a list', async () => {
  expect(await goOn('init', '--driver', '')).toEqual(['postgres', 'pglite', 'sqlite']);
  expect(await goOn('plan', '')).toEqual(['up', 'down', 'redo', 'sync']);
  expect(await goOn('plan', 'down', 'u')).toEqual(['users']);
  expect(await goOn('explain', 'GRAPH')).toEqual(['GRAPH_INVALID']);
  expect(await goOn('explain', 'GRAPH_INVALID', '')).toEqual([]);
});

test('where a throwaway database runs, rules, git revisions, and what diff compares', async () => {
  expect(await goOn('verify', '--on', '')).toEqual(['pglite', 'server', '14', '15', '16', '17', '18']);
  expect(await goOn('lint', '--rule', 'set-not')).toContain('set-not-null-scan');
  expect(await goOn('up', '-j', '')).toEqual(['auto']);
  expect(await goOn('plan', '--applied', 'n')).toEqual(['none']);
  const branched = makeProject({ config, migrations: { '1_users': 'SELECT 1;' } });
  commitAll(branched.folder, 'start');
  git(branched.folder, 'branch', 'feature/tags');
  const ask = (...words: string[]) => linesOf(branched, ['completion', 'bash', '--', ...words]);
  expect(await ask('check', '--git-base', '')).toEqual(['none', 'feature/tags', 'main']);
  const sources = ['head', 'heads', '1_users', 'users', 'feature/tags', 'main'];
  expect(await ask('diff', '')).toEqual(sources);
  expect(await ask('diff', 'main', '')).toEqual(sources);
  expect(await ask('diff', 'main', 'heads', '')).toEqual([]);
});

test('names of environments', async () => {
  const shop = makeProject({
    config: 'environments:\n  dev:\n    database: { driver: pglite, path: dev }\n',
  });
  expect(await linesOf(shop, ['completion', 'bash', '--', 'up', '--env', ''])).toEqual(['dev']);
  expect(await linesOf(shop, ['completion', 'zsh', '--', '--env=d'])).toEqual(['--env=dev']);
});

test('a value behind an equals sign, which is a word of its own in bash', async () => {
  expect(await goOn('lint', '--format=s')).toEqual(['--format=sarif']);
  expect(await goOn('up', '--dry-run=r')).toEqual(['--dry-run=rollback']);
  expect(await goOn('up', '--dry-run', '=')).toEqual(['true', 'false', 'rollback']);
  expect(await goOn('up', '--to', '=', '2')).toEqual(['2_posts']);
  expect(await goOn('up', '--to', '=', '2_posts', '--all')).toEqual(['--allow-missing']);
});

/** Texts, numbers and times, which nothing can list, and files and folders, which the shell lists. */
const freeValues = new Set([
  ...['count', 'duration', 'ms', 'number', 'when', 'id', 'name', 'name=value', 'object', 'pattern', 'text'],
  ...['host', 'mode', 'password', 'port', 'table', 'url', 'user', 'words...'],
  ...['file', 'files...', 'folder', 'path', 'program'],
]);

const listed = makeProject({
  config: 'environments:\n  dev:\n    database: { driver: pglite, path: dev }\n',
  migrations: { '1_users': 'SELECT 1;' },
});
commitAll(listed.folder, 'start');

describe.each(commands.map((command) => [command.name, command] as const))('kat %s', (name, command) => {
  const ask = (...words: string[]) => linesOf(listed, ['completion', 'bash', '--', name, ...words]);
  const placeholderOf = (text: string) => /[<[]=?(.+)[\]>]/.exec(text)?.[1] ?? '';

  test('every flag is offered', async () => {
    const flags = [...command.options, ...globalOptions].map(({ flags }) => /--[\w-]+/.exec(flags)?.[0]);
    expect(await ask('--')).toEqual([...flags, '--help']);
  });

  test('values are offered unless they are free', async () => {
    for (const { flags, choices, suggestions } of [...command.options, ...globalOptions]) {
      const placeholder = placeholderOf(flags);
      if (placeholder === '') continue;
      const [flag = ''] = /--[\w-]+/.exec(flags) ?? [];
      const values = await ask(flag, '=');
      if (choices ?? suggestions)
        expect(values).toEqual(expect.arrayContaining([...(choices ?? suggestions ?? [])]));
      else
        expect([flag, placeholder, values.length === 0]).toEqual([
          flag,
          placeholder,
          freeValues.has(placeholder),
        ]);
    }
  });

  test('operands are offered unless they are free', async () => {
    const before: string[] = [];
    for (const { name: operand, choices } of command.arguments ?? []) {
      const values = await ask(...before, '');
      if (choices) expect(values).toEqual(choices);
      else expect([operand, values.length === 0]).toEqual([operand, freeValues.has(placeholderOf(operand))]);
      before.push(values[0] ?? 'x');
    }
  });
});

test('a flag whose value is a file leaves the rest to the shell', async () => {
  expect(await goOn('--config', '')).toEqual([]);
  expect(await goOn('--config', 'kat.conf.yaml', 'vers')).toEqual(['version']);
});

test('a folder that cannot be read has no names, and is no error', async () => {
  const broken = makeProject({ config, migrations: { '1_a': { up: 'SELECT 1;', parents: [2] } } });
  expect(await linesOf(broken, ['completion', 'bash', '--', 'show', '1'])).toEqual([]);
});

test('zsh and fish are told what each means', async () => {
  const unlock = 'Terminate the session that holds the migration lock';
  expect(await linesOf(project, ['completion', 'zsh', '--', 'unl'])).toEqual([`unlock:${unlock}`]);
  expect(await linesOf(project, ['completion', 'fish', '--', 'unl'])).toEqual([`unlock\t${unlock}`]);
});

test.each(['bash', 'zsh', 'fish', 'powershell'])('the script of %s asks in this way', async (shell) => {
  const { script } = documentOf(await project.kat(['completion', shell, '--json'])) as { script: string };
  expect(script).toContain(`kat completion ${shell} -- `);
});

test('PowerShell passes a word of its own in place of an empty one', async () => {
  const ask = (...words: string[]) => linesOf(project, ['completion', 'powershell', '--', ...words]);
  expect(await ask('down', emptyWord)).toEqual(migrations);
  expect(await ask('unl')).toEqual(['unlock\tTerminate the session that holds the migration lock']);
  expect(completionScripts.powershell).toContain(`'${emptyWord}'`);
});

test.each([
  ['bash', '.bashrc', 'alias k=kat', 'alias k=kat\nsource <(kat completion bash)\n'],
  ['zsh', '.zshrc', '', 'source <(kat completion zsh)\n'],
  ['fish', '.config/fish/completions/kat.fish', '', completionScripts.fish],
])('--install adds the script of %s to %s, once', async (shell, path, before, after) => {
  const fresh = makeProject();
  const file = join(fresh.home, path);
  if (before !== '') writeFileSync(file, before);
  const first = documentOf(await fresh.kat(['completion', shell, '--install', '--json']));
  expect(first).toMatchObject({ shell, file, isNew: true });
  expect(readFileSync(file, 'utf8')).toBe(after);
  const second = documentOf(await fresh.kat(['completion', shell, '--install', '--json']));
  expect(second).toMatchObject({ isNew: false });
  expect(readFileSync(file, 'utf8')).toBe(after);
});

test('a relative XDG_CONFIG_HOME is ignored', async () => {
  const fresh = makeProject();
  const env = { XDG_CONFIG_HOME: 'settings' };
  const run = documentOf(await fresh.kat(['completion', 'fish', '--install', '--json'], { env }));
  expect(run).toMatchObject({ file: join(fresh.home, '.config/fish/completions/kat.fish') });
});

test('--install keeps every byte of the file, and adds the line where it is commented out', async () => {
  const fresh = makeProject();
  const file = join(fresh.home, '.bashrc');
  const before = Buffer.from('# caf\xe9\n# source <(kat completion bash)', 'latin1');
  writeFileSync(file, before);
  expect((await fresh.kat(['completion', 'bash', '--install'])).code).toBe(0);
  const added = Buffer.from('\nsource <(kat completion bash)\n');
  expect(readFileSync(file)).toEqual(Buffer.concat([before, added]));
});

test('--install leaves the profile of PowerShell to PowerShell, and says what to run', async () => {
  const run = await project.kat(['completion', 'powershell', '--install']);
  expect(run).toMatchObject({ code: 2, stderr: expect.stringContaining('Out-File -Append $PROFILE') });
});

test('a file that cannot be read or written is named, and left as it is', async () => {
  const fresh = makeProject();
  mkdirSync(join(fresh.home, '.bashrc'));
  const run = await fresh.kat(['completion', 'bash', '--install']);
  expect(run).toMatchObject({ code: 2, stderr: expect.stringContaining('.bashrc') });
});

test('other shells are refused', async () => {
  const run = await project.kat(['completion', 'tcsh']);
  expect(run.code).toBe(2);
  expect(run.stderr).toContain('Write one of bash, zsh, fish, powershell.');
});
