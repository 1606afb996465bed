/**
 * Bundles the command so that it starts soon. The text of a file takes Node.js time even if nothing in it runs, and so does each
 * file: what every run needs goes into one file, what many commands need into another, and the rest into parts beside them, each
 * loaded when an `import()` of the sources asks for it.
 */

import { basename } from 'node:path';
import { build } from 'esbuild';

/** So many commands share what is loaded together: of fewer, a file costs less than what the other commands would read of it. */
const fewestCommands = 4;

/**
 * @param {{source: string, commands: string}} files the one that the command starts with, and the folder with a file for each command
 * @param {import('esbuild').BuildOptions} options
 * @param {readonly string[]} late the names of files in `parts` that others write, such as `pg` for `import('./parts/pg.cjs')`
 * @returns {Promise<Map<string, string>>} texts of CommonJS, which Node.js starts sooner than modules, by their paths in `dist`
 */
export async function bundleCommand({ source, commands }, options, late) {
  const { texts, outputs } = await splitSources(source, options);
  const files = groupChunks(outputs, commands);
  const bundles = [...files].map(async ([path]) => {
    const stubs = makeStubs({ files, late }, path);
    return [path, await bundleFile(path, { files, texts, stubs })];
  });
  return new Map(await Promise.all(bundles));
}

/** esbuild's own chunks: one for each set of modules that the same `import()`s need, dozens of files where one would do. */
async function splitSources(source, options) {
  const { outputFiles, metafile } = await build({
    ...options,
    entryPoints: { kat: source },
    format: 'esm',
    splitting: true,
    chunkNames: '[name]-[hash]',
    outdir: 'chunks',
    write: false,
    metafile: true,
  });
  const outputs = Object.entries(metafile.outputs).map(([path, output]) => [basename(path), output]);
  return {
    texts: new Map(outputFiles.map(({ path, text }) => [basename(path), text])),
    outputs: new Map(outputs),
  };
}

/** @returns the chunks of each file, by its path in `dist`. */
function groupChunks(outputs, commands) {
  const main = followImports(outputs, 'kat.js');
  const needs = [...outputs].flatMap(([name, { entryPoint = '' }]) =>
    entryPoint.startsWith(`${commands}/`) ? [followImports(outputs, name)] : [],
  );
  const isShared = (name) => needs.filter((names) => names.has(name)).length >= fewestCommands;
  const rest = [...outputs.keys()].filter((name) => !main.has(name));
  return new Map([
    ['kat.cjs', [...main]],
    ['parts/core.cjs', rest.filter(isShared)],
    ...rest.filter((name) => !isShared(name)).map((name) => [partPath(name), [name]]),
  ]);
}

/** The chunks that are loaded before the first one runs. */
function followImports(outputs, first) {
  const found = new Set([first]);
  for (const name of found) {
    for (const { path, kind } of outputs.get(name).imports) {
      if (kind === 'import-statement' && outputs.has(basename(path))) found.add(basename(path));
    }
  }
  return found;
}

/** A file of several chunks exports them for the others, so that each module is there once. */
function bundleFile(path, { files, texts, stubs }) {
  const names = files.get(path);
  if (isPart(path, names)) return bundleText(texts.get(names[0]), { chunks: new Map(), stubs });
  const lines = names.map((name) => `export * as ${exportName(name)} from './${name}';`);
  const chunks = new Map(names.map((name) => [name, texts.get(name)]));
  return bundleText(lines.join('\n'), { chunks, stubs });
}

function isPart(path, [first]) {
  return path === partPath(first);
}

/** What stands for each chunk outside of its own bundle, in the file with this path. */
function makeStubs({ files, late }, from) {
  const base = '../'.repeat(from.split('/').length - 1) || './';
  const required = [...files].flatMap(([path, names]) =>
    names.map((name) => {
      const file = `require('${base}${path}')`;
      return [name, isPart(path, names) ? file : `${file}.${exportName(name)}`];
    }),
  );
  return new Map([
    ...required,
    ...late.map((name) => [`${name}.cjs`, `require('${base}parts/${name}.cjs')`]),
  ]);
}

function partPath(chunk) {
  return `parts/${chunk.replace(/js$/, 'cjs')}`;
}

function exportName(chunk) {
  return chunk.replace(/\W/g, '_');
}

/**
 * @param chunks texts that become part of the bundle
 * @param stubs expressions for the others
 */
async function bundleText(text, { chunks, stubs }) {
  const imported = importedNames([text, ...chunks.values()]);
  const { outputFiles } = await build({
    stdin: { contents: text },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
    logOverride: { 'ignored-bare-import': 'silent' },
    write: false,
    plugins: [chunkPlugin({ chunks, stubs, imported })],
  });
  return outputFiles[0].text;
}

function chunkPlugin({ chunks, stubs, imported }) {
  return {
    name: 'chunks',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /./ }, (request) => resolveChunk(request, { chunks, stubs }));
      onLoad({ filter: /./, namespace: 'chunk' }, ({ path }) => ({ contents: chunks.get(path) }));
      onLoad({ filter: /./, namespace: 'names' }, ({ path }) => ({
        contents: namesOf(stubs.get(path), imported.get(path)),
      }));
      onLoad({ filter: /./, namespace: 'stub' }, ({ path }) => ({
        contents: `module.exports = ${stubs.get(path) ?? `require('${path}')`};`,
      }));
    },
  };
}

function resolveChunk({ path, kind, namespace }, { chunks, stubs }) {
  const name = basename(path);
  const isLate = kind === 'dynamic-import';
  if (kind === 'entry-point') return undefined;
  // esbuild would wrap what is imported late into a function, and Node.js read all of it twice.
  if (chunks.has(name) && !isLate) return { path: name, namespace: 'chunk' };
  const isStub = namespace === 'stub' || namespace === 'names';
  if (stubs.has(name) && !isStub) {
    // What is imported for no name of it is there only because esbuild cannot know that it does nothing by itself.
    return { path: name, namespace: isLate ? 'stub' : 'names', sideEffects: isLate };
  }
  if (isLate && isRequired(path)) return { path, namespace: 'stub' };
  return { path, external: true };
}

/** @returns the names that texts of esbuild import, by chunk. */
function importedNames(texts) {
  const names = new Map();
  for (const [, list, chunk] of texts.join('\n').matchAll(/import\{([^}]*)\}from"\.\/([^"]+)"/g)) {
    const some = list.split(',').map((name) => name.split(' as ')[0].trim());
    names.set(chunk, new Set([...(names.get(chunk) ?? []), ...some]));
  }
  return names;
}

/** Each name by itself: through an object of another file every single call would go by way of a getter. */
function namesOf(part, names = []) {
  return [`const part = ${part};`, ...[...names].map((name) => `export const ${name} = part.${name};`)].join(
    '\n',
  );
}

/** By `require` and not by `import`, which has Node.js load its other loader and look for exports with a parser of its own. */
function isRequired(path) {
  return path.startsWith('node:') || path === 'libpg-query';
}
