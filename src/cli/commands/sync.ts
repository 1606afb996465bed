/** `kat sync` */

import type { CommandSpec } from '../command.js';
import { cautionOptions, dryRunOption, type RunFlags, runCommand } from './run.js';

export const sync: CommandSpec<RunFlags & { modified?: boolean }> = {
  name: 'sync',
  summary: 'Follow a change of branches: roll back what is not here, apply what is',
  description:
    'Rolls back applied migrations that have no folder here, by the SQL that was stored when they were applied, and applies what is pending. Everything else stays. Shows what it would do and asks first when something is to be rolled back.',
  options: [
    { flags: '--modified', description: 'also redo what was edited since it was applied' },
    dryRunOption('done'),
    ...cautionOptions,
  ],
  examples: [
    { command: 'kat sync', explanation: 'after `git switch`: make the database fit this branch' },
    { command: 'kat sync --modified --yes', explanation: 'also follow edits, without asking' },
  ],
  run: (context, { modified, ...flags }) =>
    runCommand(context, ['down', 'up'], flags, (kat, manner) => kat.sync({ modified, ...manner })),
};
