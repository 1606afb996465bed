/** Cuts the line of a place out of its text: whole, or the part around the place where the line is long. */

/** A line as a location has it. */
export interface CutLine {
  sourceLine: string;
  sourceColumn?: number;
}

/** In UTF-16 units. Generated SQL may have a hundred megabytes in one line. */
const mostUnits = 400;

/**
 * @param line where it starts and ends in `text`.
 * @param index the place in `text`, in UTF-16 units.
 */
export function cutLine(text: string, line: { start: number; end: number }, index: number): CutLine {
  const { start, end } = line;
  if (end - start <= mostUnits) return { sourceLine: text.slice(start, end) };
  const at = Math.min(Math.max(index, start), end);
  const from = wholeCharacter(text, Math.max(start, Math.min(at - mostUnits / 2, end - mostUnits)));
  const to = wholeCharacter(text, Math.min(end, from + mostUnits));
  return { sourceLine: text.slice(from, to), sourceColumn: [...text.slice(from, at)].length + 1 };
}

/** The index, or the one before it where it would split a surrogate pair. */
function wholeCharacter(text: string, index: number): number {
  return /^[\udc00-\udfff]/.test(text.slice(index, index + 1)) ? index - 1 : index;
}
