/** Reads golang-migrate's folder: `1_users.up.sql` and `1_users.down.sql`. */

import { canonicalTimestamp } from '../../graph/migration.js';
import { leaveOut, reportFile } from './markers.js';
import { compareDigits } from './numbers.js';
import { chain, looksLikeSql, type SourceFolder, type SourceMigration } from './source.js';
import { type Pair, parseHalf, readPair } from './up-down-files.js';

/** In the order of the numbers. */
export function readGolangMigrate(folder: SourceFolder): SourceMigration[] {
  const pairs = new Map<string, Pair>();
  for (const file of folder.files) {
    const half = parseHalf(file);
    if (half) addHalf(folder, pairs, half);
    else if (looksLikeSql(file)) leaveOut(folder, file, 'its name is not <number>_<name>.up.sql');
  }
  const keys = [...pairs.keys()].sort(compareDigits);
  return chain(keys.flatMap((key) => readPair(folder, pairs.get(key) ?? {}, key) ?? []));
}

function addHalf(
  folder: SourceFolder,
  pairs: Map<string, Pair>,
  half: NonNullable<ReturnType<typeof parseHalf>>,
): void {
  const key = canonicalTimestamp(half.number);
  const pair = pairs.get(key) ?? {};
  const earlier = pair[half.direction];
  if (earlier) {
    reportFile(folder, half.file, {
      message: `${earlier.file} and ${half.file} have the same number`,
      help: 'golang-migrate refuses this folder, too: give each migration a number of its own.',
    });
  }
  pairs.set(key, { ...pair, [half.direction]: half });
}
