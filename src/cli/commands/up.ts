/** `kat up` */

import type { CommandSpec } from '../command.js';
import { wholeNumber } from '../numbers.js';
import { waitOptions } from '../wait-options.js';
import { type RunFlags, runCommand } from './run.js';

interface UpFlags extends RunFlags {
  count?: number;
  allowMissing?: boolean;
  singleTransaction?: boolean;
}

export const up: CommandSpec<UpFlags> = {
  name: 'up',
  summary: 'Apply pending migrations',
  description:
    'Applies what is pending, parents before children, each migration in a transaction of its own together with its row in the tracking table. The SQL of the whole plan is checked before anything runs, and the first failure stops the run: that migration is rolled back, those before it stay applied.',
  options: [
    { flags: '-n, --count <number>', description: 'apply at most so many migrations', parse: wholeNumber(1) },
    {
      flags: '--dry-run',
      description: 'check everything, change nothing, and print what would be applied [env: KAT_DRY_RUN]',
    },
    {
      flags: '--allow-missing',
      description: 'go on although the database has migrations whose folders are gone',
    },
    {
      flags: '--single-transaction',
      description: 'apply all of them in one transaction, or none; not with no_transaction migrations',
    },
    ...waitOptions,
  ],
  examples: [
    { command: 'kat up', explanation: 'apply everything that is pending' },
    { command: 'kat up --count 1', explanation: 'apply the next migration only' },
    { command: 'kat up --dry-run', explanation: 'see what would be applied, with the SQL checked' },
    { command: 'kat up --config prod.conf.yaml', explanation: 'use another configuration file' },
  ],
  run: (context, { count, allowMissing, singleTransaction, ...flags }) =>
    runCommand(context, 'up', flags, (kat, dryRun) =>
      kat.up({
        dryRun,
        ...(count === undefined ? {} : { count }),
        ...(allowMissing === undefined ? {} : { allowMissing }),
        ...(singleTransaction === undefined ? {} : { singleTransaction }),
      }),
    ),
};
