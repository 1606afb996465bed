/**
 * Bundles the command so that it starts soon. The text of a file takes Node.js time even if nothing in it runs, and so does each
 * file: what every run needs goes into one file, what many need together into a few others, and the rest into parts beside them,
 * each loaded when an `import()` of the sources asks for it.
 */

import { basename } from 'node:path';
import { build } from 'esbuild';

/**
 * So many commands share what is loaded together: of fewer, a file costs less than what the other commands would read of it. What a
 * layer needs, too, is loaded anyway.
 */
const fewestCommands = 4;

/**
 * @param {{source: string, commands: string, layers: Record<string, readonly string[]>}} files the one that the command starts with,
 *   the folder with a file for each command, and the names of parts with the sources of which each holds what all of them need; what
 *   several parts could hold belongs to the first of them
 * @param {import('esbuild').BuildOptions} options
 * @param {readonly string[]} late the names of files in `parts` that others write, such as `pg` for `import('./parts/pg.cjs')`
 * @returns {Promise<Map<string, string>>} texts of CommonJS, which Node.js starts sooner than modules, by their paths in `dist`
 */
export async function bundleCommand({ source, ...groups }, options, late) {
  const { texts, outputs } = await splitSources(source, options);
  const files = groupChunks(outputs, groups);
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
function groupChunks(outputs, { commands, layers }) {
  const chunks = [...outputs].map(([name, { entryPoint = '' }]) => ({ name, entryPoint }));
  const needsOf = (isWanted) => chunks.filter(isWanted).map(({ name }) => followImports(outputs, name));
  const layerNeeds = Object.entries(layers).map(([part, sources]) => [
    `parts/${part}.cjs`,
    intersect(needsOf(({ entryPoint }) => sources.includes(entryPoint))),
  ]);
  const commandNeeds = needsOf(({ entryPoint }) => entryPoint.startsWith(`${commands}/`));
  const isShared = (name) => {
    const count = commandNeeds.filter((names) => names.has(name)).length;
    return count >= (layerNeeds.some(([, names]) => names.has(name)) ? 1 : fewestCommands);
  };
  const groups = [
    ['kat.cjs', followImports(outputs, 'kat.js')],
    ['parts/commands.cjs', new Set([...outputs.keys()].filter(isShared))],
    ...layerNeeds,
  ];
  const pathOf = (name) => groups.find(([, names]) => names.has(name))?.[0] ?? partPath(name);
  const files = new Map();
  for (const name of outputs.keys()) files.set(pathOf(name), [...(files.get(pathOf(name)) ?? []), name]);
  return files;
}

/** What is in all of these sets. */
function intersect([first, ...others]) {
  return new Set([...first].filter((name) => others.every((names) => names.has(name))));
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

/**
 * A file of several chunks exports them for the others, so that each module is there once. As plain values, which no export of the
 * sources ever changes: thousands of getters, as esbuild would make them, take milliseconds.
 */
function bundleFile(path, { files, texts, stubs }) {
  const names = files.get(path);
  const lists = names.map((name, index) => ({ name, index, values: exportedNames(texts.get(name)) }));
  const imports = lists.map(
    ({ name, index, values }) =>
      `import { ${values.map((value) => `${value} as ${value}_${index}`).join(', ')} } from './${name}';`,
  );
  const objects = lists.map(({ name, index, values }) => ({
    name,
    object: `{ ${values.map((value) => `${value}: ${value}_${index}`).join(', ')} }`,
  }));
  const all = isPart(path, names)
    ? objects[0].object
    : `{ ${objects.map(({ name, object }) => `${exportName(name)}: ${object}`).join(', ')} }`;
  const chunks = new Map(names.map((name) => [name, texts.get(name)]));
  return bundleText([...imports, `module.exports = ${all};`].join('\n'), { chunks, stubs });
}

/** @returns the names that a text of esbuild exports; it ends with them. */
function exportedNames(text) {
  const [, list = ''] = /export\{([^}]*)\};?\s*$/.exec(text) ?? [];
  return list.split(',').flatMap((name) => {
    const exported = name.split(' as ').at(-1).trim();
    return exported === '' ? [] : [exported];
  });
}

function isPart(path, [first]) {
  return path === partPath(first);
}

/** The file that holds each chunk outside of its own bundle, as the file with this path calls it, and the property of it. */
function makeStubs({ files, late }, from) {
  const base = '../'.repeat(from.split('/').length - 1) || './';
  const held = [...files].flatMap(([path, names]) =>
    names.map((name) => [
      name,
      { file: `${base}${path}`, property: isPart(path, names) ? '' : `.${exportName(name)}` },
    ]),
  );
  const packages = late.map((name) => [`${name}.cjs`, { file: `${base}parts/${name}.cjs`, property: '' }]);
  return new Map([...held, ...packages]);
}

function partPath(chunk) {
  return `parts/${chunk.replace(/js$/, 'cjs')}`;
}

function exportName(chunk) {
  return chunk.replace(/\W/g, '_');
}

/**
 * @param chunks texts that become part of the bundle
 * @param stubs what `makeStubs` answers for the others
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
    logOverride: { 'ignored-bare-import': 'silent', 'commonjs-variable-in-esm': 'silent' },
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
      onLoad({ filter: /./, namespace: 'stub' }, ({ path }) => {
        const { file, property } = stubs.get(path) ?? { file: path, property: '' };
        return { contents: `module.exports = require('${file}')${property};` };
      });
      onLoad({ filter: /./, namespace: 'held' }, ({ path }) => ({
        contents: `export const file = require('${path}');`,
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
  if (path.startsWith(filePrefix)) return { path: path.slice(filePrefix.length), namespace: 'held' };
  const isStub = namespace === 'stub' || namespace === 'held';
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

const filePrefix = 'file:';

/** Each name by itself: through an object of another file every single call would go by way of it. Each file is asked for once. */
function namesOf({ file, property }, names = []) {
  return [
    `import { file } from '${filePrefix}${file}';`,
    `const part = file${property};`,
    ...[...names].map((name) => `export const ${name} = part.${name};`),
  ].join('\n');
}

/** By `require` and not by `import`, which has Node.js load its other loader and look for exports with a parser of its own. */
function isRequired(path) {
  return path.startsWith('node:') || path === 'libpg-query';
}
