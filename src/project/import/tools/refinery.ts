/** refinery: `V1__users.sql` and `U2__posts.sql`, also in folders below, and a table with a row for each version. */

import { basename } from 'node:path';
import { canonicalTimestamp } from '../../../graph/migration.js';
import type { ImportAdapter } from '../adapter.js';
import { leaveOut, reportFile } from '../markers.js';
import { compareDigits } from '../numbers.js';
import { chain, looksLikeSql, type SourceFolder, type SourceMigration } from '../source.js';
import { listFilesBelow } from '../source-folder.js';
import { appliedAt, timeColumn } from '../tracking-table.js';

export const refinery: ImportAdapter = {
  read: readRefinery,
  table: {
    name: 'refinery_schema_history',
    columns: ['version', 'name', 'applied_on', 'checksum'],
    query: () => ({
      select: ['version::text AS version', 'name', timeColumn('applied_on')],
      orderBy: 'applied_on, version',
    }),
    // One version with another name is another migration: refinery refuses to go on from there.
    read: (rows) => ({
      applied: rows.map(({ version, name, applied_on: time }) => ({
        keys: [`${version}__${name}`],
        label: `${version}__${name}`,
        ...appliedAt(time),
      })),
      problems: [],
    }),
  },
};

type Unchained = Omit<SourceMigration, 'parents'>;

const fileName = /^[UV](\d+)__(\w+)\.(sql|rs)$/;

/** In the order of the versions, which both letters share. */
function readRefinery(folder: SourceFolder): SourceMigration[] {
  const paths = listFilesBelow(folder.root).sort();
  const migrations = paths.flatMap((path) => readFile(folder, path));
  return chain(migrations.sort((a, b) => compareDigits(a.key, b.key)));
}

function readFile(folder: SourceFolder, path: string): Unchained[] {
  const [, digits, name = '', kind] = fileName.exec(basename(path)) ?? [];
  if (digits === undefined) {
    if (looksLikeSql(path)) leaveOut(folder, path, 'its name is not V<number>__<name>.sql');
    return [];
  }
  if (kind === 'rs') return refuseRust(folder, path);
  const up = folder.read(path);
  const number = canonicalTimestamp(digits);
  const aliases = [`${number}__${name}`];
  return up ? [{ key: number, aliases, label: path, name, number, up, noTransaction: false }] : [];
}

function refuseRust(folder: SourceFolder, path: string): [] {
  reportFile(folder, path, {
    message: `${path} is written in Rust, which Kat cannot run`,
    help: 'Put a file of the same name with .sql in its place, in a copy of the folder, with the SQL that it makes.',
  });
  return [];
}
