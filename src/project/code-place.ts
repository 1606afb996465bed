/** Finds the place in a program's file that an error of JavaScript names. */

import { execFile } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import type { SourceLocation } from '../errors.js';
import { locateOffset, readText } from './source-text.js';

/** A place in code, both counted from 1, the column in UTF-16 units. */
interface CodePlace {
  line: number;
  column: number;
}

/**
 * @param stack of an error, as V8, Node.js or jiti write it.
 * @returns the place of the innermost call in the file; undefined where the stack does not name the file.
 */
export function findCodePlace(stack: string, file: string): CodePlace | undefined {
  const names = [pathToFileURL(file).href, file].map((name) =>
    name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'),
  );
  const found = new RegExp(`(?:${names.join('|')}):(\\d+)(?::(\\d+))?`).exec(stack);
  if (!found) return undefined;
  // Node.js shows the line of a syntax error, and below it a caret.
  const column = found[2] ?? (/^( *)\^/m.exec(stack)?.[1]?.length ?? 0) + 1;
  return { line: Number(found[1]), column: Number(column) };
}

/** As `findCodePlace`, with the line of the file. */
export function findPlace(stack: string, file: string): SourceLocation | undefined {
  return locateCode(file, findCodePlace(stack, file));
}

function locateCode(file: string, place: CodePlace | undefined): SourceLocation | undefined {
  const text = place && readText(file);
  const offset = typeof text === 'string' ? offsetOf(text, place as CodePlace) : undefined;
  return offset === undefined ? undefined : locateOffset(file, text as string, offset);
}

/** @returns the offset of a place; undefined where the text has no such line. */
export function offsetOf(text: string, { line, column }: CodePlace): number | undefined {
  let start = 0;
  for (let count = 1; count < line; count += 1) {
    start = text.indexOf('\n', start) + 1;
    if (start === 0) return undefined;
  }
  return Math.min(start + column - 1, text.length);
}

const checkMs = 10_000;

/** Asks Node.js, which parses the file and does not run it: an error of `import()` in a thread does not say where the syntax is wrong. */
export function findSyntaxPlace(file: string): Promise<CodePlace | undefined> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['--check', file], { timeout: checkMs }, (_, __, stderr) =>
      resolve(findCodePlace(stderr, file)),
    );
  });
}

/** As `findSyntaxPlace`, with the line of the file. */
export async function locateSyntaxError(file: string): Promise<SourceLocation | undefined> {
  return locateCode(file, await findSyntaxPlace(file));
}
