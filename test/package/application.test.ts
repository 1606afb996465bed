/** The sample application with the packed package: types, builds, a bundle, and its tests, on a server and on PGlite. */

import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commandMajors, freshDatabase, ownServer } from '../support/database.js';
import { atEndOfFile } from '../support/end-of-file.js';
import { type Packed, packProject, root, run } from './packed.js';

const source = join(root, 'examples/application');
const [major = 18] = commandMajors();

/** Together 200, and in each worker one more that all applications have. */
const parallel = { workers: 8, tests: 25 };

let packed: Packed;
let project: string;

beforeAll(async () => {
  packed = await packProject();
  project = await packed.unpack(['express', 'pg', 'vitest', '@types/express', '@types/pg', '@types/node']);
  for (const name of ['src', 'test', 'migrations', 'tsconfig.json', 'tsconfig.test.json'])
    cpSync(join(source, name), join(project, name), { recursive: true });
}, 180_000);

afterAll(() => packed.remove());

/** @returns what the compiler complains about. */
async function compile(...options: string[]): Promise<string> {
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const { stdout } = await run(process.execPath, [compiler, ...options], { cwd: project }).catch(
    (error) => error,
  );
  return stdout;
}

/** The same sources, in a folder whose package says CommonJS. */
async function compileCommonJs(): Promise<string> {
  cpSync(join(source, 'src'), join(project, 'commonjs/src'), { recursive: true });
  writeFileSync(join(project, 'commonjs/package.json'), '{ "type": "commonjs" }');
  cpSync(join(source, 'tsconfig.json'), join(project, 'commonjs/tsconfig.json'));
  return compile('-p', 'commonjs');
}

/** Everything in one file, apart from packages with files of their own. Express calls `require`. */
async function bundle(): Promise<void> {
  await build({
    ...{ bundle: true, platform: 'node', format: 'esm', logLevel: 'error' },
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    entryPoints: [join(project, 'src/server.ts')],
    outfile: join(project, 'bundle/server.mjs'),
    external: ['libpg-query', '@electric-sql/pglite', 'pg-native'],
  });
}

const environment = { PATH: process.env.PATH, XDG_CACHE_HOME: process.env.XDG_CACHE_HOME, PORT: '0' };

/** Runs a build of the application, writes a note and reads all of them. */
async function useServer(program: string, env: Record<string, string>): Promise<unknown> {
  const child = spawn(process.execPath, [program], {
    cwd: project,
    env: { ...environment, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  try {
    const url = `http://127.0.0.1:${await readPort(child)}/notes`;
    const headers = { 'content-type': 'application/json', connection: 'close' };
    const body = JSON.stringify({ body: 'two words' });
    expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(201);
    return await (await fetch(url, { headers })).json();
  } finally {
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  }
}

async function readPort({ stdout }: ChildProcess): Promise<string | undefined> {
  if (!stdout) throw new Error('the application has no output');
  for await (const line of createInterface({ input: stdout })) {
    const [, port] = /^listening on port (\d+)$/.exec(line) ?? [];
    if (port) return port;
  }
  return undefined;
}

const note = { body: 'two words', words: 2 };

describe('builds: ES modules, CommonJS and a bundle', () => {
  test('compile under strict, with the tests', async () => {
    expect(await compile('-p', 'tsconfig.test.json')).toBe('');
    expect(await compile('-p', '.')).toBe('');
    expect(await compileCommonJs()).toBe('');
    expect(readFileSync(join(project, 'commonjs/build/server.js'), 'utf8')).toContain(
      'require("kat-migrate")',
    );
    await bundle();
  }, 120_000);

  test.each(['build/server.js', 'commonjs/build/server.js', 'bundle/server.mjs'])(
    '%s runs on a server',
    async (program) => {
      const database = await freshDatabase(major);
      atEndOfFile(() => database.drop());
      expect(await useServer(program, { DATABASE_URL: database.url })).toEqual([note]);
    },
    120_000,
  );

  test('the bundle runs on PGlite', async () => {
    expect(await useServer('bundle/server.mjs', {})).toEqual([note]);
  }, 120_000);
});

/** @returns how many tests passed. */
async function runTests(env: Record<string, string>, ...flags: string[]): Promise<number> {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const options = ['run', '--reporter=json', '--dir=test', '--testTimeout=120000', ...flags];
  const { stdout, stderr } = await run(process.execPath, [vitest, ...options], {
    cwd: project,
    env: { ...environment, ...env },
  }).catch((error) => error);
  const { success, numPassedTests, testResults } = JSON.parse(stdout || '{}');
  expect({ success, stderr }, JSON.stringify(testResults)).toEqual({ success: true, stderr: '' });
  return numPassedTests;
}

describe('its tests, which run at the same time, each on a database of its own', () => {
  test('on PGlite', async () => {
    expect(await runTests({ TESTS: '1' }, '--testNamePattern=keeps notes')).toBe(1);
  }, 240_000);

  test('on a server, where nothing is left', async () => {
    const { workers, tests } = parallel;
    for (let copy = 2; copy <= workers; copy += 1)
      cpSync(join(source, 'test/notes.test.ts'), join(project, `test/${copy}.test.ts`));
    const database = await freshDatabase(await ownServer(major));
    const env = { TEST_DATABASE_URL: database.url, TESTS: String(tests) };
    expect(await runTests(env, `--maxWorkers=${workers}`)).toBe(workers * (tests + 1));
    expect(await database.query("SELECT datname FROM pg_database WHERE datname LIKE 'kat_test_%'")).toEqual(
      [],
    );
  }, 240_000);
});
