/** `kat down` */

import type { CommandSpec } from '../command.js';
import { named } from '../named.js';
import { wholeNumber } from '../numbers.js';
import { cautionOptions, dryRunOption, type RunFlags, runCommand } from './run.js';

interface DownFlags extends RunFlags {
  count?: number;
  to?: string;
  all?: boolean;
}

export const down: CommandSpec<'down', DownFlags> = {
  name: 'down',
  description:
    'Rolls back the latest applied migrations. Each rollback runs in a transaction of its own, together with its row in the tracking table. A migration is never rolled back while a descendant is applied. `kat down`, `kat down -3` and `--count` run without confirmation, unless the rollback destroys data or undoes a squashed migration. All other forms show the plan and ask. A rollback destroys data if it drops or empties a table or column with data, overwrites the values of a column, deletes rows through foreign keys (ON DELETE CASCADE), or changes rows of a table whose triggers or rules delete rows. Rows that the migrations themselves inserted do not count, unless a migration moved them from another table, or nobody can read what it did: a program, a missing folder, an edited up.sql. Copied rows count as moved if a later migration has deleted, dropped or overwritten rows, even if it was rolled back since. Kat looks again when the rollback holds its locks, and asks about data that was added meanwhile. If another run changes the latest migrations while Kat waits for it, Kat rolls back nothing. If a folder is missing or its up.sql was edited, Kat uses the down.sql that was stored when the migration was applied.',
  arguments: [
    {
      name: '[migrations...]',
      description:
        'roll back these migrations and their applied descendants: id, timestamp, name or prefix; `-3` for the last three',
    },
  ],
  options: [
    {
      flags: '-n, --count <number>',
      description: 'how many migrations to roll back (default: 1)',
      parse: wholeNumber(1),
    },
    {
      flags: '--to <migration>',
      description: 'roll back all migrations applied after this one; `base` for all',
    },
    { flags: '--all', description: 'roll back all migrations' },
    dryRunOption('rolled back'),
    ...cautionOptions,
  ],
  examples: [
    { command: 'kat down', explanation: 'roll back the migration that was applied last' },
    { command: 'kat down --count 3', explanation: 'roll back the last three' },
    {
      command: 'kat down create_posts',
      explanation: 'roll back this migration and its descendants',
    },
    { command: 'kat down --to create_posts', explanation: 'roll back all migrations applied after this one' },
    { command: 'kat down --dry-run', explanation: 'see what would be rolled back, with the SQL checked' },
  ],
  run: (context, { count, to, all, ...flags }, of) =>
    runCommand(context, 'down', flags, (kat, manner) =>
      kat.down({ count, to, of: named(of), all, ...manner }),
    ),
};
