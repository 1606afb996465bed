/** Faults 49 and 50: `kat add` on a disk that refuses, and with a clock that jumps. */
import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { katCommand } from '../support/kat-command.js';
import { makeProject, type Project } from '../support/kat-project.js';
import { runAsOrdinaryUser } from '../support/ordinary-user.js';

const config = 'database:\n  name: nowhere\n';

/** Lets no file grow past so many blocks of 512 bytes: the way of running out of room that needs no rights. */
async function addWithLimit(project: Project, blocks: number, args: string[]) {
  const command = [process.execPath, await katCommand(), 'add', ...args];
  return promisify(execFile)('sh', ['-c', `ulimit -f ${blocks}; exec "$@"`, 'sh', ...command], {
    cwd: project.folder,
    env: { PATH: process.env.PATH, HOME: project.home },
  }).then(
    () => ({ code: 0, stderr: '' }),
    ({ code, stderr }: { code: number; stderr: string }) => ({ code, stderr }),
  );
}

test('no room for the last of the three files: nothing of the folder is left', async () => {
  const project = makeProject({ config, migrations: { '1_one': 'SELECT 1;' } });
  const before = project.snapshot();
  const run = await addWithLimit(project, 1, ['next', '--description', 'a long story '.repeat(100)]);
  expect(run.code).toBe(2);
  expect(run.stderr).toMatch(
    /^Error: cannot write \S+\/migrations\/\d{10}_next: the file would be too large\n\nCheck the path/,
  );
  expect(project.snapshot()).toEqual(before);
  expect((await project.kat('add next')).code).toBe(0);
});

test('no room at all: a migrations folder that was made for it goes, too', async () => {
  const project = makeProject({ config: `${config}migration:\n  directory: db/migrations\n` });
  mkdirSync(join(project.folder, 'db/migrations'), { recursive: true });
  const before = project.snapshot();
  expect(await addWithLimit(project, 0, ['first'])).toMatchObject({ code: 2 });
  expect(project.snapshot()).toEqual(before);
});

test('a folder that may not be written to', async () => {
  const project = makeProject({ config, migrations: { '1_one': 'SELECT 1;' } });
  const before = project.snapshot();
  chmodSync(join(project.folder, 'migrations'), 0o555);
  const run = await runAsOrdinaryUser(project, 'add next');
  chmodSync(join(project.folder, 'migrations'), 0o755);
  expect(run).toMatchObject({ code: 2, stdout: '' });
  expect(run.stderr).toMatch(
    /^Error: cannot write \S+\/migrations\/\S+: permission denied\n\nCheck the path and its permissions/,
  );
  expect(project.snapshot()).toEqual(before);
});

test('a clock that jumps back between two adds: ids stay unique, and the graph keeps the order', async () => {
  const project = makeProject({ config, files: { 'migrations/.keep': '' } });
  const add = async (name: string, second: number) => {
    const clock = `data:text/javascript,Date.now = () => ${second * 1000};`;
    const { stdout } = await project.kat(['add', name, '--json'], { nodeArguments: ['--import', clock] });
    return JSON.parse(stdout) as { id: string; parents: string[] };
  };
  const first = await add('first', 1_800_000_000);
  const second = await add('second', 1_800_000_000);
  const back = await add('back', 1_700_000_000);
  const again = await add('again', 1_800_000_000);
  expect([first, second, back, again].map(({ id }) => id)).toEqual([
    '1800000000_first',
    '1800000001_second',
    '1700000000_back',
    '1800000002_again',
  ]);
  expect([second, back, again].map(({ parents }) => parents)).toEqual([[first.id], [second.id], [back.id]]);
  const dot = (await project.kat('export')).stdout;
  expect(dot).toContain('"1800000001_second" -> "1700000000_back";');
});
