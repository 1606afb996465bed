import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { katCommand } from '../support/kat-command.js';

const root = resolve(import.meta.dirname, '../..');

beforeAll(async () => {
  await katCommand();
});

/** Without the set-up, which `npm test` has done: it must not install anything while other tests run. */
test.each([
  ['npm run demo', 'PostgreSQL', []],
  ['npm run demo -- --sqlite', 'SQLite', ['--sqlite']],
])(
  '%s plays the story to its end',
  async (_command, engine, options) => {
    const { scripts } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8'));
    const [setUp, play, ...more] = scripts.demo.split(' && ');
    expect([setUp, more]).toEqual(['node scripts/setup.mjs', []]);
    const command = [...play.split(' ').slice(1), ...options];
    const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: root });
    expect(stdout).toContain('1 of 1 unordered pair in both directions');
    expect(
      stdout.match(new RegExp(`4 migrations verified on ${engine} .*: no differences found`, 'g')),
    ).toHaveLength(2);
    expect(stdout).toContain('Successfully applied 3 migrations');
    expect(stdout).toContain('Successfully rolled back 2 migrations');
    expect(stdout).toContain('That was Kat.');
  },
  300_000,
);
