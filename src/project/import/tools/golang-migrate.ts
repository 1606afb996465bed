/** Reads golang-migrate's folder: `1_users.up.sql` and `1_users.down.sql`. */

import type { ImportAdapter } from '../adapter.js';
import { leaveOut } from '../markers.js';
import { chain, looksLikeSql, type SourceFolder, type SourceMigration } from '../source.js';
import { appliedThrough } from '../tracking-table.js';
import { type Half, pairHalves, parseHalf, readPair } from '../up-down-files.js';

export const golangMigrate: ImportAdapter = {
  read: readGolangMigrate,
  table: {
    name: 'schema_migrations',
    columns: ['version', 'dirty'],
    query: () => ({ select: ['version::text AS version', 'dirty'], orderBy: 'version' }),
    read: (rows, migrations) => {
      const row = rows.at(-1);
      const version = row?.version ?? '';
      if (row?.dirty === 't') return { applied: [], problems: [dirtyProblem(version)] };
      // -1 is written when everything was taken back.
      if (!row || version.startsWith('-')) return { applied: [], problems: [] };
      return { applied: appliedThrough(version, migrations), problems: [] };
    },
  },
};

/** In the order of the numbers. */
function readGolangMigrate(folder: SourceFolder): SourceMigration[] {
  const halves = folder.files.flatMap((file) => readName(folder, file) ?? []);
  const pairs = pairHalves(folder, halves, 'golang-migrate');
  return chain(pairs.flatMap(([key, pair]) => readPair(folder, pair, key) ?? []));
}

function readName(folder: SourceFolder, file: string): Half | undefined {
  const half = parseHalf(file);
  if (!half && looksLikeSql(file)) leaveOut(folder, file, 'its name is not <number>_<name>.up.sql');
  return half;
}

function dirtyProblem(version: string) {
  return {
    message: `version ${version} is dirty: its migration failed, and its final state is not recorded`,
    help: 'Correct the database, then run `migrate force <version>`.',
  };
}
