/** Finds the comment lines by which other tools divide a file. */

import { join } from 'node:path';
import { cut, locateInSource, type SourceFolder, type SourceText } from './source.js';

/** A line that matched. */
export interface Marker {
  /** Of the line. */
  start: number;
  /** Behind the line and its line ending. */
  end: number;
  /** The matches of the pattern's groups. */
  groups: readonly string[];
}

/** @param pattern with the flags `g` and `m`, beginning with `^`. */
export function findMarkers({ text }: SourceText, pattern: RegExp): Marker[] {
  return [...text.matchAll(pattern)].map((match) => {
    const newline = text.indexOf('\n', match.index + match[0].trimEnd().length);
    const end = newline < 0 ? text.length : newline + 1;
    return { start: match.index, end, groups: match.slice(1).map((group) => group ?? '') };
  });
}

/** The part behind `marker` up to the next one, or to the end. */
export function partBehind(source: SourceText, marker: Marker, next?: Marker): SourceText {
  return cut(source, marker.end, next?.start);
}

/** Reports what is wrong at a place of a source. */
export function reportMarker(
  folder: SourceFolder,
  source: SourceText,
  finding: { message: string; help: string; index?: number },
): undefined {
  const { index = 0, ...problem } = finding;
  folder.problems.push({ ...problem, location: locateInSource(source, index) });
}

/** Warns of a difference at a place of a source. */
export function warn(
  folder: SourceFolder,
  source: SourceText,
  finding: { message: string; help?: string; index?: number },
): undefined {
  const { index = 0, ...problem } = finding;
  folder.warnings.push({ ...problem, location: locateInSource(source, index) });
}

/** Warns of a down part that has a transaction in the other tool but none in Kat, because the up part has none. */
export function warnOfSharedMode(
  folder: SourceFolder,
  source: SourceText,
  { label, index = 0 }: { label: string; index?: number },
): void {
  const message = `the rollback of ${label} will run outside of a transaction, as its up part does`;
  warn(folder, source, { message, index });
}

/** Reports what is wrong with a file or folder as a whole. */
export function reportFile(
  { root, problems }: SourceFolder,
  path: string,
  finding: { message: string; help: string },
): void {
  problems.push({ ...finding, location: { ...beginning, file: join(root, path) } });
}

/** Warns that a file is not imported. */
export function leaveOut({ root, warnings }: SourceFolder, path: string, why: string): void {
  const location = { ...beginning, file: join(root, path) };
  warnings.push({ message: `${path} is left out: ${why}`, location });
}

const beginning = { line: 1, column: 1, sourceLine: '' };
