/** Finds the place in a program's file that an error of JavaScript names. */

import { execFile } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import type { SourceLocation } from '../../errors.js';
import { locateOffset, readText } from '../../project/source-text.js';

/**
 * @param stack of an error, as V8, Node.js or jiti write it.
 * @returns the place of the innermost call in the file; undefined where the stack does not name the file.
 */
export function findPlace(stack: string, file: string): SourceLocation | undefined {
  const names = [pathToFileURL(file).href, file].map((name) =>
    name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'),
  );
  const found = new RegExp(`(?:${names.join('|')}):(\\d+)(?::(\\d+))?`).exec(stack);
  if (!found) return undefined;
  // Node.js shows the line of a syntax error, and below it a caret.
  const column = found[2] ?? (/^( *)\^/m.exec(stack)?.[1]?.length ?? 0) + 1;
  return locate(file, Number(found[1]), Number(column));
}

/** @param column in UTF-16 units. */
function locate(file: string, line: number, column: number): SourceLocation | undefined {
  const text = readText(file);
  if (typeof text !== 'string') return undefined;
  let start = 0;
  for (let count = 1; count < line; count += 1) {
    start = text.indexOf('\n', start) + 1;
    if (start === 0) return undefined;
  }
  return locateOffset(file, text, Math.min(start + column - 1, text.length));
}

const checkMs = 10_000;

/** Asks Node.js, which parses the file and does not run it: an error of `import()` in a thread does not say where the syntax is wrong. */
export function locateSyntaxError(file: string): Promise<SourceLocation | undefined> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['--check', file], { timeout: checkMs }, (_, __, stderr) =>
      resolve(findPlace(stderr, file)),
    );
  });
}
