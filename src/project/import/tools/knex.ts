/** Knex: programs, which Kat cannot run, or SQL that people put in their places. */

import type { ImportAdapter } from '../adapter.js';
import { reportFile } from '../markers.js';
import { chain, type SourceFolder, type SourceMigration, writtenDown } from '../source.js';
import { appliedAt, timeColumn } from '../tracking-table.js';
import { listPrograms, type ProgramFiles } from './program-files.js';

export const knex: ImportAdapter = {
  read: (folder) => chain(listPrograms(folder).flatMap((files) => readFiles(folder, files))),
  table: {
    name: 'knex_migrations',
    columns: ['name', 'migration_time'],
    query: () => ({ select: ['name', timeColumn('migration_time')], orderBy: 'id' }),
    read: (rows) => ({
      applied: rows.map(({ name, migration_time: time }) => ({
        keys: [(name ?? '').replace(/\.[cm]?[jt]s$/, '')],
        label: name ?? '',
        ...appliedAt(time),
      })),
      problems: [],
    }),
  },
};

type Unchained = Omit<SourceMigration, 'parents'>;

function readFiles(folder: SourceFolder, { stem, program, up: file, down }: ProgramFiles): Unchained[] {
  if (file === undefined) {
    reportFile(folder, program ?? down ?? stem, refusal(stem, program));
    return [];
  }
  const up = folder.read(file);
  const back = down && folder.read(down);
  const [, number = '', name = ''] = /^(\d+)_?(.*)$/.exec(stem) ?? [];
  return up
    ? [{ key: stem, label: file, name, number, up, ...writtenDown(back || undefined), noTransaction: false }]
    : [];
}

function refusal(stem: string, program: string | undefined) {
  if (program === undefined)
    return { message: `there is no ${stem}.up.sql`, help: 'Bring the missing file back.' };
  return {
    message: `${program} is a program, which Kat cannot run`,
    help: `Put its SQL into ${stem}.up.sql and ${stem}.down.sql, in a copy of the folder: \`DEBUG=knex:query knex migrate:up\` prints what it runs. To begin with the database as it is, use \`kat baseline\`.`,
  };
}
