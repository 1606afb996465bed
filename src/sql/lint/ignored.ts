/** Reads the comments that accept findings: `-- kat:ignore RULE[, RULE] reason`. */

import type { Directive } from '../effects/effect.js';
import { parseIgnoredCodes } from '../effects/ignored-codes.js';

/** One such comment. */
export interface IgnoreComment {
  rules: readonly string[];
  /** The reason; empty without one. */
  reason: string;
  /** UTF-16 index of the comment. */
  start: number;
  /** The piece of the file that it is about; undefined means all of it. */
  about: Stretch | undefined;
}

/** A piece of a file, in UTF-16 indices; the end is the first behind it. */
export interface Stretch {
  start: number;
  end: number;
}

/**
 * A comment inside of a statement, behind it on its last line, or right above it is about that statement. One that stands
 * apart, with an empty line behind it, is about the whole file.
 * @param statements in the order of the text
 */
export function readIgnoreComments(
  text: string,
  directives: readonly Directive[],
  statements: readonly Stretch[],
): IgnoreComment[] {
  return directives
    .filter(({ word }) => word === 'ignore')
    .map(({ value, place: { start } }) => {
      const { codes, reason } = parseIgnoredCodes(value);
      return { rules: codes, reason, start, about: findStretch(text, start, statements) };
    });
}

/** Whether one of the comments is about that rule at that place. */
export function findIgnoring(
  comments: readonly IgnoreComment[],
  rule: string,
  at: number,
): IgnoreComment | undefined {
  return comments.find(
    ({ rules, about }) => rules.includes(rule) && (!about || (at >= about.start && at <= about.end)),
  );
}

function findStretch(text: string, comment: number, statements: readonly Stretch[]): Stretch | undefined {
  const around = statements.find(({ start, end }) => start <= comment && comment < end);
  if (around) return around;
  const before = statements.findLast(({ end }) => end <= comment);
  if (before && !text.slice(before.end, comment).includes('\n')) return before;
  const behind = statements.find(({ start }) => start > comment);
  return behind && !/\n[ \t]*\r?\n/.test(text.slice(comment, behind.start)) ? behind : undefined;
}
