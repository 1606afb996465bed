/** Reads the folder `supabase/migrations` of the Supabase CLI: `20240105093000_create_users.sql`. */

import type { ImportAdapter } from '../adapter.js';
import { leaveOut } from '../markers.js';
import { chain, looksLikeSql, type SourceFolder, type SourceMigration } from '../source.js';
import { everyRow } from '../tracking-table.js';

export const supabase: ImportAdapter = {
  read: readSupabase,
  table: {
    name: 'supabase_migrations.schema_migrations',
    columns: ['version'],
    query: () => ({ select: ['version::text AS version'], orderBy: 'version' }),
    read: everyRow('version'),
  },
};

type Unchained = Omit<SourceMigration, 'parents'>;

const fileName = /^(\d+)_(.*)\.sql$/;

/** In the order of the file names. */
function readSupabase(folder: SourceFolder): SourceMigration[] {
  return chain(folder.files.flatMap((file) => readFile(folder, file) ?? []));
}

function readFile(folder: SourceFolder, file: string): Unchained | undefined {
  const [, key, name = ''] = fileName.exec(file) ?? [];
  if (!key) {
    if (looksLikeSql(file)) leaveOut(folder, file, 'its name is not <timestamp>_<name>.sql');
    return undefined;
  }
  if (isOldInit(folder, file)) {
    leaveOut(folder, file, 'the Supabase CLI does not run a first migration `init` of its early versions');
    return undefined;
  }
  const up = folder.read(file);
  return up && { key, label: file, name, number: key, up, noTransaction: false };
}

/** The schema that early versions dumped; the Supabase CLI skips it where it is the first entry of the folder. */
function isOldInit({ files, folders }: SourceFolder, file: string): boolean {
  const [first] = [...files.slice(0, 1), ...folders.slice(0, 1)].sort();
  const timestamp = /(\d{14})_init\.sql/.exec(file)?.[1];
  return file === first && timestamp !== undefined && timestamp < '20211209000000';
}
