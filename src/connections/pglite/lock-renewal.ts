/** Renews a lock while its process lives, also while PGlite keeps the process' own thread busy for minutes. */

import { Worker } from 'node:worker_threads';

/** How often a lock is written again, in milliseconds. */
export const renewalMs = 5_000;

export interface Renewal {
  /** Whether somebody else removed the lock: this process was taken for dead, as after a computer slept. */
  readonly isLost: boolean;
  stop(): void;
}

/** Writes with `r+`, so that a lock that was removed does not come back, and its time is that of the disk's own clock. */
const program = `
const { openSync, writeSync, closeSync } = require('node:fs');
const { workerData: { path, renewalMs, flag } } = require('node:worker_threads');
setInterval(() => {
  try {
    const file = openSync(path, 'r+');
    try { writeSync(file, '{', 0); } finally { closeSync(file); }
  } catch (error) {
    if (error.code === 'ENOENT') Atomics.store(flag, 0, 1);
  }
}, renewalMs);
`;

/** @param path of the lock, whose text starts with a brace. */
export function renewLock(path: string): Renewal {
  const flag = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(program, { eval: true, workerData: { path, renewalMs, flag } });
  worker.on('error', () => undefined);
  worker.unref();
  return {
    get isLost() {
      return Atomics.load(flag, 0) !== 0;
    },
    stop: () => void worker.terminate(),
  };
}
