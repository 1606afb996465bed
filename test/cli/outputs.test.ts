/** Outputs that take nothing any more: nothing ends half-way, one line says so, and the exit code is one of its own. */

import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { appliedTables, idsUpTo, tableMigrations } from '../reliability/scene.js';
import { commandMajors } from '../support/database.js';
import { katCommand } from '../support/kat-command.js';
import { type DatabaseProject, makeProject, type Project, projectOn } from '../support/kat-project.js';

const warning = 'Warning: cannot write stdout: no space is left on the disk; the command continues\n';

/** Runs the command with outputs on a device that is always full. */
async function runFull({ folder, home }: Project, args: string, full: 'stdout' | 'stderr' | 'both') {
  const device = openSync('/dev/full', 'w');
  const child = spawn(process.execPath, [await katCommand(), ...args.split(' ')], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: home },
    stdio: ['ignore', full === 'stderr' ? 'pipe' : device, full === 'stdout' ? 'pipe' : device],
  });
  closeSync(device);
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  const said = Promise.all([child.stdout ? text(child.stdout) : '', child.stderr ? text(child.stderr) : '']);
  const [code, [stdout, stderr]] = await Promise.all([exited, said]);
  return { code, stdout, stderr };
}

describe.runIf(existsSync('/dev/full')).each(commandMajors())('PostgreSQL %i', (major) => {
  test('a run goes through, whatever its output', async () => {
    const project: DatabaseProject = await projectOn(major, { migrations: tableMigrations(3) });
    expect(await runFull(project, 'up', 'stdout')).toMatchObject({ code: 6, stderr: warning });
    expect(await appliedTables(project)).toEqual(idsUpTo(3));
    expect(await runFull(project, 'down --json', 'stdout')).toMatchObject({ code: 6, stderr: warning });
    expect(await appliedTables(project)).toEqual(idsUpTo(2));
    expect(await runFull(project, 'redo --yes', 'both')).toMatchObject({ code: 6 });
    expect(await appliedTables(project)).toEqual(idsUpTo(2));
  });

  test.each([
    'status',
    'status --json',
    'history',
    'plan',
    'ping',
    '--help',
    '--version',
    'validate --format sarif',
  ])('kat %s', async (args) => {
    const project = await projectOn(major, { migrations: tableMigrations(1) });
    expect(await runFull(project, args, 'stdout')).toMatchObject({ code: 6, stderr: warning });
  });

  test('a failure keeps its own exit code, and what nobody misses is no failure', async () => {
    const project = await projectOn(major, { migrations: { '1_bad': 'SELECT 1/0;' } });
    for (const full of ['stdout', 'stderr', 'both'] as const) {
      expect((await runFull(project, 'up', full)).code).toBe(1);
    }
    expect((await runFull(project, 'status --check', 'stdout')).code).toBe(3);
    expect(await runFull(project, 'status', 'stderr')).toMatchObject({ code: 0 });
  });
});

test('what was loaded before the command ends its work', async () => {
  const project = makeProject({ migrations: tableMigrations(1), config: 'database:\n  driver: pglite\n' });
  project.write(
    'watching.cjs',
    `let isOver = false;
     process.on('beforeExit', () => {
       if (!isOver) setTimeout(() => process.stderr.write('delivered'), 100);
       isOver = true;
     });`,
  );
  const nodeArguments = ['--require', join(project.folder, 'watching.cjs')];
  expect(await project.kat('heads', { nodeArguments })).toEqual({
    code: 0,
    stdout: '1_t1\n',
    stderr: 'delivered',
  });
});
