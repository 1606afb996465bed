import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { katCommand } from '../support/kat-command.js';
import { parsePage } from './markdown.js';
import { runPage } from './run-page.js';

const root = resolve(import.meta.dirname, '../..');
const readme = parsePage(readFileSync(join(root, 'README.md'), 'utf8'));
let folder: string;
let tarball: string;

beforeAll(async () => {
  await katCommand();
  folder = mkdtempSync(join(tmpdir(), 'kat-pack-'));
  // Without scripts: the one that builds would take `dist` away from the tests that run at the same time.
  await npm(root, 'pack', '--ignore-scripts', '--pack-destination', folder);
  tarball = join(folder, readdirSync(folder)[0] as string);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the packed package, as after `npm install kat-migrate` in an empty project', () => {
  test('runs the tour of the README', async () => {
    await runPage(readme, 'pglite', { isEmpty: true, install });
  }, 300_000);

  test('works without its optional dependency, and says when it is needed', async () => {
    const project = mkdtempSync(join(folder, 'lean-'));
    await install(project, '--omit=optional');
    expect(existsSync(join(project, 'node_modules/@electric-sql/pglite'))).toBe(false);
    const kat = join(project, 'node_modules/.bin/kat');
    const run = async (...args: string[]) => promisify(execFile)(kat, args, { cwd: project });
    expect((await run('--version')).stdout).toMatch(/^\d+\.\d+\.\d+$/m);
    await run('init', '--driver', 'pglite');
    await expect(run('status')).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('npm install @electric-sql/pglite'),
    });
  });

  test('brings its types, its schemas and its papers', async () => {
    const project = mkdtempSync(join(folder, 'files-'));
    await install(project);
    const inside = readdirSync(join(project, 'node_modules/kat-migrate'), { recursive: true });
    for (const file of [
      'dist/types/index.d.ts',
      'schemas/kat.conf.schema.json',
      'schemas/metadata.schema.json',
      'schemas/output.schema.json',
      'schemas/events.schema.json',
      'README.md',
      'LICENSE',
      'CHANGELOG.md',
    ]) {
      expect(inside).toContain(file);
    }
  });
});

/** The dependencies are those that this project has installed, so that no network is needed. */
async function install(project: string, ...flags: string[]): Promise<void> {
  const { dependencies, optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const names = Object.keys({ ...dependencies, ...optionalDependencies });
  const overrides = Object.fromEntries(
    names.map((name) => [name, `file:${join(root, 'node_modules', name)}`]),
  );
  writeFileSync(join(project, 'package.json'), JSON.stringify({ private: true, overrides }));
  await npm(project, 'install', '--offline', '--no-audit', '--no-fund', ...flags, tarball);
}

async function npm(cwd: string, ...args: string[]): Promise<void> {
  await promisify(execFile)('npm', args, { cwd, shell: process.platform === 'win32' });
}
