/** Runs a program in a thread of its own, which can be ended whatever the program does. */

import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { KatError } from '../../errors.js';
import type { Direction } from '../../graph/migration.js';
import {
  cancelled,
  endedEarly,
  explainFailure,
  leftQueries,
  lostThread,
  silent,
  type ThreadFailure,
  unknownMessage,
} from './thread-failures.js';
import {
  readThreadMessage,
  type ThreadAnswer,
  type ThreadMessage,
  type ThreadQuery,
} from './thread-messages.js';
import { threadSource } from './thread-source.js';

export interface ThreadWork {
  file: string;
  id: string;
  direction: Direction;
  /** How long the program may neither ask, nor log, nor end, in milliseconds. */
  silenceMs: number;
  signal: AbortSignal | undefined;
  onLog(text: string): void;
  /** Never throws. */
  answer(query: ThreadQuery): Promise<ThreadAnswer>;
}

/** The program failed with the failure of a query, which it did not catch. */
export class FailedQuery extends Error {
  readonly number: number;

  constructor(number: number) {
    super(`query ${number} failed`);
    this.number = number;
  }
}

const mostLines = 10_000;
/** A program that was asked to end has so long, in milliseconds. */
const graceMs = 2_000;

/**
 * Resolves when the program's function has ended and no query is left.
 * @throws FailedQuery; ProgramError for anything else that the program did wrong; KatError CANCELLED.
 */
export async function runThread(work: ThreadWork): Promise<void> {
  const { file, id, direction } = work;
  const workerData = { file, id, direction, mostLines };
  const worker = new Worker(threadSource, {
    eval: true,
    workerData,
    stdin: true,
    stdout: true,
    stderr: true,
  });
  for (const stream of [worker.stdout, worker.stderr]) stream.setEncoding('utf8').on('data', logLines(work));
  try {
    return await watchThread(worker, work);
  } finally {
    // A thread in a call of the system ends when the call does; nobody waits for that.
    await Promise.race([worker.terminate(), sleep(graceMs, undefined, { ref: false })]);
  }
}

function logLines({ onLog }: ThreadWork) {
  return (text: string) => text.replace(/\n$/, '').split('\n').forEach(onLog);
}

function watchThread(worker: Worker, work: ThreadWork): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = createTimer(work, (error) => finish(() => reject(error)));
    const open = new Set<number>();
    let isOver = false;
    const finish = (end: () => void) => {
      if (isOver) return;
      isOver = true;
      timer.stop();
      end();
    };
    const ask = async (query: ThreadQuery) => {
      open.add(query.number);
      timer.pause();
      const answer = await work.answer(query);
      open.delete(query.number);
      if (isOver) return;
      worker.postMessage({ kind: 'answer', number: query.number, ...answer });
      if (open.size === 0) timer.restart();
    };
    const log = (text: string) => {
      work.onLog(text);
      if (open.size === 0) timer.restart();
    };
    const end = (openQueries: number) => (openQueries === 0 ? resolve() : reject(leftQueries(openQueries)));
    const take = (message: ThreadMessage) => {
      if (message.kind === 'query') void ask(message);
      else if (message.kind === 'log') log(message.text);
      else if (message.kind === 'done') finish(() => end(Math.max(message.openQueries, open.size)));
      else finish(() => void explain(message, work).then(reject, reject));
    };
    timer.onAbort(() => worker.postMessage({ kind: 'abort' }));
    worker.on('message', (sent: unknown) => {
      const message = readThreadMessage(sent);
      if (!message) finish(() => reject(unknownMessage()));
      else if (!isOver) take(message);
    });
    worker.on('error', (error: Error) => finish(() => reject(lostThread(error))));
    worker.on('exit', (code) => finish(() => reject(endedEarly(code))));
  });
}

async function explain(failure: ThreadFailure, { file }: ThreadWork): Promise<Error> {
  return failure.query === undefined ? explainFailure(failure, file) : new FailedQuery(failure.query);
}

/** Ends the program when it was silent for too long, or goes on after a request to end. */
function createTimer({ silenceMs, signal }: ThreadWork, giveUp: (error: KatError) => void) {
  let timer: NodeJS.Timeout | undefined;
  let grace: NodeJS.Timeout | undefined;
  let tellThread = () => {};
  const pause = () => clearTimeout(timer);
  const restart = () => {
    pause();
    timer = setTimeout(() => giveUp(silent(silenceMs)), silenceMs);
  };
  const abort = () => {
    tellThread();
    grace = setTimeout(() => giveUp(cancelled()), graceMs);
  };
  signal?.addEventListener('abort', abort, { once: true });
  restart();
  return {
    pause,
    restart,
    onAbort: (listener: () => void) => {
      tellThread = listener;
      // A signal that was aborted before tells no listener.
      if (signal?.aborted) abort();
    },
    stop: () => {
      pause();
      clearTimeout(grace);
      signal?.removeEventListener('abort', abort);
    },
  };
}
