/** `kat redo` */

import type { CommandSpec } from '../command.js';
import { named } from '../named.js';
import { cautionOptions, dryRunOption, type RunFlags, runCommand } from './run.js';

export const redo: CommandSpec<'redo', RunFlags & { modified?: boolean }> = {
  name: 'redo',
  description:
    'Rolls back the named migrations and their applied descendants, then applies the same migrations again. Without a name, Kat redoes the latest migration. An edited migration is rolled back with the down.sql that was stored when it was applied. Kat shows the plan and asks for confirmation.',
  arguments: [
    {
      name: '[migrations...]',
      description: 'the migrations: id, timestamp, name or prefix; `-N` the last N (default: the last one)',
    },
  ],
  options: [
    { flags: '--modified', description: 'redo migrations that were edited after they were applied' },
    dryRunOption('redone'),
    ...cautionOptions,
  ],
  examples: [
    { command: 'kat redo', explanation: 'redo the latest migration' },
    { command: 'kat redo --modified --yes', explanation: 'bring the database up to date with edited files' },
    { command: 'kat redo create_posts', explanation: 'redo this migration and its descendants' },
  ],
  run: (context, { modified, ...flags }, of) =>
    runCommand(context, 'redo', flags, (kat, manner) => kat.redo({ of: named(of), modified, ...manner })),
};
