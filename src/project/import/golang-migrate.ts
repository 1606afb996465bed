/** Reads golang-migrate's folder: `1_users.up.sql` and `1_users.down.sql`. */

import { leaveOut } from './markers.js';
import { chain, looksLikeSql, type SourceFolder, type SourceMigration } from './source.js';
import { type Half, pairHalves, parseHalf, readPair } from './up-down-files.js';

/** In the order of the numbers. */
export function readGolangMigrate(folder: SourceFolder): SourceMigration[] {
  const halves = folder.files.flatMap((file) => readName(folder, file) ?? []);
  const pairs = pairHalves(folder, halves, 'golang-migrate');
  return chain(pairs.flatMap(([key, pair]) => readPair(folder, pair, key) ?? []));
}

function readName(folder: SourceFolder, file: string): Half | undefined {
  const half = parseHalf(file);
  if (!half && looksLikeSql(file)) leaveOut(folder, file, 'its name is not <number>_<name>.up.sql');
  return half;
}
