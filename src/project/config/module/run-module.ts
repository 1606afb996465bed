/** Runs a configuration module in a thread of its own, which ends with its answer. */

import { Worker } from 'node:worker_threads';
import { configThreadSource } from './thread-source.js';

/** An error of the module. */
export interface ModuleFailure {
  name?: string;
  message: string;
  stack: string;
  code?: string;
}

/** What the module exports as its default, as plain values; or why there is none. */
export type ModuleAnswer = { value: unknown; failure?: undefined } | { failure: ModuleFailure };

const mostMs = 30_000;

/** Never rejects. @param file absolute. */
export async function runModule(file: string): Promise<ModuleAnswer> {
  // Its stdout would be among what programs read.
  const worker = new Worker(configThreadSource, { eval: true, workerData: { file }, stdout: true });
  worker.stdout.resume();
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise((resolve) => {
      const fail = (message: string) => resolve({ failure: { message, stack: '' } });
      timer = setTimeout(() => fail(`it did not end within ${mostMs / 1000} s`), mostMs);
      worker.once('message', resolve);
      worker.once('error', ({ name, message, stack = '' }) => resolve({ failure: { name, message, stack } }));
      worker.once('exit', () => fail('it ended without a result'));
    });
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}
