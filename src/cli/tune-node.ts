/**
 * Settings of Node.js for a command that lives for a moment. A library must not touch its host's, so only the command does.
 * Each comes as late as it can: after the first one, Node.js 20 compiles each of its own modules that it still loads, 9 ms of CPU
 * for those of the network, instead of taking them ready-made.
 */

import { readdirSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import type { DriverName } from '../project/config/config-names.js';

/**
 * Call it before any SQL is parsed. Node.js 20 would optimise the parser's whole grammar after its first statements: a
 * tenth of a second of a core that the server could use, and Node.js waits for it before it exits. Unoptimised, parsing
 * 5,000 small files takes no longer, and one of 8 MB half as long again. Later versions are patient.
 * @param driver with `postgres` and `sqlite` no WebAssembly but the parser's runs; PGlite is WebAssembly itself, and gains
 *   from being optimised where it runs for long. A tenth of this budget optimises five functions of its start, half a second of CPU
 *   for each command.
 */
export function tuneNode(driver: DriverName): void {
  if (!process.versions.v8.startsWith('11.')) return;
  const flags =
    driver !== 'pglite'
      ? ['--no-wasm-tier-up', '--no-wasm-dynamic-tiering']
      : ['--wasm-tiering-budget=2000000000'];
  for (const flag of flags) setFlagsFromString(flag);
}

/** The majors of Node.js of which it is known what these flags do; others would print that they do not know one. */
const knownMajors = new Set(['20', '22', '24']);

/** For fewer migrations the memory is not worth the 3 ms of CPU that the flags cost at this moment. */
const manyMigrations = 500;

/**
 * Has Node.js give memory back sooner: what a run makes for one migration, the next does not need. Thousands of them leave 60 MB of
 * garbage otherwise. Collecting it more often takes no more CPU than can be measured, as little of it is alive. Call it before the
 * migrations are read: what has grown does not shrink.
 * @param directory the migrations folder
 */
export function collectSooner(directory: string): void {
  const [major = ''] = process.versions.node.split('.');
  if (!knownMajors.has(major) || countEntries(directory) < manyMigrations) return;
  for (const flag of ['--heap-growing-percent=10', '--semi-space-growth-factor=1']) setFlagsFromString(flag);
}

/** 0 for a folder that cannot be read, which the command tells later. */
function countEntries(directory: string): number {
  try {
    return readdirSync(directory).length;
  } catch {
    return 0;
  }
}
