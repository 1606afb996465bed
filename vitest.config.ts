import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Tests of rooms without a process or a database of their own share what is loaded, which takes a second for each file otherwise. */
const shared = ['test/sql/**/*.test.ts', 'test/graph/**/*.test.ts', 'test/project/**/*.test.ts'];

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    reporters: ['default', './test/support/closing-line.ts'],
    // Where Kat keeps an empty PGlite database, over test runs, too.
    env: { XDG_CACHE_HOME: join(import.meta.dirname, 'node_modules', '.cache') },
    globalSetup: ['test/support/global-setup.ts'],
    projects: [
      { extends: true, test: { name: 'pure', include: shared, isolate: false } },
      { extends: true, test: { name: 'whole', include: ['test/**/*.test.ts'], exclude: shared } },
    ],
  },
});
