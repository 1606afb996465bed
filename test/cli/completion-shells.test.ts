/** The completion scripts in real shells: bash always, zsh and fish where they are installed. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { katCommand } from '../support/kat-command.js';
import { makeProject } from '../support/kat-project.js';

const isRequired = process.env.KAT_REQUIRE_SHELLS === '1';
const paths = (process.env.PATH ?? '').split(delimiter);
const isInstalled = (shell: string) => paths.some((path) => existsSync(join(path, shell)));
const usable = ['bash', 'zsh', 'fish'].filter(
  (shell) => isRequired || shell === 'bash' || isInstalled(shell),
);
for (const shell of ['zsh', 'fish']) {
  if (!usable.includes(shell)) console.log(`${shell} is not installed: its completion is not tested`);
}

const project = makeProject({
  config: 'database:\n  driver: pglite\n',
  migrations: { '1_users': 'SELECT 1;', "2_it's; touch hit": 'SELECT 1;' },
});
const bin = join(project.home, 'bin');

beforeAll(async () => {
  mkdirSync(bin);
  symlinkSync(await katCommand(), join(bin, 'kat'));
});

async function run(shell: string, args: readonly string[], script: string): Promise<string> {
  const { stdout } = await promisify(execFile)(shell, [...args, '-c', script], {
    cwd: project.folder,
    env: { PATH: [bin, ...paths].join(delimiter), HOME: project.home, TERM: 'dumb' },
  });
  return stdout.replaceAll('\r', '');
}

/** What bash's own completion would offer. */
function inBash(...words: string[]): Promise<string> {
  const typed = words.map((word) => `'${word}'`).join(' ');
  const ask = `COMP_WORDS=(kat ${typed}); COMP_CWORD=${words.length}; _kat; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return run('bash', ['--norc', '--noprofile'], `source <(kat completion bash); ${ask}`);
}

/** Types a line and a tab in a terminal of zsh, and waits until it has this text. */
function inZsh(line: string, text: string): Promise<string> {
  return run(
    'zsh',
    ['-f'],
    `zmodload zsh/zpty; zpty shell "zsh -f -i"
     zpty -w shell "autoload -Uz compinit; compinit -u -D; source <(kat completion zsh); print REA''DY"
     zpty -r -m shell output '*READY*'
     zpty -w -n shell '${line}'$'\\t'
     zpty -r -m shell output '*${text}*' && print -r -- "$output"
     zpty -d shell`,
  );
}

describe.each(usable)('%s', (shell) => {
  const complete: Readonly<Record<string, (line: string, text: string) => Promise<string>>> = {
    bash: (line) => inBash(...line.split(' ').slice(1)),
    zsh: inZsh,
    fish: (line) => run('fish', ['--no-config'], `kat completion fish | source; complete -C '${line}'`),
  };

  test.each([
    ['kat unl', 'unlock'],
    ['kat down us', 'users'],
    ['kat up --dry', '--dry-run'],
    ['kat verify --on pg', 'pglite'],
    ['kat lint --format=sa', 'sarif'],
  ])('%s is completed to %s', async (line, text) => {
    expect(await complete[shell]?.(line, text)).toContain(text);
  });
});

test('bash quotes what a shell would run', async () => {
  expect(await inBash('down', '2')).toBe("2_it\\'s\\;\\ touch\\ hit\n");
});
