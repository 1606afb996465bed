/** `kat down` */

import type { CommandSpec } from '../command.js';
import { wholeNumber } from '../numbers.js';
import { waitOptions } from '../wait-options.js';
import { type RunFlags, runCommand } from './run.js';

export const down: CommandSpec<RunFlags & { count: number }> = {
  name: 'down',
  summary: 'Roll back the migrations that were applied last',
  description:
    'Goes back through what was applied most recently, each migration in a transaction of its own together with its row in the tracking table. A migration is never rolled back while one that follows it in the graph is still applied.',
  options: [
    {
      flags: '-n, --count <number>',
      description: 'how many migrations to roll back',
      default: 1,
      parse: wholeNumber(1),
    },
    {
      flags: '--dry-run',
      description: 'check everything, change nothing, and print what would be rolled back [env: KAT_DRY_RUN]',
    },
    ...waitOptions,
  ],
  examples: [
    { command: 'kat down', explanation: 'roll back the migration that was applied last' },
    { command: 'kat down --count 3', explanation: 'roll back the last three' },
    { command: 'kat down --dry-run', explanation: 'see what would be rolled back, with the SQL checked' },
  ],
  run: (context, { count, ...flags }) =>
    runCommand(context, 'down', flags, (kat, dryRun) => kat.down({ count, dryRun })),
};
