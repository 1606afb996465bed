/** Cuts the line of a place out of its text, without passwords: whole, or the part around the place where the line is long. */

import { findNamed } from './named-secrets.js';
import { maskSecrets } from './secrets.js';

/** A line as a location has it. */
export interface CutLine {
  sourceLine: string;
  sourceColumn?: number;
}

/** In UTF-16 units. Generated SQL may have a hundred megabytes in one line. */
const mostUnits = 400;

/** Passwords are looked for so far before and behind the place: one at the cut must be seen whole to be masked. */
const maskedUnits = 2_000;

/**
 * @param line where it starts and ends in `text`.
 * @param index the place in `text`, in UTF-16 units.
 */
export function cutLine(text: string, line: { start: number; end: number }, index: number): CutLine {
  const at = Math.min(Math.max(index, line.start), line.end);
  const named = maskAround(text, line, at);
  const shown = maskLine(named.text, named.index);
  const isWhole = line.end - line.start <= mostUnits && shown.text === text.slice(line.start, line.end);
  return isWhole ? { sourceLine: shown.text } : cutAround(shown);
}

/** @returns the part of the line around the place, without passwords whose name may be in another line. */
function maskAround(text: string, line: { start: number; end: number }, at: number): MaskedLine {
  const before = Math.max(0, at - maskedUnits);
  const start = wholeCharacter(text, Math.max(line.start, before));
  const end = wholeCharacter(text, Math.min(line.end, at + maskedUnits));
  const shown = { text: '', index: at - start };
  let done = start;
  for (const secret of findNamed(text.slice(before, at + maskedUnits))) {
    const [from, to] = [Math.max(before + secret.start, start), Math.min(before + secret.end, end)];
    if (from >= to) continue;
    shown.text += text.slice(done, from) + secret.shown;
    done = to;
    if (at >= to) shown.index = shown.text.length + at - to;
    else if (at > from) shown.index = shown.text.length;
  }
  shown.text += text.slice(done, end);
  return shown;
}

function cutAround({ text, index }: MaskedLine): CutLine {
  const start = Math.max(0, Math.min(index - mostUnits / 2, text.length - mostUnits));
  const from = wholeCharacter(text, start);
  const to = wholeCharacter(text, Math.min(text.length, start + mostUnits));
  return { sourceLine: text.slice(from, to), sourceColumn: [...text.slice(from, index)].length + 1 };
}

/** A line without passwords, and the place in it. */
interface MaskedLine {
  text: string;
  /** In UTF-16 units. */
  index: number;
}

/** A noncharacter, which finds the place again. */
const marker = '\u{10ffff}';

/**
 * @param index the place in UTF-16 units.
 * @returns the place behind the mask, if it was within a password.
 */
export function maskLine(line: string, index: number): MaskedLine {
  const text = maskSecrets(line);
  if (text === line) return { text, index };
  const before = line.slice(0, index);
  const marked = maskSecrets(before + marker + line.slice(index));
  const found = marked.indexOf(marker);
  const isFound = found >= 0 && marked.slice(0, found) + marked.slice(found + marker.length) === text;
  return { text, index: isFound ? found : Math.min(maskSecrets(before).length, text.length) };
}

/** The index, or the one before it where it would split a surrogate pair. */
function wholeCharacter(text: string, index: number): number {
  return /^[\udc00-\udfff]/.test(text.slice(index, index + 1)) ? index - 1 : index;
}
