/** Converts offsets in a text into line, column and the line's text. */

import type { SourceLocation } from '../../errors.js';
import { type CutLine, cutLine } from '../../source-line.js';

/** A place in a text. Lines and columns count from 1; columns count characters. */
export interface TextPlace {
  line: number;
  column: number;
}

/** A place with the text of its line, without passwords. */
export type TextPosition = TextPlace & CutLine;

/** The same as `indexPlaces`, with the line's text. */
export function indexLines(text: string): (index: number) => TextPosition {
  const lines = findLines(text);
  const placeOf = placesIn(text, lines);
  return (index) => {
    const place = placeOf(index);
    const [start, end] = [lines.starts[place.line - 1] as number, lines.ends[place.line - 1] as number];
    return { ...place, ...cutLine(text, { start, end }, clampIndex(text, index)) };
  };
}

/**
 * Prepares a text for many lookups: one pass now, then O(log lines) each; ascending lookups in one long line don't
 * count its characters again.
 * @returns a function from a UTF-16 index to its place; an index outside the text counts as its nearest end.
 */
export function indexPlaces(text: string): (index: number) => TextPlace {
  return placesIn(text, findLines(text));
}

function placesIn(text: string, { starts }: { starts: number[] }): (index: number) => TextPlace {
  let last = { start: 0, index: 0, column: 1 };
  return (index) => {
    const target = clampIndex(text, index);
    const line = countUpTo(starts, target);
    const start = starts[line - 1] as number;
    const from = last.start === start && last.index <= target ? last : { index: start, column: 1 };
    last = { start, index: target, column: from.column + countCharacters(text, from.index, target) };
    return { line, column: last.column };
  };
}

function clampIndex(text: string, index: number): number {
  return Math.min(Math.max(index, 0), text.length);
}

/** The place of the character at UTF-16 index `index` of `text`. For one lookup; for many use `indexLines`. */
export function locate(text: string, index: number, file: string): SourceLocation {
  return { file, ...indexLines(text)(index) };
}

/**
 * PostgreSQL counts characters, JavaScript counts UTF-16 units: an emoji is one of the former and two of the latter.
 * @param position in characters, counted from 1 as the server counts them.
 * @returns the UTF-16 index; the text's length for a position behind its end.
 */
export function indexOfCharacter(text: string, position: number): number {
  let index = 0;
  for (let character = 1; character < position && index < text.length; character += 1) {
    index += unitsAt(text, index);
  }
  return index;
}

/** As libpq counts lines for its own `LINE n:`, a lone carriage return ends a line too (fe-protocol3.c, reportErrorPosition). */
function findLines(text: string): { starts: number[]; ends: number[] } {
  const starts = [0];
  const ends: number[] = [];
  for (const lineEnd of text.matchAll(/\r\n|\r|\n/g)) {
    ends.push(lineEnd.index);
    starts.push(lineEnd.index + lineEnd[0].length);
  }
  ends.push(text.length);
  return { starts, ends };
}

/** How many of the ascending numbers are not greater than `limit`, by bisection. */
function countUpTo(ascending: readonly number[], limit: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] as number) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

function countCharacters(text: string, start: number, end: number): number {
  let count = 0;
  for (let index = start; index < end; index += unitsAt(text, index)) count += 1;
  return count;
}

function unitsAt(text: string, index: number): number {
  return (text.codePointAt(index) as number) > 0xffff ? 2 : 1;
}
