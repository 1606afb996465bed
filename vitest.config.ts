import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import SlowFirst from './test/support/slow-first.js';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    setupFiles: ['test/support/setup-file.ts'],
    // Loading the project and its parser takes a second, which the test files of a worker share.
    isolate: false,
    // Where Kat keeps an empty PGlite database, over test runs, too.
    env: { XDG_CACHE_HOME: join(import.meta.dirname, 'node_modules', '.cache') },
    // Of modules that the built command imports while it runs in the test's process.
    execArgv: ['--disable-warning=ExperimentalWarning'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Tests wait for servers and processes about a third of their time.
    maxWorkers: 3,
    sequence: { sequencer: SlowFirst },
    reporters: ['default', './test/support/closing-line.ts'],
  },
});
