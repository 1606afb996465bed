/** `npm run executable`: one file that needs no Node.js, with the parser and PGlite. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { version } from '../../src/version.js';
import { katCommand } from '../support/kat-command.js';
import { makeProject } from '../support/kat-project.js';
import { root } from './packed.js';

test('checks, applies and rolls back without Node.js and packages', async () => {
  await katCommand();
  const run = promisify(execFile);
  const made = await run(process.execPath, [join(root, 'scripts/executable.mjs')], { cwd: root });
  const file = join(root, /The executable is (.+)\n/.exec(made.stdout)?.[1] ?? '');
  const { folder, home, addMigration } = makeProject({ config: 'database:\n  driver: pglite\n  path: db\n' });
  addMigration('1_users', { up: 'CREATE TABLE users (id bigint PRIMARY KEY);', down: 'DROP TABLE users;' });
  const env = { HOME: home, LOCALAPPDATA: home };
  const kat = async (...args: string[]) => (await run(file, args, { cwd: folder, env })).stdout;
  expect(await kat('--version')).toBe(`${version}\n`);
  expect(await kat('lint')).toContain('1 migration: no problems found');
  expect(await kat('up')).toContain('Total: 1 migration(s) applied');
  expect(await kat('down')).toContain('Total: 1 migration(s) rolled back');
  await expect(kat('up', '--nothing')).rejects.toMatchObject({ code: 2 });
}, 300_000);
