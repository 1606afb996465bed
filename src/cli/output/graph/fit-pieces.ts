/** Joins coloured pieces to a line that fits the terminal. */

import { takeColumns, textWidth } from '../../../graph/draw/text-width.js';

export interface Piece {
  text: string;
  /** Default no colour. */
  paint?: (text: string) => string;
}

/** @param columns the terminal's width; undefined cuts nothing. */
export function fitPieces(pieces: readonly Piece[], columns: number | undefined): string {
  const length = pieces.reduce((sum, { text }) => sum + textWidth(text), 0);
  const isCut = columns !== undefined && length > columns;
  let left = isCut ? Math.max(0, columns - 1) : length;
  const kept = pieces.map(({ text, paint = (plain: string) => plain }) => {
    const part = takeColumns(text, left);
    left -= textWidth(part);
    return part === '' ? '' : paint(part);
  });
  return `${kept.join('')}${isCut ? '…' : ''}`;
}
