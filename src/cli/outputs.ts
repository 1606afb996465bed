/** Writes to stdout and stderr. That one of them takes nothing any more (a full disk) must not end a run half-way. */

import { fstatSync, writeSync } from 'node:fs';
import { ioProblem } from '../project/io-problem.js';
import { outputLost } from './exit-code.js';

type Stream = NodeJS.WriteStream & { fd: 1 | 2 };

const names = { 1: 'stdout', 2: 'stderr' } as const;

const lost = new Set<number>();

/** Call it once, before anything is written. At the end of the process, a lost output makes 0 another exit code. */
export function watchOutputs(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => lose(stream, error));
  }
  process.on('exit', (exitCode) => {
    if (exitCode === 0 && lost.size > 0) process.exitCode = outputLost;
  });
}

/** Writes all of a text, or takes note that it cannot be written. Never throws. */
export function writeTo(stream: Stream, text: string): void {
  if (lost.has(stream.fd)) return;
  if (!isFile(stream)) {
    stream.write(text);
    return;
  }
  // Node.js writes once, and a disk that fills up takes a part without an error (lib/internal/fs/sync_write_stream.js).
  const bytes = Buffer.from(text);
  try {
    for (let written = 0; written < bytes.length; ) written += writeSync(stream.fd, bytes, written);
  } catch (error) {
    lose(stream, error as NodeJS.ErrnoException);
  }
}

/** Whether nothing waits for a reader that takes its time. */
export function isAllWritten(): boolean {
  return [process.stdout, process.stderr].every(({ writableLength }) => writableLength === 0);
}

/** Whether each stream leads into a file. */
const files = new WeakMap<Stream, boolean>();

function isFile(stream: Stream): boolean {
  const isKnown = files.get(stream) ?? looksLikeFile(stream);
  files.set(stream, isKnown);
  return isKnown;
}

function looksLikeFile({ fd }: Stream): boolean {
  try {
    return fstatSync(fd).isFile();
  } catch {
    return false;
  }
}

/** A reader that went away (`kat status | head`) has what it wanted. */
function lose(stream: Stream, error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE' || lost.has(stream.fd)) return;
  lost.add(stream.fd);
  const { message } = ioProblem('write', names[stream.fd], error);
  if (stream.fd === 1) writeTo(process.stderr, `Warning: ${message}; the command continues\n`);
}
