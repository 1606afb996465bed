/** `kat sync` */

import type { CommandSpec } from '../command.js';
import { cautionOptions, dryRunOption, type RunFlags, runCommand } from './run.js';

export const sync: CommandSpec<'sync', RunFlags & { modified?: boolean }> = {
  name: 'sync',
  description:
    'Rolls back applied migrations that have no folder on this branch, with the down.sql that was stored when they were applied. This drops the objects they created, with all rows. Then applies pending migrations. Kat shows the plan and asks for confirmation before any rollback. Refuses to roll back a migration whose folder was only renamed, or that another application recorded in the same table. Use it in development only: in production it can drop tables that other versions of the code need.',
  options: [
    { flags: '--modified', description: 'also redo migrations that were edited after they were applied' },
    dryRunOption('done'),
    ...cautionOptions,
  ],
  examples: [
    { command: 'kat sync', explanation: 'after `git switch`: make the database match this branch' },
    {
      command: 'kat sync --modified --yes',
      explanation: 'also redo edited migrations, without confirmation',
    },
  ],
  run: (context, { modified, ...flags }) =>
    runCommand(context, 'sync', flags, (kat, manner) => kat.sync({ modified, ...manner })),
};
