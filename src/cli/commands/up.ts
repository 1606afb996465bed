/** `kat up` */

import type { CommandSpec } from '../command.js';
import { wholeNumber } from '../numbers.js';
import { waitOptions } from '../wait-options.js';
import { dryRunOption, type RunFlags, runCommand } from './run.js';

interface UpFlags extends RunFlags {
  count?: number;
  to?: string[];
  allowMissing?: boolean;
  singleTransaction?: boolean;
  strict?: boolean;
}

export const up: CommandSpec<UpFlags> = {
  name: 'up',
  summary: 'Apply pending migrations',
  description:
    'Applies what is pending, parents before children, each migration in a transaction of its own together with its row in the tracking table. The SQL of the whole plan is checked before anything runs, and the first failure stops the run: that migration is rolled back, those before it stay applied.',
  options: [
    { flags: '-n, --count <number>', description: 'apply at most so many migrations', parse: wholeNumber(1) },
    {
      flags: '--to <migration>',
      description: 'apply only this migration and what it needs, or `+N` for the next N; repeat for more',
      isRepeatable: true,
    },
    dryRunOption('applied'),
    {
      flags: '--allow-missing',
      description: 'go on although the database has migrations whose folders are gone',
    },
    {
      flags: '--single-transaction',
      description: 'apply all of them in one transaction, or none; not with no_transaction migrations',
    },
    { flags: '--strict', description: 'apply nothing if linting finds an error in what is pending' },
    ...waitOptions,
  ],
  examples: [
    { command: 'kat up', explanation: 'apply everything that is pending' },
    { command: 'kat up --count 1', explanation: 'apply the next migration only' },
    {
      command: 'kat up --to create_posts',
      explanation: 'apply that migration and its unapplied ancestors, and nothing else',
    },
    { command: 'kat up --dry-run', explanation: 'see what would be applied, with the SQL checked' },
    {
      command: 'kat up --dry-run=rollback',
      explanation: 'execute it in a transaction that is rolled back, as far as that can be done',
    },
    { command: 'kat up --config prod.conf.yaml', explanation: 'use another configuration file' },
  ],
  run: (context, { count, to, allowMissing, singleTransaction, strict, ...flags }) =>
    runCommand(context, ['up'], { ...flags, ...(strict ? { lintOnUp: 'strict' } : {}) }, (kat, { dryRun }) =>
      kat.up({ count, to, allowMissing, singleTransaction, dryRun }),
    ),
};
