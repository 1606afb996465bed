/** Shows a place in a file: its name, the line, and a caret below the column. */

import { relative } from 'node:path';
import type { SourceLocation } from '../../errors.js';
import { visible } from '../../outside-text.js';
import { maskLine } from '../../source-line.js';

const maxWidth = 100;

/**
 * @param cwd the folder that file names are shown relative to, if they are inside it.
 * @returns lines without indentation.
 */
export function formatLocation(location: SourceLocation, cwd: string): string[] {
  const place = `${shortPath(location.file, cwd)}:${location.line}:${location.column}`;
  if (location.sourceLine === '') return [place];
  const { text, caret } = window(location.sourceLine, location.sourceColumn ?? location.column);
  const gutter = String(location.line);
  return [place, `  ${gutter} | ${text}`, `  ${' '.repeat(gutter.length)} | ${caret}^`];
}

/** Relative where that is shorter to read, absolute elsewhere. */
export function shortPath(file: string, cwd: string): string {
  const path = relative(cwd, file);
  return path === '' || path.startsWith('..') ? file : path;
}

/** A long line is cut so that the column stays in sight; tabs stay tabs so that the caret stays below it. */
function window(line: string, column: number): { text: string; caret: string } {
  const masked = maskLine(line, [...line].slice(0, column - 1).join('').length);
  const characters = [...masked.text];
  const place = [...masked.text.slice(0, masked.index)].length;
  const start = characters.length > maxWidth ? Math.max(0, place - maxWidth / 2) : 0;
  const show = (from: number, to: number) => visible(characters.slice(from, to).join(''));
  const before = show(start, place);
  return { text: before + show(place, start + maxWidth), caret: before.replace(/[^\t]/gu, ' ') };
}
