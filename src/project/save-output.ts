/** Writes the files that commands make anew on each run, and replaces no other file. */

import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { KatError } from '../errors.js';
import { ioProblem } from './io-problem.js';
import { saveFile } from './save-file.js';

/**
 * Replaces an empty file, and a file that begins like one of Kat's. Pipes and devices are written to.
 * @param file absolute.
 * @throws KatError FILES_INVALID for a file that Kat did not write, and when the file cannot be read or written.
 */
export function saveOutput(file: string, content: string | Uint8Array): void {
  refuseOtherFile(file);
  saveFile(file, content);
}

/**
 * Refuses what `saveOutput` would refuse, before the work that makes the content.
 * @throws KatError FILES_INVALID.
 */
export function refuseOtherFile(file: string): void {
  const beginning = readBeginning(file);
  if (beginning === '' || beginnings.some((own) => own.test(beginning))) return;
  throw new KatError('FILES_INVALID', `cannot write ${file}: it exists, and Kat did not write it`, {
    help: 'The file is unchanged. Name another file. If nobody needs this one, delete it first.',
  });
}

/** How the outputs of `export`, `report`, `plan --sql`, `bundle` and `schema` begin. */
const beginnings: readonly RegExp[] = [
  /^strict digraph kat \{/,
  /^flowchart LR\r?\n/,
  /^\{\r?\n {2}"migrations": \[/,
  /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="\d/,
  /^.PNG\r\n/s,
  /^<!doctype html>\r?\n<html lang="en">.*<title>Migrations\b/s,
  /^## Migrations: /,
  /^\{\r?\n {2}"\$schema": "https:\/\/json\.schemastore\.org\/sarif.*"name": "Kat"/s,
  /^-- What `kat \w+` would do, made by Kat /,
  /^-- There is nothing to do\.\r?\n$/,
  /^\/\/ Written by `kat bundle` /,
  /^-- The schema that the migrations make\. Written by `kat schema`/,
  /^\[(?:\]|\r?\n {2}\{\r?\n {4}"id": ")/,
];

const readBytes = 1000;

/** The first bytes, each as one character; empty where no regular file is. */
function readBeginning(file: string): string {
  if (!existsSync(file) || !statSync(file).isFile()) return '';
  const bytes = Buffer.alloc(readBytes);
  try {
    const opened = openSync(file, 'r');
    try {
      return bytes.toString('latin1', 0, readSync(opened, bytes));
    } finally {
      closeSync(opened);
    }
  } catch (cause) {
    throw new KatError('FILES_INVALID', ioProblem('read', file, cause).message, {
      help: 'Check that this user may read and write it.',
      cause,
    });
  }
}
