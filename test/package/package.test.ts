/** The package as its users get it: what is in the tarball, and the library used from a project of its own. */

import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createKat } from '../../src/index.js';
import { type Packed, packProject, root, run } from './packed.js';

let packed: Packed;
let project: string;

const library = `
import { createKat, KatError } from 'kat-migrate';
import { PGlite } from '@electric-sql/pglite';

const events = [];
const database = new PGlite();
const kat = createKat({ migrations: 'migrations', database, onEvent: ({ type }) => events.push(type) });
const { migrations: applied } = await kat.up();
const { counts } = await kat.status();
const { rows } = await database.query('SELECT name FROM migrations');
const { migrations: reverted } = await kat.down();
const broken = createKat({ migrations: 'nowhere', database });
const error = await broken.up().catch((error) => error);
await kat.close();
await database.close();
console.log(JSON.stringify({
  applied: applied.map(({ id }) => id), counts, rows, reverted: reverted.map(({ id }) => id),
  hasStarted: events.includes('started'), isKatError: error instanceof KatError, code: error.code,
}));
`;

/** Every use has a counterpart that must be refused, so that types that quietly became `any` are found out. */
const typed = `
import { createKat, defineConfig, type Kat, KatError, type KatEvent, loadKat, type MigrationStatus, type RunResult } from 'kat-migrate';
import { createTestDatabases, type TestDatabase } from 'kat-migrate/testing';
import { testWithDatabase } from 'kat-migrate/testing/node';

const databases = createTestDatabases({ migrations: 'migrations', on: 'pglite', mode: 'rollback' });
const db: TestDatabase = await databases.at('create_users');
const ids: { id: number }[] = await db.query<{ id: number }>('SELECT id FROM users');
console.log(ids, (await db.pglite.query<{ id: number }>('SELECT 1 AS id')).rows[0]?.id);
testWithDatabase({ migrations: 'migrations', on: 'pglite' })('x', ({ db }) => console.log(db.url));
// @ts-expect-error a mode that there is not
createTestDatabases({ migrations: 'migrations', on: 'pglite', mode: 'truncate' });
// @ts-expect-error a seed that is none
createTestDatabases({ migrations: 'migrations', on: 'pglite', seed: 5 });

const kat: Kat = createKat({
  migrations: 'migrations',
  database: { driver: 'postgres', host: 'localhost', sslmode: 'verify-full' },
  onEvent: (event: KatEvent) => console.log(event.type),
  signal: new AbortController().signal,
});
const result: RunResult = await kat.up({ count: 1 });
const [first]: readonly MigrationStatus[] = (await kat.status()).migrations;
const error = new KatError('LOCKED', 'locked');
console.log(result.migrations.length, first?.id, error.code);

declare const process: { env: Record<string, string | undefined> };
defineConfig({ database: { url: process.env.DATABASE_URL }, environments: { dev: { protected: true, verbose: true } } });
// @ts-expect-error a setting that there is not
defineConfig({ database: { pasword: 'x' } });
createKat({ migrations: [{ id: '1_a', up: 'SELECT 1', parents: [] }], database: 'postgres://h/d' });
// @ts-expect-error a migration without its SQL
createKat({ migrations: [{ id: '1_a' }], database: 'postgres://h/d' });
// @ts-expect-error a driver that there is not
createKat({ migrations: 'migrations', database: { driver: 'oracle' } });
// @ts-expect-error a TLS mode that there is not
createKat({ migrations: 'migrations', database: { driver: 'postgres', sslmode: 'maybe' } });
// @ts-expect-error a connection that is none
createKat({ migrations: 'migrations', database: 5 });
// @ts-expect-error an option that there is not
await kat.up({ cuont: 1 });
// @ts-expect-error an error code that there is not
new KatError('NONSENSE', '');
// @ts-expect-error a flag that there is not
await loadKat({ cwd: '.', env: {}, flags: { colour: true } });
// @ts-expect-error a result is no string
const text: string = await kat.up();
console.log(text);
`;

/** The code behind each `@example` of the methods; the first makes the object that the others use. */
const [create, ...uses] = readFileSync(join(root, 'src/engine/kat-api.ts'), 'utf8')
  .split('@example\n')
  .slice(1)
  .map((text) => (text.split('*/')[0] ?? '').replaceAll(/^ *\* ?/gm, ''));

const examples = `
import { createKat } from 'kat-migrate';
${create}
${uses.map((use) => `export const _${uses.indexOf(use)} = async () => {\n${use}\n};`).join('\n')}
`;

/** For TypeScript in programs that use `require`. */
const required = `
import { createKat, type Kat, KatError } from 'kat-migrate';

const kat: Kat = createKat({ migrations: 'migrations', database: { driver: 'pglite' } });
console.log(kat.lint, new KatError('LOCKED', 'locked').code);
// @ts-expect-error a driver that there is not
createKat({ migrations: 'migrations', database: { driver: 'oracle' } });
`;

