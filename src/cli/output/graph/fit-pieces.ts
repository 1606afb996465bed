/** Joins coloured pieces to a line that fits the terminal. */

import { takeColumns, textWidth } from '../../../graph/draw/text-width.js';

export interface Piece {
  text: string;
  /** Default no colour. */
  paint?: (text: string) => string;
}

/** In columns. */
export function widthOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { text }) => sum + textWidth(text), 0);
}

/**
 * @param columns the terminal's width; undefined cuts nothing.
 * @param ellipsis the end of a line that is cut.
 */
export function fitPieces(pieces: readonly Piece[], columns: number | undefined, ellipsis = '…'): string {
  const length = widthOf(pieces);
  const isCut = columns !== undefined && length > columns;
  let left = isCut ? Math.max(0, columns - textWidth(ellipsis)) : length;
  const kept = pieces.map(({ text, paint = (plain: string) => plain }) => {
    const part = takeColumns(text, left);
    left -= textWidth(part);
    return part === '' ? '' : paint(part);
  });
  return `${kept.join('')}${isCut ? ellipsis : ''}`;
}
