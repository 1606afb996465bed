/** TypeORM: classes whose methods run nothing but SQL are read; of other programs people put the SQL in their places. */

import type { ImportAdapter } from '../adapter.js';
import { reportFile } from '../markers.js';
import { chain, type SourceFolder, type SourceMigration, writtenDown } from '../source.js';
import { everyRow } from '../tracking-table.js';
import { listPrograms, type ProgramFiles } from './program-files.js';
import { readQueries } from './typeorm-class.js';

export const typeorm: ImportAdapter = {
  read: readTypeorm,
  table: {
    name: 'migrations',
    columns: ['timestamp', 'name'],
    query: () => ({ select: ['name'], orderBy: 'id' }),
    read: everyRow('name'),
  },
};

type Unchained = Omit<SourceMigration, 'parents'>;

/** In the order of the numbers in the names of the classes. */
function readTypeorm(folder: SourceFolder): SourceMigration[] {
  const migrations = listPrograms(folder).flatMap((files) => readFiles(folder, files));
  return chain(migrations.sort((a, b) => Number(a.number) - Number(b.number)));
}

function readFiles(folder: SourceFolder, files: ProgramFiles): Unchained[] {
  return files.up === undefined ? readProgram(folder, files) : readSql(folder, files, files.up);
}

function readSql(folder: SourceFolder, { stem, down }: ProgramFiles, file: string): Unchained[] {
  const up = folder.read(file);
  const back = down && folder.read(down);
  const [, number = '', name = ''] = /^(\d+)-?(.*)$/.exec(stem) ?? [];
  const parts = { ...writtenDown(back || undefined), noTransaction: false };
  return up ? [{ key: `${name}${number}`, label: file, name, number, up, ...parts }] : [];
}

function readProgram(folder: SourceFolder, { stem, program, down }: ProgramFiles): Unchained[] {
  const file = program ?? down ?? stem;
  const source = folder.read(file);
  const queries = source && readQueries(source);
  const [, name = '', number = ''] = /^(.*?)(\d{13})$/.exec(queries?.className ?? '') ?? [];
  if (!source) return [];
  if (queries?.up && number !== '') {
    const { className, up, down: back, noTransaction } = queries;
    return [{ key: className, label: file, name, number, up, ...writtenDown(back), noTransaction }];
  }
  reportFile(folder, file, {
    message: `${file} does more than to run SQL, which Kat cannot do`,
    help: `Put its SQL into ${stem}.up.sql and ${stem}.down.sql, in a copy of the folder: \`typeorm migration:run\` prints it with \`logging: true\`. To begin with the database as it is, use \`kat baseline\`.`,
  });
  return [];
}
