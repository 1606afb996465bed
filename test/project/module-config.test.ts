/** `kat.config.ts` and its like as the configuration: the same settings and checks, from a module that runs in a thread. */

import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { initProject } from '../../src/engine/author/init-project.js';
import { listEnvironments, loadConfig } from '../../src/project/config/config.js';
import type { FieldPath } from '../../src/project/config/config-fields.js';
import type { KatConfig } from '../../src/project/config/kat-config.js';
import { makeProject } from '../support/kat-project.js';
import { allTexts, failureOf, makeFolder } from './temporary.js';

/** A folder in which TypeScript runs on each version of Node.js. */
function withJiti(files: Record<string, string>): string {
  const folder = makeFolder(files);
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(resolve('node_modules/jiti'), join(folder, 'node_modules/jiti'));
  return folder;
}

const settings = `{
  migration: { lock_wait: '9s', jobs: 2 },
  database: { driver: 'postgres', host: 'db.invalid', name: 'shop', port: 5433, password: 'pa$word' },
  verbose: true,
}`;

const forms: [name: string, text: string][] = [
  ['kat.config.ts', `const settings: object = ${settings};\nexport default settings;\n`],
  ['kat.config.mts', `export default ${settings} satisfies object;\n`],
  ['kat.config.mjs', `export default Promise.resolve(${settings});\n`],
  ['kat.config.js', `module.exports = ${settings};\n`],
];

test.each(forms)('%s is read like the file of YAML', async (name, text) => {
  const cwd = withJiti({ [name]: text, '.git/HEAD': '', 'deep/er/x': '' });
  const config = await loadConfig({ cwd: join(cwd, 'deep/er'), env: { KAT_JOBS: '3' } });
  expect(config).toMatchObject({
    file: join(cwd, name),
    database: { driver: 'postgres', host: 'db.invalid', name: 'shop', port: 5433, password: 'pa$word' },
    migration: { directory: join(cwd, 'migrations'), jobs: 3 },
    waits: { lockWaitMs: 9000 },
    verbose: true,
  });
});

test('environments, variables and a .env file', async () => {
  const text = `export default {
  env_file: '.env',
  environments: { dev: { database: { url: process.env.DEV_URL } }, live: { protected: true, database: { url: 'postgres://live.invalid/a' } } },
};`;
  const cwd = makeFolder({ 'kat.config.mjs': text, '.env': 'KAT_MIGRATION_TABLE_NAME=history\n' });
  expect(await listEnvironments({ cwd, env: {} })).toEqual(['dev', 'live']);
  const live = await loadConfig({ cwd, env: {}, environment: 'live' });
  expect(live).toMatchObject({ isProtected: true, migration: { tableName: 'history' } });
  // A variable that is not set must not lead to another database.
  await expect(loadConfig({ cwd, env: {}, environment: 'dev' })).rejects.toMatchObject({
    message: '`environments.dev.database.url` is empty',
    problems: [{ help: expect.stringMatching(/^Set the environment variable that the module reads for it/) }],
  });
});

async function problemsOf(text: string, name = 'kat.config.mjs') {
  const error = await failureOf(() => loadConfig({ cwd: makeFolder({ [name]: text }), env: {} }));
  expect(error.code).toBe('CONFIG_INVALID');
  expect(allTexts(error)).not.toContain('s3cr3t');
  expect(allTexts(error)).not.toContain('    at ');
  return error.problems.map(({ message, location }) => `${location?.line}:${location?.column} ${message}`);
}

test('what is wrong is shown at its place, as far as the text has it, and without a secret', async () => {
  const text = `const port = 'x';
export default {
  database: {
    pasword: 's3cr3t',
    password: 's3cr3t',
    port,
  },
  environments: {
    dev: {
      database: { name: ['a'] },
    },
  },
};
`;
  expect(await problemsOf(text)).toEqual([
    '4:5 unknown key `database.pasword`, did you mean `password`?',
    '6:1 `database.port` must be a whole number from 1 to 65535',
    expect.stringMatching(/^10:\d+ `environments\.dev\.database\.name` must be text/),
  ]);
});

