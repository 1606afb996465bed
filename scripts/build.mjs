/** Builds what the package ships: the command as one file, the library as another, and the library's types. */

import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';
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

// The command itself is written over, so that it is there at any moment.
rmSync('dist/types', { recursive: true, force: true });
await Promise.all([
  build({
    ...shared,
    entryPoints: ['src/cli/main.ts'],
    // Node starts CommonJS sooner, and loads its own modules only where they are used.
    format: 'cjs',
    outfile: 'dist/kat.cjs',
    banner: { js: '#!/usr/bin/env node' },
  }),
  build({
    ...shared,
    entryPoints: ['src/index.ts'],
    format: 'esm',
    outfile: 'dist/index.js',
    banner: { js: requireForBundled },
  }),
]);
chmodSync('dist/kat.cjs', 0o755);
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.types.json'], {
  stdio: 'inherit',
});
