/** Builds what the package ships: the command as one file, the library as another, and the library's types. */

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { build } from 'esbuild';
import { bundleCommand } from './bundle-command.mjs';
import { compileOnce } from './compile-once.mjs';
import { readExplanations } from './explanations.mjs';
import { readPageAssets } from './page-assets.mjs';
import { keepPublicTypes } from './public-types.mjs';

/** Bundled CommonJS packages (pg) ask for Node's own modules by `require`, which a program that is bundled as a module lacks. */
const importsBuiltins = {
  name: 'imports-builtins',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /./ }, ({ path, kind }) =>
      kind === 'require-call' && isBuiltin(path) ? { path, namespace: 'builtin' } : undefined,
    );
    onLoad({ filter: /./, namespace: 'builtin' }, ({ path }) => ({
      contents: `export * from '${path}'; export { default } from '${path}';`,
    }));
  },
};

/** Of everything that decides what Kat does. */
function hashSources() {
  const sources = readdirSync('src', { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = sources.map(({ parentPath, name }) => join(parentPath, name)).sort();
  const hash = createHash('sha256');
  for (const path of ['package-lock.json', ...paths]) hash.update(readFileSync(path));
  return hash.digest('hex');
}

/** An error that nobody catches shows its line, not the whole file. */
const lineLimit = 240;

const shared = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  external: [
    ...['libpg-query', '@electric-sql/pglite', '@resvg/resvg-js', 'libsql', 'pg-native'],
    '@opentelemetry/api',
  ],
  // `pg` asks for these to find out whether it runs on Cloudflare; Node.js 20 would load its whole `fetch` for that, 20 ms.
  define: { navigator: 'undefined', Response: 'undefined', KAT_BUILD: JSON.stringify(hashSources()) },
  logLevel: 'warning',
};

/** What `pg` has beside its client, and commander's way to run subcommands as programs: nothing of it is ever called. */
const leftOut = {
  pg: ['pg-connection-string', 'pgpass', 'pg-cloudflare', 'dns'],
  commander: ['node:child_process'],
};

/** Makes command and library start sooner. */
const startsSooner = {
  name: 'starts-sooner',
  setup({ onResolve, onLoad }) {
    const isLeftOut = (path, importer) =>
      Object.entries(leftOut).some(
        ([name, paths]) =>
          importer.replaceAll('\\', '/').includes(`/node_modules/${name}/`) && paths.includes(path),
      );
    onResolve({ filter: /./ }, ({ path, importer }) =>
      isLeftOut(path, importer) ? { path, namespace: 'none' } : undefined,
    );
    onLoad({ filter: /./, namespace: 'none' }, () => ({ contents: '' }));
    onLoad({ filter: /[\\/]pg[\\/]lib[\\/]crypto[\\/]utils\.js$/ }, ({ path }) => ({
      contents: loadsCryptoLate(readFileSync(path, 'utf8')),
    }));
  },
};

/** `pg` needs the Web Crypto API for passwords alone, and Node.js 20 loads it for 2 ms. */
function loadsCryptoLate(text) {
  const early =
    /^const (?:webCrypto = nodeCrypto\.webcrypto \|\| globalThis\.crypto|subtleCrypto = webCrypto\.subtle)$/gm;
  if (text.match(early)?.length !== 2)
    throw new Error('pg/lib/crypto/utils.js is not the file that is known');
  return text
    .replace(early, '')
    .replace(/\bsubtleCrypto\./g, 'webCrypto.subtle.')
    .replace(/\bwebCrypto\./g, 'nodeCrypto.webcrypto.');
}

/** The docs are the source of `kat explain`. */
const explanations = {
  name: 'explanations',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]explain[\\/]explanations\.ts$/ }, async () => ({
      contents: `export const explanations = ${JSON.stringify(await readExplanations('.'))};`,
    }));
  },
};

/** Tools of `kat mcp` promise what the published schema says, which is in the package once: it is read from there. */
const outputSchemas = {
  name: 'output-schemas',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]mcp[\\/]schemas\.ts$/ }, () => ({
      contents: `import { readFileSync } from 'node:fs';
        export function readOutputSchemas() {
          const { anyOf } = JSON.parse(readFileSync(__dirname + '/../../schemas/output.schema.json', 'utf8'));
          const named = anyOf.filter(({ properties }) => properties.command);
          return Object.fromEntries(named.map((schema) => [schema.properties.command.const, schema]));
        }`,
    }));
  },
};

/** The HTML page's own script and style. */
const pageAssets = {
  name: 'page-assets',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]page[\\/]assets\.ts$/ }, async () => ({ contents: await readPageAssets() }));
  },
};

