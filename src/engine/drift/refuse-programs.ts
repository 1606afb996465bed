/** Refuses to build a schema from migrations that are programs: only a run, a rehearsal and a proof may execute them. */

import { KatError } from '../../errors.js';
import { countedAre } from '../../graph/counted.js';
import { isProgram, type Migration } from '../../graph/migration.js';
import { wholeFile } from '../../project/source-text.js';

/** @throws KatError USAGE */
export function refusePrograms(migrations: readonly Pick<Migration, 'id' | 'files'>[]): void {
  const programs = migrations.filter(({ files }) => isProgram(files.up));
  if (programs.length === 0) return;
  throw new KatError(
    'USAGE',
    `the schema cannot be built: ${countedAre(programs.length, 'migration')} written as ${programs.length === 1 ? 'a program' : 'programs'}`,
    {
      problems: programs.map(({ id, files }) => ({
        message: `${id} is a program, which only up, down, redo, sync and verify run`,
        migration: id,
        location: wholeFile(files.up),
      })),
      help: 'Apply the migrations to a database of your own with `kat up`, and name that database: `kat diff URL`.',
    },
  );
}
