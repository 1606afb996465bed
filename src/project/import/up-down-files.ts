/** Pairs files such as `1_users.up.sql` and `1_users.down.sql`. */

import { canonicalTimestamp } from '../../graph/migration.js';
import { reportFile, reportMarker } from './markers.js';
import { compareDigits } from './numbers.js';
import { type SourceFolder, type SourceMigration, type SourceText, writtenDown } from './source.js';

interface Script {
  file: string;
  number: string;
  name: string;
}

/** A file that does one direction of a migration. */
export interface Half extends Script {
  direction: 'up' | 'down';
}

/** The halves of one migration. */
export interface Pair {
  up?: Script;
  down?: Script;
}

const fileName = /^(\d+)_(.*)\.(up|down)\.sql$/;

/** @returns undefined when `file` is no half of a pair. */
export function parseHalf(file: string): Half | undefined {
  const match = fileName.exec(file);
  if (!match) return undefined;
  const [, number = '', name = '', direction] = match;
  return { file, number, name, direction: direction as Half['direction'] };
}

/**
 * Puts the halves of each number together, in the order of the numbers. Two halves of one direction and number are a
 * problem.
 * @param tool that the folder belongs to, which refuses such a folder, too.
 */
export function pairHalves(folder: SourceFolder, halves: readonly Half[], tool: string): [string, Pair][] {
  const pairs = new Map<string, Pair>();
  for (const { direction, ...script } of halves) {
    const key = canonicalTimestamp(script.number);
    const pair = pairs.get(key) ?? {};
    const earlier = pair[direction];
    if (earlier) {
      reportFile(folder, script.file, {
        message: `${earlier.file} and ${script.file} have the same number`,
        help: `${tool} refuses this folder, too: give each migration a number of its own.`,
      });
    }
    pairs.set(key, { ...pair, [direction]: script });
  }
  return [...pairs].sort(([a], [b]) => compareDigits(a, b));
}

/** @returns nothing when there is no way up, which is then among the problems. */
export function readPair(
  folder: SourceFolder,
  { up, down }: Pair,
  key: string,
): Omit<SourceMigration, 'parents'> | undefined {
  const downText = down && folder.read(down.file);
  if (!up) return downText && missingUp(folder, downText, down.file);
  const upText = folder.read(up.file);
  return (
    upText && {
      key,
      label: up.file,
      name: up.name,
      number: up.number,
      up: upText,
      ...writtenDown(downText),
      noTransaction: false,
    }
  );
}

function missingUp(folder: SourceFolder, source: SourceText, file: string): undefined {
  return reportMarker(folder, source, {
    message: `${file} has no ${file.replace(/\.down\.sql$/, '.up.sql')} beside it`,
    help: 'Restore the missing file, or delete this one.',
  });
}
