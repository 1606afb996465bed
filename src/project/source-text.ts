/** Decodes files without guessing and turns offsets into lines and columns, so that every problem can say where it is. */

import { isUtf8 } from 'node:buffer';
import type { Problem, SourceLocation } from '../errors.js';
import { readRegularFile } from '../regular-file.js';
import { cutLine } from '../source-line.js';
import { ioProblem } from './io-problem.js';

/**
 * Reads a text file whole.
 * @param mostBytes a larger file is not read.
 * @returns its text without a byte order mark, line endings as they are; or why it can't be used.
 */
export function readText(file: string, mostBytes?: number): string | Problem {
  try {
    const bytes = readRegularFile(file, mostBytes);
    const text = bytes.toString('utf8');
    // Decoding replaces invalid UTF-8 with this character, which may also be in the file itself.
    if (text.includes('\ufffd') && !isUtf8(bytes)) return invalidUtf8(file, bytes);
    return checkNul(file, text.startsWith('\ufeff') ? text.slice(1) : text);
  } catch (error) {
    return ioProblem('read', file, error);
  }
}

/**
 * Where `offset` (in UTF-16 units, as JavaScript counts) lies in `text`.
 * @returns line and column counted from 1, the column in characters.
 */
export function locateOffset(file: string, text: string, offset: number): SourceLocation {
  const start = offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
  const newline = text.indexOf('\n', start);
  const end = newline < 0 ? text.length : newline;
  return {
    file,
    line: countLines(text, start),
    column: countCharacters(text, start, offset) + 1,
    ...cutLine(text, { start, end: text[end - 1] === '\r' ? Math.max(end - 1, start) : end }, offset),
  };
}

function countCharacters(text: string, start: number, end: number): number {
  let count = 0;
  for (let at = start; at < end; at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) count += 1;
  return count;
}

/** The place of line `line`, column `column` of `text`. */
export function locateLine(
  file: string,
  text: string,
  { line, column }: { line: number; column: number },
): SourceLocation {
  const found = text.split(/\r?\n/, line)[line - 1] ?? '';
  const index = [...found].slice(0, column - 1).join('').length;
  return { file, line, column, ...cutLine(found, { start: 0, end: found.length }, index) };
}

/** A place for what concerns a file as a whole: its first line, of which nothing is shown. */
export function wholeFile(file: string): SourceLocation {
  return { file, line: 1, column: 1, sourceLine: '' };
}

function checkNul(file: string, text: string): string | Problem {
  const nul = text.indexOf('\0');
  if (nul < 0) return text;
  const location = locateOffset(file, text, nul);
  return {
    code: 'invalid-text',
    message: `NUL byte in ${file}`,
    location: { ...location, sourceLine: location.sourceLine.replaceAll('\0', '␀') },
    help: 'Remove the NUL byte: PostgreSQL cannot store or run text that contains one.',
  };
}

function invalidUtf8(file: string, bytes: Buffer): Problem {
  const offset = findInvalidByte(bytes);
  const start = offset === 0 ? 0 : bytes.lastIndexOf(0x0a, offset - 1) + 1;
  const newline = bytes.indexOf(0x0a, offset);
  const before = bytes.toString('utf8', start, offset);
  const line = before + bytes.toString('utf8', offset, newline < 0 ? bytes.length : newline);
  return {
    code: 'invalid-text',
    message: `invalid UTF-8 at byte offset ${offset} of ${file}`,
    location: {
      file,
      line: countNewlines(bytes, start) + 1,
      column: countCharacters(before, 0, before.length) + 1,
      ...cutLine(line, { start: 0, end: line.endsWith('\r') ? line.length - 1 : line.length }, before.length),
    },
    help: 'Save the file as UTF-8.',
  };
}

/** Decoding puts U+FFFD where bytes are invalid; a U+FFFD written in the file is the three bytes EF BF BD. */
function findInvalidByte(bytes: Buffer): number {
  const text = bytes.toString('utf8');
  let offset = 0;
  let from = 0;
  for (let at = text.indexOf('\ufffd'); at >= 0; at = text.indexOf('\ufffd', from)) {
    offset += Buffer.byteLength(text.slice(from, at));
    const isWritten = bytes[offset] === 0xef && bytes[offset + 1] === 0xbf && bytes[offset + 2] === 0xbd;
    if (!isWritten) return offset;
    offset += 3;
    from = at + 1;
  }
  return offset;
}

function countLines(text: string, end: number): number {
  let lines = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}

function countNewlines(bytes: Buffer, end: number): number {
  let lines = 0;
  for (let at = bytes.indexOf(0x0a); at >= 0 && at < end; at = bytes.indexOf(0x0a, at + 1)) lines++;
  return lines;
}