const compilerOptions = {
  target: 'ES2023',
  lib: ['ES2023', 'DOM'],
  module: 'NodeNext',
  moduleResolution: 'NodeNext',
  strict: true,
  noEmit: true,
  types: [],
};

beforeAll(async () => {
  packed = await packProject();
  project = await packed.install({
    'migrations/1_create_users/up.sql': 'CREATE TABLE users (id int);',
    'migrations/1_create_users/down.sql': 'DROP TABLE users;',
    'migrations/1_create_users/metadata.yaml': 'name: create_users\ntimestamp: 1\n',
    'kat.conf.yaml': 'database:\n  driver: pglite\n',
    'use.js': library,
    'typed.ts': typed,
    'examples.ts': examples,
    'required.cts': required,
    'tsconfig.required.json': JSON.stringify({
      compilerOptions: { ...compilerOptions, module: 'Node16', moduleResolution: 'Node16' },
      files: ['required.cts'],
    }),
    'tsconfig.bundled.json': JSON.stringify({
      compilerOptions: { ...compilerOptions, module: 'ESNext', moduleResolution: 'Bundler' },
      files: ['typed.ts'],
    }),
    'tsconfig.json': JSON.stringify({ compilerOptions, files: ['typed.ts', 'examples.ts'] }),
  });
}, 180_000);

afterAll(() => packed.remove());

describe('the tarball', () => {
  test('has what is needed', () => {
    const { bin, exports } = readManifest();
    const faces = Object.values(exports).flatMap((face) =>
      typeof face === 'object' ? Object.values(face) : [],
    );
    const entries = [bin.kat, ...faces].map((path) => path.replace('./', ''));
    expect(faces).toHaveLength(8);
    const papers = ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md'];
    const schemas = ['kat.conf', 'metadata', 'output'].map((name) => `schemas/${name}.schema.json`);
    expect(packed.paths).toEqual(expect.arrayContaining([...entries, ...papers, ...schemas]));
  });

  test('has nothing else: no sources, no tests, no maps', () => {
    const expected =
      /^(package\.json|README\.md|LICENSE|CHANGELOG\.md|llms\.txt|man\/kat\.1|schemas\/[\w.]+\.schema\.json)$/;
    const documentation = /^docs\/([\w-]+\.md|rules\/[\w-]+\.md|pictures\/[\w-]+\.png)$/;
    const built = /^dist\/([\w-]+\.c?js|types\/package\.json|parts\/[\w-]+\.cjs|types\/[\w/-]+\.d\.ts)$/;
    const known = [expected, documentation, built];
    expect(packed.paths.filter((path) => !known.some((one) => one.test(path)))).toEqual([]);
  });

  test('is small without the docs', async () => {
    const cwd = join(project, 'node_modules/kat-migrate');
    const code = packed.paths.filter((path) => !/^(docs|man)\/|\.(md|txt)$/.test(path));
    writeFileSync(join(project, 'code.txt'), code.join('\n'));
    await run('tar', ['-czf', join(project, 'code.tgz'), '-C', cwd, '-T', join(project, 'code.txt')]);
    expect(statSync(join(project, 'code.tgz')).size).toBeLessThan(1_600_000);
  });

  test('has the types that its own types name, and no others', () => {
    const types = packed.paths.filter((path) => path.endsWith('.d.ts'));
    const named = types.flatMap((path) => namedTypes(path));
    const faces = ['index', 'testing/testing', 'testing/node', 'testing/vitest'];
    expect(new Set(types)).toEqual(new Set([...faces.map((name) => `dist/types/${name}.d.ts`), ...named]));
  });

  test('tells nothing of the machine that it was made on', () => {
    const secrets = [root, `/home/${userInfo().username}/`, `@${hostname()}`, 'file:///'];
    for (const path of packed.paths) {
      const text = readFileSync(join(project, 'node_modules/kat-migrate', path), 'utf8');
      expect(
        secrets.filter((secret) => text.includes(secret)),
        path,
      ).toEqual([]);
    }
  });
});

