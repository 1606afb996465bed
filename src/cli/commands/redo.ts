/** `kat redo` */

import type { CommandSpec } from '../command.js';
import { cautionOptions, dryRunOption, type RunFlags, runCommand } from './run.js';

export const redo: CommandSpec<RunFlags & { modified?: boolean }> = {
  name: 'redo',
  summary: 'Roll migrations back and apply them again',
  description:
    'Rolls back the named migrations and all applied ones that descend from them, and applies the same ones again: without a name the migration that was applied last. What was edited since it was applied goes back by the SQL that was stored then. Shows what it would do and asks first.',
  arguments: [
    {
      name: '[migrations...]',
      description: 'which ones: id, timestamp, name or prefix; `-N` the last N (default: the last one)',
    },
  ],
  options: [
    { flags: '--modified', description: 'redo what was edited since it was applied' },
    dryRunOption('redone'),
    ...cautionOptions,
  ],
  examples: [
    { command: 'kat redo', explanation: 'roll back the migration that was applied last, and apply it again' },
    { command: 'kat redo --modified --yes', explanation: 'bring the database up to date with edited files' },
    { command: 'kat redo create_posts', explanation: 'redo that migration and what follows it' },
  ],
  run: (context, { modified, ...flags }, of) =>
    runCommand(context, ['down', 'up'], flags, (kat, manner) => kat.redo({ of, modified, ...manner })),
};
