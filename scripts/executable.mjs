/**
 * `npm run executable`: makes one file that holds Node.js, Kat, its parser and PGlite, for computers without Node.js.
 * It is in `.cache/executable`. How: https://nodejs.org/api/single-executable-applications.html
 */

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { binary } from './binary.mjs';
import { root } from './import-sources.mjs';

const folder = join(root, '.cache/executable');
const { platform, arch, execPath } = process;
const executable = join(folder, `kat-${platform}-${arch}${platform === 'win32' ? '.exe' : ''}`);

function filesIn(path, isWanted) {
  const entries = readdirSync(join(root, path), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && isWanted(entry.name))
    .map(({ parentPath, name }) => relative(root, join(parentPath, name)).replaceAll('\\', '/'));
}

/** Texts in base64 by their paths; packages are found below node_modules. */
function collectFiles() {
  const isRun = (name) => !/\.(map|d\.c?ts|md)$/.test(name);
  const own = ['schemas/output.schema.json', ...filesIn('dist', (name) => name.endsWith('.cjs'))];
  const packages = withDependencies(['libpg-query', '@electric-sql/pglite']).flatMap((name) =>
    filesIn(join('node_modules', name), isRun),
  );
  return Object.fromEntries([
    ...own.map((path) => [`node_modules/kat-migrate/${path}`, encode(path)]),
    ...packages.map((path) => [path, encode(path)]),
  ]);
}

/** The names of packages and of all that they need. */
function withDependencies(names) {
  const found = new Set(names);
  for (const name of found) {
    const { dependencies = {} } = JSON.parse(
      readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8'),
    );
    for (const needed of Object.keys(dependencies)) found.add(needed);
  }
  return [...found];
}

function encode(path) {
  return readFileSync(join(root, path)).toString('base64');
}

async function bundleStart() {
  await build({
    entryPoints: [join(root, 'scripts/executable-start.mjs')],
    outfile: join(folder, 'start.cjs'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'warning',
  });
}

function writeBlob() {
  const files = gzipSync(JSON.stringify(collectFiles()));
  const assets = { files: join(folder, 'files.gz'), hash: join(folder, 'hash') };
  writeFileSync(assets.files, files);
  writeFileSync(assets.hash, createHash('sha256').update(files).digest('hex').slice(0, 16));
  const config = {
    main: join(folder, 'start.cjs'),
    output: join(folder, 'blob'),
    disableExperimentalSEAWarning: true,
    assets,
  };
  writeFileSync(join(folder, 'sea.json'), JSON.stringify(config));
  run(execPath, '--experimental-sea-config', join(folder, 'sea.json'));
}

function run(command, ...args) {
  execFileSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** The name behind `FUSE` is a constant of Node.js; macOS runs no program whose signature does not fit. */
function inject() {
  const isMac = platform === 'darwin';
  mkdirSync(dirname(executable), { recursive: true });
  copyFileSync(execPath, executable);
  if (isMac) run('codesign', '--remove-signature', executable);
  const options = ['--sentinel-fuse', 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2'];
  if (isMac) options.push('--macho-segment-name', 'NODE_SEA');
  run(
    execPath,
    binary('postject', 'postject'),
    executable,
    'NODE_SEA_BLOB',
    join(folder, 'blob'),
    ...options,
  );
  if (isMac) run('codesign', '--sign', '-', executable);
}

mkdirSync(folder, { recursive: true });
await bundleStart();
writeBlob();
inject();
console.log(`The executable is ${relative(root, executable)}`);