test('a module that fails, and what cannot be a setting', async () => {
  expect(await problemsOf(`const a = 1;\n\n  throw new TypeError('not today');\nexport default {};`)).toEqual(
    ['3:1 kat.config.mjs cannot be used: TypeError: not today'],
  );
  expect(
    await problemsOf('const url = "s3cr3t";\nexport default { database: { url }};;\nconst = 5;\n'),
  ).toEqual([expect.stringMatching(/^3:\d+ kat\.config\.mjs cannot be used: SyntaxError: /)]);
  const refused = (text: string) => problemsOf(text).then(([problem]) => problem);
  expect(await refused('export const database = {};')).toContain('no default export that is an object');
  expect(await refused('export default [];')).toContain('no default export that is an object');
  expect(await refused('export default { database: { url: () => "s3cr3t" } };')).toContain(
    '`database.url` must be a plain value, not function',
  );
  expect(await refused('export default { migration: new Map() };')).toContain(
    '`migration` must be a plain value',
  );
  expect(await refused('const a = {}; a.database = a; export default a;')).toContain('must be a plain value');
  expect(await refused('process.exit(0)')).toContain('it ended without a result');
  expect(await refused('throw null')).toContain('it threw null');
  expect(await refused('import "./nowhere.js"; export default {};')).toContain('Cannot find module');
});

test('TypeScript needs Node.js 22.18 or jiti, and says so', async () => {
  const runs = 'typescript' in process.features && Boolean(process.features.typescript);
  const cwd = makeFolder({
    'kat.config.ts': 'const a: number = 1;\nexport default { database: { name: "a" } };\n',
  });
  const config = loadConfig({ cwd, env: {} });
  if (runs) expect((await config).database.name).toBe('a');
  else expect((await failureOf(() => config)).help).toContain('install the package jiti in the project');
});

test('two configuration files in one folder are refused, and kat init makes no second one', async () => {
  const cwd = makeFolder({
    'kat.config.mjs': 'export default { database: { name: "a" } };',
    'other.yaml': '',
  });
  expect(() => initProject({ cwd, env: {} })).toThrow('kat is already initialized');
  expect(existsSync(join(cwd, 'kat.conf.yaml'))).toBe(false);
  const both = makeFolder({ 'kat.conf.yaml': 'database: { name: a }', 'kat.config.ts': '' });
  const error = await failureOf(() => loadConfig({ cwd: both, env: {} }));
  expect(error.message).toBe(
    `there are two configuration files: ${join(both, 'kat.conf.yaml')} and ${join(both, 'kat.config.ts')}`,
  );
  expect((await loadConfig({ cwd: both, env: {}, file: 'kat.conf.yaml' })).database.name).toBe('a');
});

test('what a module prints is not in the output for programs', async () => {
  const config =
    "console.log('from the module');\nexport default { database: { driver: 'sqlite', path: 'a.db' } };\n";
  const { kat } = makeProject({ files: { 'kat.config.mjs': config } });
  const run = await kat('db url', { isProcess: true });
  expect(run).toMatchObject({ code: 0, stdout: expect.stringMatching(/^file:.*a\.db\n$/) });
  expect(run.stderr).toBe('from the module\n');
});

/** Compiles only if the type has the settings of the list, and no others. */
type PathsOf<T> = {
  [Key in keyof T & string]-?: NonNullable<T[Key]> extends object
    ? `${Key}.${PathsOf<NonNullable<T[Key]>>}`
    : Key;
}[keyof T & string];
type Same<A, B> = [A, B] extends [B, A] ? true : false;

test('the type has every setting', () => {
  const isSame: Same<PathsOf<Omit<KatConfig, 'environments'>>, FieldPath> = true;
  expect(isSame).toBe(true);
});
