/** Which version is the newest, asked of npm; a program of that name plays it, as what it says depends on the day. */

import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { isNewer } from '../../src/cli/update/newest-version.js';
import { version } from '../../src/version.js';
import { makeProject, type Project } from '../support/kat-project.js';

/** @param script what npm does, for the shell. */
function withNpm(project: Project, script: string) {
  const folder = join(project.home, 'bin');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'npm'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, 'npm'), 0o755);
  return { env: { PATH: [folder, process.env.PATH].join(delimiter) } };
}

test('the newest version needs nothing', async () => {
  const project = makeProject();
  const options = withNpm(project, `test "$*" = 'view kat-migrate version' && echo ${version}`);
  expect(await project.kat('update --check', options)).toEqual({
    code: 0,
    stdout: `Kat is already at the latest version. Version: ${version}\n`,
    stderr: '',
  });
});

test.each([
  ['pnpm-lock.yaml', 'pnpm add --save-dev kat-migrate@latest'],
  ['yarn.lock', 'yarn add --dev kat-migrate@latest'],
  ['bun.lock', 'bun add --dev kat-migrate@latest'],
  ['package-lock.json', 'npm install --save-dev kat-migrate@latest'],
])('with %s, a newer one is installed by %s', async (lock, command) => {
  const project = makeProject({ files: { [lock]: '' } });
  const options = withNpm(project, 'echo 99.1.0');
  const run = await project.kat('update', options);
  expect(run).toMatchObject({ code: 0, stderr: '' });
  expect(run.stdout).toBe(
    `A new version of Kat is available: 99.1.0; this is ${version}\nInstall it with \`${command}\`\n`,
  );
  const check = await project.kat('update --check --json', options);
  expect(check.code).toBe(10);
  expect(JSON.parse(check.stdout)).toMatchObject({ newest: '99.1.0', isCurrent: false, install: command });
});

test.each([
  ['npm fails', 'echo "npm error code E404" >&2; exit 1', 'E404'],
  ['npm prints something else', 'echo hello', 'it printed none'],
])('%s: an error, and no stack trace', async (_, script, reason) => {
  const project = makeProject();
  const { code, stdout, stderr } = await project.kat('update', withNpm(project, script));
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toBe(
    `Connection failed: npm does not report the newest version: ${reason}\n\nRun \`npm view kat-migrate version\` to see all that npm says.\n`,
  );
});

test('without npm', async () => {
  const { home, kat } = makeProject();
  const { code, stderr } = await kat('update', { env: { PATH: home } });
  expect(code).toBe(2);
  expect(stderr).toContain('npm does not report the newest version: npm is not installed');
});

test.each([
  ['1.0.0', '0.9.9', true],
  ['0.10.0', '0.9.0', true],
  ['0.9.0', '0.10.0', false],
  ['1.0.0', '1.0.0', false],
  ['1.0.0', '1.0.0-rc.1', true],
  ['1.0.0-rc.1', '1.0.0', false],
])('%s newer than %s: %s', (one, other, expected) => {
  expect(isNewer(one, other)).toBe(expected);
});
