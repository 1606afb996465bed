/** Builds what the package ships: the command as one file, the library as another, and the library's types. */

import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

/** Bundled CommonJS packages (pg) ask for Node's own modules by `require`. */
const requireForBundled =
  "import { createRequire as katCreateRequire } from 'node:module'; const require = katCreateRequire(import.meta.url);";

const shared = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  external: ['libpg-query', '@electric-sql/pglite', 'pg-native'],
  // `pg` asks for these to find out whether it runs on Cloudflare; Node.js 20 would load its whole `fetch` for that, 20 ms.
  define: { navigator: 'undefined', Response: 'undefined' },
  logLevel: 'warning',
};

/** What the command requires only when it needs it: the text of a file takes Node.js time even if nothing in it runs. */
const requiredLate = { yaml: './yaml.cjs', 'libpg-query': 'libpg-query' };

/** Makes the command start sooner. */
const startsSooner = {
  name: 'starts-sooner',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(yaml|libpg-query)$/, namespace: 'file' }, ({ path }) => ({
      path,
      namespace: 'late',
    }));
    // By `require` and not by `import`, which would have Node.js look for exports with a parser of its own.
    onLoad({ filter: /./, namespace: 'late' }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(requiredLate[path])})`,
      resolveDir: '.',
    }));
    onResolve({ filter: /./, namespace: 'late' }, ({ path }) => ({ path, external: true }));
    // commander could run its subcommands as programs, which Kat's are not.
    onResolve({ filter: /^node:child_process$/ }, ({ path, importer }) =>
      importer.includes('commander') ? { path, namespace: 'none' } : undefined,
    );
    onLoad({ filter: /./, namespace: 'none' }, () => ({ contents: '' }));
  },
};

/** Builds beside the old files and takes their places at once, so that a whole command is there at any moment. */
async function buildFile(options) {
  const { outputFiles } = await build({ ...shared, ...options, outdir: 'dist', write: false });
  for (const { path, contents } of outputFiles) {
    writeFileSync(`${path}.new`, contents, { mode: 0o755 });
    renameSync(`${path}.new`, path);
  }
}

mkdirSync('dist', { recursive: true });
rmSync('dist/types', { recursive: true, force: true });
await Promise.all([
  buildFile({
    entryPoints: { kat: 'src/cli/main.ts' },
    // Node starts CommonJS sooner, and loads its own modules only where they are used.
    format: 'cjs',
    minifyIdentifiers: true,
    outExtension: { '.js': '.cjs' },
    banner: { js: '#!/usr/bin/env node' },
    plugins: [startsSooner],
  }),
  buildFile({
    entryPoints: { yaml: 'yaml' },
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
  }),
  buildFile({
    entryPoints: { index: 'src/index.ts' },
    format: 'esm',
    banner: { js: requireForBundled },
  }),
]);
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.types.json'], {
  stdio: 'inherit',
});
