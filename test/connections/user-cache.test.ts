/** What the user's cache does where it cannot have a folder. */

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { keepFile } from '../../src/connections/user-cache.js';
import { makeProject } from '../support/kat-project.js';

const root = mkdtempSync(join(tmpdir(), 'kat-user-cache-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('a file is kept in folders that are made for it', () => {
  const path = join(root, 'some', 'more', 'file.json');
  keepFile(path, 'kept');
  expect(readFileSync(path, 'utf8')).toBe('kept');
  expect(readdirSync(join(root, 'some', 'more'))).toEqual(['file.json']);
});

test('below a file nothing is kept, and nothing is thrown', () => {
  const file = join(root, 'file');
  writeFileSync(file, 'as it was');
  keepFile(join(file, 'kat-migrate', 'x.json'), 'lost');
  expect(readFileSync(file, 'utf8')).toBe('as it was');
});

const homes = process.platform === 'linux' ? ['/dev/null', '/proc', '/sys'] : ['/dev/null'];

test.each(homes)('verify works for a user whose home is %s', async (home) => {
  const project = makeProject({ migrations: { '1_t': { up: 'CREATE TABLE t ();', down: 'DROP TABLE t;' } } });
  project.write('kat.conf.yaml', 'database: { driver: pglite }\n');
  const env = { HOME: home, XDG_CACHE_HOME: '' };
  const run = await project.kat('verify --on pglite', { env, isProcess: true });
  expect(run).toMatchObject({ code: 0, stderr: '' });
  expect(run.stdout + run.stderr).toContain('1 migration verified');
});
