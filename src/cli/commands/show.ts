/** `kat show` */

import { KatError } from '../../errors.js';
import type { MigrationDetails } from '../../index.js';
import type { CommandSpec } from '../command.js';
import { flagError } from '../flag-error.js';
import { withProject } from '../open-project.js';
import { formatDetails } from '../output/show-text.js';

interface ShowFlags {
  up?: boolean;
  down?: boolean;
  offline?: boolean;
}

export const show: CommandSpec<'show', ShowFlags> = {
  name: 'show',
  description:
    'Shows state, parents, children, files, SQL and history of one migration, also when its folder is missing. If the database cannot be reached, Kat warns and shows only the folder. --up and --down print only the SQL file. Changes nothing.',
  arguments: [
    {
      name: '<migration>',
      description:
        'id, timestamp, name or prefix; `head`; `+N` the Nth to be applied, `-N` the Nth to be rolled back',
    },
  ],
  options: [
    { flags: '--up', description: 'print only up.sql' },
    { flags: '--down', description: 'print only down.sql' },
    { flags: '--offline', description: 'do not connect to the database' },
  ],
  examples: [
    { command: 'kat show create_posts', explanation: 'show everything known about this migration' },
    { command: 'kat show create_posts --down', explanation: 'print the SQL of its rollback' },
    { command: 'kat show create_posts --offline', explanation: 'show only the contents of the folder' },
  ],
  run: async (context, { up = false, down = false, offline = false }, [reference = '']) => {
    if (up && down) {
      const help = 'Give one of them, or neither for everything.';
      throw flagError('show', '--up and --down do not go together', help);
    }
    return withProject(context, { isOffline: offline, hasOfflineFlag: true }, async ({ kat }) => {
      const details = await kat.show(reference, { offline });
      const screen = { style: context.style, columns: process.stdout.columns, cwd: context.cwd };
      if (up || down) context.writeExact(sqlOf(details, up ? 'up' : 'down'));
      else context.write(formatDetails(details, screen));
      return { document: { ...details } };
    });
  },
};

/** @throws KatError FILES_INVALID when there is none. */
function sqlOf({ id, up, down, storedDown }: MigrationDetails, direction: 'up' | 'down'): string {
  const sql = direction === 'up' ? up : (storedDown ?? down);
  if (sql !== undefined) return sql;
  const file = direction === 'up' ? 'up.sql' : 'down.sql';
  throw new KatError('FILES_INVALID', `there is no ${file} of ${id}`, {
    help: 'Leave the flag out to see what is known of this migration.',
  });
}
