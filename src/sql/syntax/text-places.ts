/** Finds places in a file from libpg-query's locations, which count bytes of UTF-8, in the file itself or in a part of it. */

import type { SourcePosition } from './object-id.js';
import { indexPlaces } from './position.js';

/** From a UTF-16 index to its place in the file. Remembers places that are asked for again. */
export type Placer = (index: number) => SourcePosition;

/** Prepares the file's text for many lookups. */
export function createPlacer(text: string): Placer {
  const positionOf = indexPlaces(text);
  const known = new Map<number, SourcePosition>();
  return (start) => {
    const found = known.get(start);
    if (found) return found;
    const { line, column } = positionOf(start);
    const place = { start, line, column };
    known.set(start, place);
    return place;
  };
}

/** @returns a function from a byte of UTF-8 to the UTF-16 index of the same character. */
export function indexBytes(text: string): (byte: number) => number {
  const marks = findWideCharacters(text);
  if (marks.length === 0) return (byte) => byte;
  return (byte) => {
    let low = 0;
    let high = marks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((marks[middle] as Mark).byte <= byte) low = middle + 1;
      else high = middle;
    }
    const mark = marks[low - 1];
    return mark ? mark.index + (byte - mark.byte) : byte;
  };
}

/** The position behind a character that takes more than one byte. */
interface Mark {
  byte: number;
  index: number;
}

function findWideCharacters(text: string): Mark[] {
  const marks: Mark[] = [];
  let extra = 0;
  for (const match of text.matchAll(/\P{ASCII}/gu)) {
    extra += Buffer.byteLength(match[0]) - match[0].length;
    const index = match.index + match[0].length;
    marks.push({ index, byte: index + extra });
  }
  return marks;
}
