/** Reads sqlx's folder: `1_users.sql`, or `1_users.up.sql` and `1_users.down.sql`. */

import type { ImportAdapter } from '../adapter.js';
import { hashedAs } from '../applied-text.js';
import { leaveOut, warnOfSharedMode } from '../markers.js';
import { chain, looksLikeSql, type SourceFolder, type SourceMigration, type SourceText } from '../source.js';
import { appliedAt, rowChecksum, timeColumn } from '../tracking-table.js';
import { type Half, pairHalves, parseHalf, readPair } from '../up-down-files.js';

export const sqlx: ImportAdapter = {
  read: readSqlx,
  table: {
    name: '_sqlx_migrations',
    columns: ['version', 'installed_on', 'success'],
    query: (has) => ({
      select: [
        ...['version::text AS version', 'success', timeColumn('installed_on')],
        has('checksum') ? "pg_catalog.encode(checksum, 'hex') AS checksum" : 'NULL AS checksum',
      ],
      orderBy: 'installed_on, version',
    }),
    read: (rows) => ({
      applied: rows.map(({ version, installed_on: time, checksum }) => ({
        keys: [version ?? ''],
        label: version ?? '',
        ...appliedAt(time),
        ...rowChecksum(checksum),
      })),
      problems: rows
        .filter(({ success }) => success !== 't')
        .map(({ version }) => failedProblem(version ?? '')),
    }),
  },
};

type Unchained = Omit<SourceMigration, 'parents'>;

const simpleName = /^(\d+)_(.*)\.sql$/;

/** In the order of the numbers. */
function readSqlx(folder: SourceFolder): SourceMigration[] {
  const halves = folder.files.flatMap((file) => readName(folder, file) ?? []);
  const migrations = pairHalves(folder, halves, 'sqlx').flatMap(([key, pair]) => {
    const migration = readPair(folder, pair, key);
    return migration ? withMode(folder, migration) : [];
  });
  return chain(migrations);
}

function readName(folder: SourceFolder, file: string): Half | undefined {
  const half = parseHalf(file);
  if (half) return half;
  const [, number, name = ''] = simpleName.exec(file) ?? [];
  if (number) return { file, number, name, direction: 'up' };
  if (looksLikeSql(file)) leaveOut(folder, file, 'its name is not <number>_<name>.sql');
  return undefined;
}

function withMode(folder: SourceFolder, migration: Unchained): Unchained {
  const { up, down, label } = migration;
  const noTransaction = leavesTransaction(up);
  if (down && noTransaction && !leavesTransaction(down)) warnOfSharedMode(folder, down, { label });
  return { ...migration, noTransaction, isAppliedText: hashedAs('sha384', up.text) };
}

/** sqlx looks at the very first characters of a file. */
function leavesTransaction({ text }: SourceText): boolean {
  return text.startsWith('-- no-transaction');
}

function failedProblem(version: string) {
  return {
    message: `version ${version} did not succeed, and sqlx runs nothing until it is resolved`,
    help: 'Correct the database, then correct or delete the row of that version.',
  };
}
