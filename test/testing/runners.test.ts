/** The adapters for test runners: real runners run real tests, of which one fails. */

import { execFile } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { commandMajors, runOnce, type ServerAddress, sharedServer } from '../support/database.js';
import { katCommand } from '../support/kat-command.js';
import { makeProject, type Project } from '../support/kat-project.js';

const root = resolve(import.meta.dirname, '../..');
let server: ServerAddress;
let project: Project;

/** @param name of the adapter and @param check what the failing test does. */
function suiteFor(name: string, check: string): string {
  const { user, password, host, port } = server;
  return `import { testWithDatabase } from 'kat-migrate/testing/${name}';
const on = 'postgres://${user}:${password}@${host}:${port}/postgres';
const test = testWithDatabase({ migrations: 'migrations', on, seed: 'SELECT 6' });
test('passes', async ({ db }) => { await db.query('INSERT INTO users VALUES (1)'); });
test('fails', async ({ db }) => { await db.query('INSERT INTO users VALUES (2)'); ${check} });
`;
}

beforeAll(async () => {
  await katCommand();
  server = await sharedServer(commandMajors()[0] as number);
  project = makeProject({
    migrations: { '1_users': 'CREATE TABLE users (id int);' },
    files: {
      'package.json': '{ "type": "module" }',
      'vitest.test.js': `import { expect } from 'vitest';\n${suiteFor('vitest', 'expect.soft(1).toBe(2);')}`,
      'node.mjs': suiteFor('node', "throw new Error('as it should');"),
    },
  });
  mkdirSync(join(project.folder, 'node_modules'));
  symlinkSync(root, join(project.folder, 'node_modules/kat-migrate'));
  symlinkSync(join(root, 'node_modules/vitest'), join(project.folder, 'node_modules/vitest'));
});

/** Without the variables by which the runner of this test would be recognised. */
function run(args: readonly string[]): Promise<{ code: number; output: string }> {
  const { PATH, HOME } = process.env;
  return new Promise((done) => {
    execFile(process.execPath, args, { cwd: project.folder, env: { PATH, HOME } }, (error, stdout, stderr) =>
      done({ code: Number(error?.code ?? 0), output: stdout + stderr }),
    );
  });
}

test.each([
  ['Vitest', [join(root, 'node_modules/vitest/vitest.mjs'), 'run'], /Tests .*1 failed.* 1 passed/],
  ['node:test', ['--test', 'node.mjs'], /pass 1\n.*fail 1/],
])('%s keeps the database of the test that fails, and no other', async (_runner, args, summary) => {
  const { code, output } = await run(args);
  expect(code).toBe(1);
  expect(stripVTControlCharacters(output)).toMatch(summary);
  const kept = [...output.matchAll(/The database of fails is kept as (kat_test_\w+),/g)];
  const name = kept[0]?.[1] ?? '';
  expect(await runOnce({ ...server, database: name }, 'SELECT id FROM users')).toEqual([{ id: 2 }]);
  const others = `SELECT datname FROM pg_database WHERE datname LIKE '${name.slice(0, 17)}%' ORDER BY datname`;
  expect(await runOnce({ ...server, database: 'postgres' }, others)).toEqual([{ datname: name }]);
  await runOnce({ ...server, database: 'postgres' }, `DROP DATABASE ${name}`);
});
