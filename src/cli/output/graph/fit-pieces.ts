/** Joins coloured pieces to a line that fits the terminal. */

export interface Piece {
  text: string;
  /** Default no colour. */
  paint?: (text: string) => string;
}

/** @param columns the terminal's width; undefined cuts nothing. */
export function fitPieces(pieces: readonly Piece[], columns: number | undefined): string {
  const length = pieces.reduce((sum, { text }) => sum + text.length, 0);
  const isCut = columns !== undefined && length > columns;
  let left = isCut ? Math.max(0, columns - 1) : length;
  const kept = pieces.map(({ text, paint = (plain: string) => plain }) => {
    const part = text.slice(0, left);
    left -= part.length;
    return part === '' ? '' : paint(part);
  });
  return `${kept.join('')}${isCut ? '…' : ''}`;
}
