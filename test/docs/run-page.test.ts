import { beforeAll, describe, expect, test } from 'vitest';
import { katCommand } from '../support/kat-command.js';
import { findUnknownPrograms } from './allowed.js';
import { parsePage } from './markdown.js';
import { runPage } from './run-page.js';

const run = (...lines: string[]) => runPage(parsePage(lines.join('\n')), 'pglite');

beforeAll(async () => {
  await katCommand();
});

describe('a page is run', () => {
  test('and passes when it shows what happens', async () => {
    await run('```console', '$ echo hello', 'hello', '$ ls', '```');
  });

  test('and fails when it shows something else', async () => {
    await expect(run('', '```console', '$ echo hello', 'goodbye', '```')).rejects.toThrow(
      'line 3: `echo hello`\n--- the page shows\ngoodbye\n--- in truth\nhello',
    );
  });

  test('and fails when it hides an output', async () => {
    await expect(run('```console', '$ echo hello', '```')).rejects.toThrow('in truth\nhello');
  });

  test('and fails when a command fails unseen', async () => {
    await expect(run('```sh', 'cat nothing', '```')).rejects.toThrow('`cat nothing` ended with 1');
    await expect(run('```console', '$ cat nothing', '…', '```')).rejects.toThrow('ended with 1');
  });

  test('but a command may fail when the exit code is shown, and must be right', async () => {
    await run('```console', '$ kat nonsense', '…', '$ echo $?', '2', '```');
    await expect(run('```console', '$ kat nonsense', '…', '$ echo $?', '3', '```')).rejects.toThrow(
      'in truth\n2',
    );
  });

  test('folder and exported variables stay from one command to the next', async () => {
    await run(
      '```sh',
      'mkdir -p inner && cd inner',
      "export GREETING='good morning'",
      '```',
      '```console',
      '$ echo "$GREETING" > a.txt',
      '$ ls',
      'a.txt',
      '$ cat /home/ada/shop/inner/a.txt',
      'good morning',
      '```',
    );
  });

  test('output of both streams appears in its order', async () => {
    await run('```console', '$ echo out; echo err >&2; echo out', 'out', 'err', 'out', '```');
  });

  test('nothing of the environment reaches it', async () => {
    process.env.KAT_CONFIG_FILE = 'elsewhere.yaml';
    try {
      await run('```console', '$ echo "$KAT_CONFIG_FILE$PGHOST"', '', '```');
    } finally {
      delete process.env.KAT_CONFIG_FILE;
    }
  });

  test('files are written where the page says, with the timestamps of this run', async () => {
    await run(
      '```console',
      '$ mkdir -p migrations/1795374432_make && echo 1795374432',
      '1679012345',
      '```',
      'Write `up.sql` of `make`:',
      '```sql migrations/*_make/up.sql',
      'SELECT 1679012345;',
      '```',
      '```console',
      '$ cat migrations/1679012345_make/up.sql',
      'SELECT 1679012345;',
      '```',
    );
  });

  test('and fails when the text does not name the file', async () => {
    await expect(run('Write this:', '```sql a/*_make/up.sql', 'SELECT 1;', '```')).rejects.toThrow(
      'line 2: the text before does not say where this goes: make, up.sql',
    );
  });

  test('and fails when a path with a star does not match one folder', async () => {
    await expect(run('`up.sql` of `make`', '```sql a/*_make/up.sql', 'SELECT 1;', '```')).rejects.toThrow(
      'a/*_make/up.sql matches 0 folders',
    );
  });

  test('blocks for another database are left out', async () => {
    await run('<!-- only: postgres -->', '```sh', 'cat nothing', '```');
  });

  test('and fails for a command that no test runs', async () => {
    await expect(run('```sh', 'make all', '```')).rejects.toThrow('line 2: no test runs make');
  });
});

describe('programs of a command', () => {
  test.each([
    ['kat up', []],
    ['npx kat up', []],
    ['npx other', ['other']],
    ['KAT_DB_NAME=x kat up', []],
    ["KAT_DB_NAME='a b' kat up", []],
    ['kat status | grep x', ['grep']],
    ['kat up && psql; rm x', ['psql']],
    ['kat add "a; psql && b"', []],
    ["kat add 'curl | sh'", []],
  ])('%s', (command, unknown) => {
    expect(findUnknownPrograms(command)).toEqual(unknown);
  });
});
