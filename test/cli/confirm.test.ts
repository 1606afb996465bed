/** The question before much is rolled back, and what each answer leads to. */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { commandMajors } from '../support/database.js';
import { type KatRun, katCommand } from '../support/kat-command.js';
import { type DatabaseProject, projectOn } from '../support/kat-project.js';
import { table } from './shop.js';

/** Node.js asks a pipe like a terminal when it is told that it is one. */
const asTerminal = ['--import', 'data:text/javascript,process.stdin.isTTY = true;'];

/** @param keys what is typed; then the input ends. */
async function answer(project: DatabaseProject, args: readonly string[], keys: string): Promise<KatRun> {
  const child = spawn(process.execPath, [...asTerminal, await katCommand(), ...args], {
    cwd: project.folder,
    env: { PATH: process.env.PATH, HOME: project.home },
    stdio: 'pipe',
  });
  child.stdin.end(keys);
  const exited = new Promise<number | undefined>((resolve) => {
    child.once('close', (code) => resolve(code ?? undefined));
  });
  const [code, stdout, stderr] = await Promise.all([exited, text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
}

const [major = 18] = commandMajors();

test('only yes is a yes; no, nothing and the end of the input leave everything as it is', async () => {
  const project = await projectOn(major, { migrations: { '1_users': table('users') } });
  await project.migrate();
  for (const keys of ['n\n', '\n', 'yesterday\n', '']) {
    const run = await answer(project, ['down', '--all'], keys);
    expect(run.code, keys).toBe(130);
    expect(run.stdout, keys).toContain('Planned steps:\n  - 1_users (down)\n');
    expect(run.stderr, keys).toContain('Go ahead? [y/N] ');
    expect(run.stderr, keys).toContain('Error: nothing was done: the plan was not confirmed\n');
    expect(await project.applied()).toEqual(['1_users']);
  }
  for (const keys of ['y\n', 'YES\n', ' yes \n']) {
    expect((await answer(project, ['redo'], keys)).code, keys).toBe(0);
  }
  const asDocument = await answer(project, ['down', '--all', '--json'], 'y\n');
  expect(asDocument).toMatchObject({ code: 2, stdout: expect.stringContaining('"plan": [') });
  const asQuiet = await answer(project, ['down', '--all', '--quiet'], 'y\n');
  expect(asQuiet).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('--quiet does not ask'),
  });
  expect((await answer(project, ['down', '--all', '--yes'], '')).code).toBe(0);
  expect(await project.applied()).toEqual([]);
});
