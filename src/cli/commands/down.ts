/** `kat down` */

import type { CommandSpec } from '../command.js';
import { wholeNumber } from '../numbers.js';
import { cautionOptions, dryRunOption, type RunFlags, runCommand } from './run.js';

interface DownFlags extends RunFlags {
  count?: number;
  to?: string;
  all?: boolean;
}

export const down: CommandSpec<DownFlags> = {
  name: 'down',
  summary: 'Roll back the migrations that were applied last, or those that are named',
  description:
    'Goes back through what was applied most recently, each migration in a transaction of its own together with its row in the tracking table. A migration is never rolled back while one that follows it in the graph is still applied. Anything but a plain `kat down` or `--count` shows what it would do and asks first. A migration whose folder is gone goes back by the SQL that was stored when it was applied; so does one whose up.sql was edited since.',
  arguments: [
    {
      name: '[migrations...]',
      description:
        'roll back these and all applied ones that descend from them: id, timestamp, name or prefix; `-N` the last N',
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
      description: 'roll back everything that was applied after this migration; `base` for everything',
    },
    { flags: '--all', description: 'roll back everything' },
    dryRunOption('rolled back'),
    ...cautionOptions,
  ],
  examples: [
    { command: 'kat down', explanation: 'roll back the migration that was applied last' },
    { command: 'kat down --count 3', explanation: 'roll back the last three' },
    {
      command: 'kat down create_posts',
      explanation: 'roll back that migration and what follows it, and leave the rest',
    },
    { command: 'kat down --to create_posts', explanation: 'go back to when that migration was the last one' },
    { command: 'kat down --dry-run', explanation: 'see what would be rolled back, with the SQL checked' },
  ],
  run: (context, { count, to, all, ...flags }, of) =>
    runCommand(context, ['down'], flags, (kat, manner) => kat.down({ count, to, of, all, ...manner })),
};
