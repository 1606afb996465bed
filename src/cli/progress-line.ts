/** Shows on a terminal how far a long command is, in lines that are written again and again. */

import { takeColumns, textWidth } from '../graph/draw/text-width.js';
import { terminalText } from './output/style.js';
import { writeTo } from './outputs.js';

export interface ProgressLine {
  /** Whether the stream can show anything. */
  readonly isShown: boolean;
  /** Replaces the lines; the cursor must be at the beginning of a line when the first are shown. */
  show(text: string): void;
  /** Removes the lines, so that other output can follow. */
  clear(): void;
}

/** What does not fit would be left behind. */
const usualSize = { columns: 80, rows: 24 };

/** To the beginning of the first line, and erase everything from there on (ECMA-48: CR, CUU, ED, EL). */
function erase(lines: number): string {
  return lines > 1 ? `\r\u001b[${lines - 1}A\u001b[J` : '\r\u001b[K';
}

/** @returns one that shows nothing where the stream is no terminal that a person reads, or `isOff`. */
export function createProgressLine(
  stream: typeof process.stderr,
  { isOff }: { isOff: boolean },
): ProgressLine {
  const { TERM, CI, NO_COLOR } = process.env;
  const isShown = !isOff && Boolean(stream.isTTY) && TERM !== 'dumb' && !CI && !NO_COLOR;
  let shown = 0;
  const clear = () => {
    if (shown > 0) writeTo(stream, erase(shown));
    shown = 0;
  };
  return {
    isShown,
    show: (text) => {
      if (!isShown) return;
      const { columns, rows } = {
        columns: stream.columns || usualSize.columns,
        rows: stream.rows || usualSize.rows,
      };
      const lines = terminalText(text)
        .split('\n')
        .slice(0, rows - 1);
      writeTo(stream, erase(shown) + lines.map((line) => shorten(line, columns - 1)).join('\n'));
      shown = lines.length;
    },
    clear,
  };
}

function shorten(line: string, columns: number): string {
  return textWidth(line) > columns ? `${takeColumns(line, columns - 1)}…` : line;
}
