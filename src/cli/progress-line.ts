/** Shows on a terminal how far a long command is, in one line that is written again and again. */

import { terminalText } from './output/style.js';
import { writeTo } from './outputs.js';

export interface ProgressLine {
  /** Replaces the line. */
  show(text: string): void;
  /** Removes the line, so that other output can follow. */
  clear(): void;
}

/** To the beginning of the line, and erase it to its end (ECMA-48: CR, EL). */
const erase = '\r\u001b[K';

/** A line that does not fit would be left behind. */
const usualColumns = 80;

/** @returns one that shows nothing where the stream is no terminal, or `isOff`. */
export function createProgressLine(
  stream: typeof process.stderr,
  { isOff }: { isOff: boolean },
): ProgressLine {
  const isShown = !isOff && Boolean(stream.isTTY) && process.env.TERM !== 'dumb';
  let isThere = false;
  return {
    show: (text) => {
      if (!isShown) return;
      const columns = (stream.columns ?? usualColumns) - 1;
      writeTo(stream, erase + [...terminalText(text)].slice(0, columns).join(''));
      isThere = true;
    },
    clear: () => {
      if (isThere) writeTo(stream, erase);
      isThere = false;
    },
  };
}
