/**
 * Bundles the command so that it starts soon. The text of a file takes Node.js time even if nothing in it runs, so what every run
 * needs goes into one file, and the rest into parts beside it, each loaded when an `import()` of the sources asks for it.
 */

import { basename } from 'node:path';
import { build } from 'esbuild';

/**
 * @param {string} source the file that the command starts with
 * @param {import('esbuild').BuildOptions} options
 * @param {readonly string[]} late the names of files in `parts` that others write, such as `pg` for `import('./parts/pg.cjs')`
 * @returns {Promise<Map<string, string>>} texts of CommonJS, which Node.js starts sooner than modules, by their paths in `dist`
 */
export async function bundleCommand(source, options, late) {
  const { texts, eager, exported } = await splitSources(source, options);
  const parts = [...texts.keys()].filter((name) => !eager.has(name));
  const bundles = await Promise.all([
    bundleMain({ texts, eager, exported, late }),
    ...parts.map((name) => bundlePart(name, { texts, eager, exported, late })),
  ]);
  return new Map([
    ['kat.cjs', bundles[0]],
    ...parts.map((name, index) => [partPath(name), bundles[index + 1]]),
  ]);
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
  return {
    texts: new Map(outputFiles.map(({ path, text }) => [basename(path), text])),
    eager: followImports(metafile.outputs, 'kat.js'),
    exported: new Map(
      Object.entries(metafile.outputs).map(([path, { exports }]) => [basename(path), exports]),
    ),
  };
}

/** The chunks that are loaded before the first one runs. */
function followImports(outputs, first) {
  const found = new Set([first]);
  for (const name of found) {
    const { imports } = outputs[`chunks/${name}`];
    for (const { path, kind } of imports) {
      if (kind === 'import-statement' && `chunks/${basename(path)}` in outputs) found.add(basename(path));
    }
  }
  return found;
}

/** All eager chunks as one file, which exports them for its parts, so that each module is there once. */
function bundleMain({ texts, eager, exported, late }) {
  const lines = [...eager].map((name) => `export * as ${exportName(name)} from './${name}';`);
  return bundleText(lines.join('\n'), {
    chunks: new Map([...texts].filter(([name]) => eager.has(name))),
    stubs: stubs({ texts, eager, late }, './'),
    exported,
  });
}

function bundlePart(part, { texts, eager, exported, late }) {
  return bundleText(texts.get(part), {
    chunks: new Map(),
    stubs: stubs({ texts, eager, late }, '../'),
    exported,
  });
}

/** What stands for each chunk outside of its own bundle. */
function stubs({ texts, eager, late }, base) {
  const required = (name) =>
    eager.has(name) ? `require('${base}kat.cjs').${exportName(name)}` : `require('${base}${partPath(name)}')`;
  return new Map([
    ...[...texts.keys()].map((name) => [name, required(name)]),
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
 * @param exported the names that each chunk exports
 */
async function bundleText(text, { chunks, stubs, exported }) {
  const { outputFiles } = await build({
    stdin: { contents: text },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
    write: false,
    plugins: [chunkPlugin({ chunks, stubs, exported })],
  });
  return outputFiles[0].text;
}

function chunkPlugin({ chunks, stubs, exported }) {
  return {
    name: 'chunks',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /./ }, (request) => resolveChunk(request, { chunks, stubs }));
      onLoad({ filter: /./, namespace: 'chunk' }, ({ path }) => ({ contents: chunks.get(path) }));
      onLoad({ filter: /./, namespace: 'names' }, ({ path }) => ({
        contents: namesOf(stubs.get(path), exported.get(path)),
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
  if (stubs.has(name) && !isStub) return { path: name, namespace: isLate ? 'stub' : 'names' };
  if (isLate && isRequired(path)) return { path, namespace: 'stub' };
  return { path, external: true };
}

/** Each name by itself: through an object of another file every single call would go by way of a getter. */
function namesOf(part, names) {
  return [`const part = ${part};`, ...names.map((name) => `export const ${name} = part.${name};`)].join('\n');
}

/** By `require` and not by `import`, which has Node.js load its other loader and look for exports with a parser of its own. */
function isRequired(path) {
  return path.startsWith('node:') || path === 'libpg-query';
}
