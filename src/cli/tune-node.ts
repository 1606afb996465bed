/** Settings of Node.js for a command that lives for a moment. A library must not touch its host's, so only the command does. */

import { setFlagsFromString } from 'node:v8';

/**
 * Call it before any SQL is parsed. Node.js 20 would optimise the parser's whole grammar after its first statement and
 * wait for that before it exits: a tenth of a second, where parsing takes a few milliseconds. Later versions are patient.
 */
export function tuneNode(): void {
  if (process.versions.v8.startsWith('11.')) setFlagsFromString('--wasm-tiering-budget=100000000');
}
