/** `env_file`: its variables are those of the configuration, below those of the process. */

import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '../../src/project/config/config.js';
import { allTexts, failureOf, makeFolder } from './temporary.js';

const yaml = `env_file: conf/.env
database:
  url: \${DATABASE_URL}
`;

const variables = `# of this computer
export DATABASE_URL="postgres://ada:s3cr3t@db.invalid/shop" # not in git
KAT_MIGRATION_TABLE_NAME='shop.history'
EMPTY=
CERTIFICATE="-----BEGIN
-----END"
NAME = blanks around
\`odd\`
`;

const sound = variables.replace('`odd`\n', '');

function load(
  files: Record<string, string>,
  env: Record<string, string | undefined> = {},
  environment?: string,
) {
  return loadConfig({ cwd: makeFolder(files), env, ...(environment ? { environment } : {}) });
}

test('it is read only where it is asked for', async () => {
  const { database, migration } = await load({ 'kat.conf.yaml': yaml, 'conf/.env': sound });
  expect(database.url).toBe('postgres://ada:s3cr3t@db.invalid/shop');
  expect(migration.tableName).toBe('shop.history');
  const silent = { 'kat.conf.yaml': yaml.replace(/^env_file.*\n/, ''), 'conf/.env': sound, '.env': sound };
  await expect(load(silent)).rejects.toThrow('DATABASE_URL, which is not set');
});

test('variables of the process win; those that are undefined are none', async () => {
  const files = { 'kat.conf.yaml': yaml, 'conf/.env': sound };
  const other = await load(files, { DATABASE_URL: 'postgres://other.invalid/x', NAME: undefined });
  expect(other.database.url).toBe('postgres://other.invalid/x');
  await expect(load(files, { DATABASE_URL: '' })).rejects.toThrow('DATABASE_URL, which is empty');
  const quoted = `database: { name: "\${NAME}\${EMPTY:-!}", host: a }\nenv_file: "\${PLACE}"\n`;
  const named = await load({ 'kat.conf.yaml': quoted, '.env': sound }, { PLACE: '.env' });
  expect(named.database.name).toBe('blanks around!');
});

test('each environment may have its own, in package.json as well', async () => {
  const environments = {
    dev: { env_file: '.env.dev', database: { url: '$DATABASE_URL' } },
    production: { database: { url: '$DATABASE_URL' } },
  };
  const files = { 'package.json': JSON.stringify({ kat: { environments } }), '.env.dev': sound };
  expect((await load(files, {}, 'dev')).database.url).toContain('db.invalid');
  await expect(load(files, {}, 'production')).rejects.toThrow('DATABASE_URL, which is not set');
  const misled = { ...files, '.env.dev': `${sound}KAT_DB_NAME=x\n` };
  await expect(load(misled, {}, 'dev')).rejects.toThrow('KAT_DB_NAME would override');
});

test('a file that is missing, or cannot be read, is an error at the setting', async () => {
  const cwd = makeFolder({ 'kat.conf.yaml': yaml });
  const missing = await failureOf(() =>
    loadConfig({ cwd, env: { DATABASE_URL: 'postgres://db.invalid/x' } }),
  );
  expect(missing).toMatchObject({
    code: 'CONFIG_INVALID',
    message: `\`env_file\` names ${join(cwd, 'conf/.env')}, which does not exist`,
    problems: [{ location: { line: 1, column: 11 } }],
  });
  const wrongLine = await failureOf(() => load({ 'kat.conf.yaml': yaml, 'conf/.env': 'A=1\ns3cr3t\nB=2\n' }));
  expect(wrongLine.problems[0]?.message).toMatch(/^line 2 of .*\.env is not NAME=value$/);
  expect(allTexts(wrongLine)).not.toContain('s3cr3t');
  const broken = await failureOf(() => load({ 'kat.conf.yaml': yaml, 'conf/.env': 'A=s3cr3t\0' }));
  expect(allTexts(broken)).not.toContain('s3cr3t');
  await expect(load({ 'kat.conf.yaml': 'env_file:\ndatabase: { name: a }\n' })).rejects.toThrow(
    '`env_file` is empty',
  );
});

test('what is read before the file cannot be in it', async () => {
  const files = { 'kat.conf.yaml': yaml, 'conf/.env': `${sound}KAT_ENV=production\n` };
  const error = await failureOf(() => load(files));
  expect(error.message).toMatch(/sets KAT_ENV, which Kat reads before this file$/);
});