describe('the library', () => {
  test('goes up and down on a PGlite that the program owns', async () => {
    const { stdout } = await run(process.execPath, ['use.js'], { cwd: project });
    expect(JSON.parse(stdout)).toEqual({
      applied: ['1_create_users'],
      counts: expect.objectContaining({ applied: 1, pending: 0, missing: 0 }),
      rows: [{ name: '1_create_users' }],
      reverted: ['1_create_users'],
      hasStarted: true,
      isKatError: true,
      code: 'FILES_INVALID',
    });
  }, 60_000);

  test('applies migrations that are bundled with the program as a module', async () => {
    const command = join(project, 'node_modules/kat-migrate/dist/kat.cjs');
    await run(process.execPath, [command, 'bundle', '--out', 'migrations.mjs'], { cwd: project });
    const source = `
      import { createKat } from 'kat-migrate';
      import migrations from './migrations.mjs';
      const kat = createKat({ migrations, database: { driver: 'pglite' } });
      console.log((await kat.up()).migrations.map(({ id }) => id), (await kat.ensure({ mode: 'check' })).applied);
      await kat.close();`;
    const folder = join(project, 'deployed');
    await build({
      ...{ bundle: true, platform: 'node', format: 'esm', logLevel: 'error' },
      ...{ stdin: { contents: source, resolveDir: project }, outfile: join(folder, 'bundled.mjs') },
      external: ['libpg-query', '@electric-sql/pglite'],
    });
    const { stdout } = await run(process.execPath, ['bundled.mjs'], { cwd: folder });
    expect(stdout).toBe("[ '1_create_users' ] []\n");
  }, 60_000);

  test('has lines that people can read, as errors that nobody catches show them', async () => {
    const text = readFileSync(join(project, 'node_modules/kat-migrate/dist/library.js'), 'utf8');
    expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThan(1000);
    const program = "import('kat-migrate').then(({ KatError }) => { throw new KatError('USAGE', 'x'); })";
    const outcome = await run(process.execPath, ['-e', program], { cwd: project }).catch((error) => error);
    expect(outcome.stderr).toContain('\nKatError: x\n');
  });

  test.each(['tsconfig.json', 'tsconfig.bundled.json'])(
    'has types that need no package that its users do not have (%s)',
    async (settings) => {
      const compiler = join(root, 'node_modules/typescript/bin/tsc');
      const outcome = await run(process.execPath, [compiler, '-p', settings], { cwd: project }).catch(
        (error) => error,
      );
      expect(outcome.stdout).toBe('');
    },
    60_000,
  );

  test('has an example for each method', () => {
    const kat = createKat({ migrations: 'migrations', database: { driver: 'pglite' } });
    expect(uses).toHaveLength(Object.keys(kat).length);
  });
});

test('a PNG picture without its package says what to install, and what else to do', async () => {
  const command = join(project, 'node_modules/kat-migrate/dist/kat.cjs');
  const args = [command, 'export', '--file', 'graph.png'];
  const outcome = await run(process.execPath, args, { cwd: project }).catch((error) => error);
  expect(outcome).toMatchObject({ code: 2, stdout: '' });
  expect(outcome.stderr).toContain('a PNG picture requires the package @resvg/resvg-js');
  expect(outcome.stderr).toContain('`npm install @resvg/resvg-js`. Or convert the SVG picture');
}, 60_000);

test('a program that uses `require` gets the library, with its types', async () => {
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const outcome = await run(process.execPath, [compiler, '-p', 'tsconfig.required.json'], {
    cwd: project,
  }).catch((error) => error);
  expect(outcome.stdout).toBe('');
  const program =
    "const { KatError } = require('kat-migrate'); console.log(new KatError('LOCKED', 'x').code)";
  const { stdout } = await run(process.execPath, ['--input-type=commonjs', '-e', program], { cwd: project });
  expect(stdout).toBe('LOCKED\n');
}, 60_000);

test('a bundle that holds the parser without its file says what to keep outside', async () => {
  const contents = `
    import { createKat } from 'kat-migrate';
    const kat = createKat({ migrations: 'migrations', database: { driver: 'pglite' } });
    kat.lint().catch(({ code, message, help }) => console.log(code, message, help));`;
  await build({
    ...{ bundle: true, platform: 'node', format: 'cjs', logLevel: 'error' },
    ...{ stdin: { contents, resolveDir: project }, outfile: join(project, 'bundle/whole.cjs') },
    external: ['@electric-sql/pglite'],
  });
  const { stdout } = await run(process.execPath, ['bundle/whole.cjs'], { cwd: project });
  expect(stdout).toContain('USAGE the SQL parser libpg-query cannot be loaded: ');
  expect(stdout).toContain('Keep libpg-query and @electric-sql/pglite outside of the bundle');
}, 60_000);

/** The declarations that a file of the package imports, as paths in the package. */
function namedTypes(path: string): string[] {
  const text = readFileSync(join(project, 'node_modules/kat-migrate', path), 'utf8');
  const imports = text.matchAll(/(?:from |import\()['"](\.[^'"]+)\.js['"]/g);
  return [...imports].map(([, target]) => posix.join(dirname(path), `${target}.d.ts`));
}

function readManifest() {
  const text = readFileSync(join(project, 'node_modules/kat-migrate/package.json'), 'utf8');
  return JSON.parse(text) as {
    bin: { kat: string };
    exports: Record<string, string | Record<string, string>>;
  };
}
