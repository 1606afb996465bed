/** The key `kat` of package.json as the configuration of a project. */

import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '../../src/project/config/config.js';
import { allTexts, failureOf, makeFolder } from './temporary.js';

const packageWith = (kat: unknown) => JSON.stringify({ name: 'app', kat }, null, '\t');
const database = { driver: 'postgres', host: 'db.invalid', name: 'shop' };

test('it is read like the file, up to the top of the repository', async () => {
  const cwd = makeFolder({
    '.git/HEAD': '',
    'package.json': packageWith({ database, environments: { dev: { database: { name: 'dev' } } } }),
    'web/page.html': '',
    'plain/package.json': '{ "name": "kat" }',
  });
  for (const folder of ['web', 'plain', '.']) {
    const config = await loadConfig({ cwd: join(cwd, folder), env: {} });
    expect(config).toMatchObject({ file: join(cwd, 'package.json'), database });
  }
  const dev = await loadConfig({ cwd, env: {}, environment: 'dev' });
  expect(dev).toMatchObject({ environment: 'dev', database: { name: 'dev' } });
});

test('kat.conf.yaml of the same folder counts', async () => {
  const both = makeFolder({
    'kat.conf.yaml': 'database: { name: a }',
    'package.json': packageWith({ database }),
  });
  expect((await loadConfig({ cwd: both, env: {} })).database.name).toBe('a');
});

test('a broken package.json is named, and no configuration of a folder above takes its place', async () => {
  const cwd = makeFolder({
    '.git/HEAD': '',
    'kat.conf.yaml': 'database: { name: other }',
    'app/package.json': `${packageWith({ database })},`,
    'empty/package.json': '{ "name": ',
  });
  await expect(loadConfig({ cwd: join(cwd, 'app'), env: {} })).rejects.toThrow('not valid YAML');
  expect((await loadConfig({ cwd: join(cwd, 'empty'), env: {} })).database.name).toBe('other');
});

test('what is wrong is shown at its place, without a secret', async () => {
  const cwd = makeFolder({
    'package.json': packageWith({
      database: { url: 'postgres://ada:s3cr3t@db', port: 'x', pasword: 's3cr3t' },
    }),
  });
  const error = await failureOf(() => loadConfig({ cwd, env: {} }));
  expect(error.problems.map(({ message, location }) => [location?.line, message])).toEqual([
    [6, '`database.port` must be a whole number from 1 to 65535'],
    [7, 'unknown key `database.pasword`, did you mean `password`?'],
  ]);
  expect(allTexts(error)).not.toContain('s3cr3t');
});

test('a package.json that is named must have the key', async () => {
  const cwd = makeFolder({ 'package.json': '{ "name": "app" }' });
  const error = await failureOf(() => loadConfig({ cwd, env: {}, file: 'package.json' }));
  expect(error).toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringContaining('has no key `kat`'),
  });
});