/** Writes beside the old files and takes their places at once, so that a whole command is there at any moment. */
function write(name, text) {
  const path = join('dist', name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, text, { mode: 0o755 });
  renameSync(`${path}.new`, path);
}

/** Packages that command and library load late, each from the same file in `parts`, and what it exports. */
const latePackages = {
  pg: "export { default as Client } from 'pg/lib/client'; export { default as Connection } from 'pg/lib/connection';",
  yaml: "module.exports = require('yaml');",
};

/** Leaves these packages to their files. */
const leavesLate = {
  name: 'leaves-late',
  setup({ onResolve }) {
    onResolve({ filter: /^(?:pg|yaml)$/ }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path: `./parts/${path}.cjs`, external: true } : undefined,
    );
  },
};

/** @returns texts by their paths in `dist`. */
async function bundleLate() {
  const bundles = Object.entries(latePackages).map(async ([name, contents]) => {
    const { outputFiles } = await build({
      ...{ ...shared, minifyWhitespace: false, minifyIdentifiers: true, format: 'cjs', write: false },
      stdin: { contents, resolveDir: '.' },
      plugins: [startsSooner],
    });
    return [`parts/${name}.cjs`, await compileOnce(outputFiles[0].text, { lineLimit })];
  });
  return Promise.all(bundles);
}

async function buildCommand() {
  const plugins = [leavesLate, startsSooner, explanations, outputSchemas, pageAssets];
  const sources = {
    source: 'src/cli/main.ts',
    commands: 'src/cli/commands',
    layers: {
      project: ['src/engine/load-kat.ts'],
      ledger: ['src/engine/read/status.ts', 'src/engine/run/run.ts'],
      status: ['src/engine/read/status.ts'],
      plan: ['src/engine/run/run.ts'],
      'plan-id': ['src/engine/plan/make-plan.ts', 'src/engine/run/carry-out.ts'],
      'make-plan': ['src/engine/plan/make-plan.ts'],
      work: ['src/engine/run/carry-out.ts'],
      run: ['src/engine/run/run-locked.ts'],
    },
  };
  const bundled = await bundleCommand(sources, { ...shared, plugins }, Object.keys(latePackages));
  const files = new Map([...bundled, ...(await bundleLate())]);
  const { 'kat.cjs': main, ...parts } = Object.fromEntries(files);
  for (const [name, text] of Object.entries(parts)) write(name, text);
  write('kat.cjs', `#!/usr/bin/env node\n${main}`);
  for (const name of readdirSync('dist/parts')) {
    if (!files.has(`parts/${name}`)) rmSync(join('dist/parts', name));
  }
}

/** What programs import, by the name of its file in `dist`. Each takes what it exports from one file, so that every class is there once. */
const entries = {
  index: 'src/index.ts',
  testing: 'src/testing/testing.ts',
  'testing-node': 'src/testing/node.ts',
  'testing-vitest': 'src/testing/vitest.ts',
};

/** The public faces, which hold no code of their own. */
const faces = ['src/index.ts', 'src/testing/testing.ts'];

/** Has other files import the library's file instead of its parts. @param imported receives the paths of these parts. */
const fromLibrary = (imported) => ({
  name: 'from-library',
  setup({ onResolve }) {
    onResolve({ filter: /^\./ }, ({ kind, path, importer, resolveDir }) => {
      if (kind === 'entry-point') return undefined;
      const isFace = faces.some((face) => resolve(face) === importer);
      if (!isFace) imported.add(join(resolveDir, path).replace(/\.js$/, '.ts'));
      return { path: './library.js', external: true };
    });
  },
});

async function buildLibrary() {
  const readable = { lineLimit, minifyIdentifiers: true };
  const options = { ...shared, ...readable, format: 'esm', outdir: 'dist', write: false };
  const parts = new Set(faces.map((path) => resolve(path)));
  const plugins = [fromLibrary(parts)];
  const others = await build({ ...options, external: ['vitest'], entryPoints: entries, plugins });
  const contents = [...parts].map((path) => `export * from ${JSON.stringify(path)};`).join('\n');
  const { outputFiles } = await build({
    ...options,
    stdin: { contents, resolveDir: '.' },
    plugins: [leavesLate, startsSooner, importsBuiltins, pageAssets],
  });
  write('library.js', outputFiles[0].text);
  for (const { path, text: face } of others.outputFiles) write(basename(path), face);
}

rmSync('dist/types', { recursive: true, force: true });
await Promise.all([buildCommand(), buildLibrary()]);
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.types.json'], {
  stdio: 'inherit',
});
keepPublicTypes('dist/types', Object.values(entries));
// Programs that use `require` get the library from Node.js as it is; TypeScript lets them only where the types are no ES module.
write('types/package.json', '{ "type": "commonjs" }\n');
