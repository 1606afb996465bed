/** `kat up` */

import { type OnFailure, onFailureModes } from '../../engine/run/run-result.js';
import type { CommandSpec } from '../command.js';
import { yesOption } from '../confirm.js';
import { sessionCount, wholeNumber } from '../numbers.js';
import { reviewOptions } from '../reviewed-plan.js';
import { serverWaitOption, waitOptions } from '../wait-options.js';
import { dryRunOption, progressOptions, type RunFlags, runCommand } from './run.js';

interface UpFlags extends RunFlags {
  count?: number;
  to?: string[];
  allowMissing?: boolean;
  singleTransaction?: boolean;
  strict?: boolean;
  strictDrift?: boolean;
  onFailure?: OnFailure;
  wait?: number;
}

export const up: CommandSpec<'up', UpFlags> = {
  name: 'up',
  description:
    'Applies pending migrations, parents before children. Each migration runs in a transaction of its own, together with its row in the tracking table. Kat checks the SQL of the whole plan before anything runs. The first failure stops the run: the failed migration is rolled back, earlier ones stay applied.',
  options: [
    {
      flags: '-n, --count <number>',
      description: 'apply at most this many migrations',
      parse: (text) => {
        // Go's Kat applies all of them then.
        if (text === '0')
          throw new Error('Give a whole number of at least 1. Without --count, all are applied.');
        return wholeNumber(1)(text);
      },
    },
    {
      flags: '--to <migration>',
      description: 'apply only this migration and its ancestors, or `+N` for the next N; repeat for more',
      isRepeatable: true,
    },
    dryRunOption('applied'),
    {
      flags: '--allow-missing',
      description: 'continue although folders of applied migrations are missing',
    },
    {
      flags: '--single-transaction',
      description: 'apply all migrations in one transaction; not with no_transaction migrations',
    },
    { flags: '--strict', description: 'apply nothing if lint finds an error in a pending migration' },
    {
      flags: '--strict-drift',
      description: 'apply nothing if `kat drift` finds a difference in the database',
    },
    {
      flags: '-j, --jobs <number>',
      description:
        'run at most this many migrations at the same time if neither their parents nor their SQL forbid it; `auto` for one per processor (default: 1) [env: KAT_JOBS]',
      suggestions: ['auto'],
      parse: sessionCount,
    },
    {
      flags: '--on-failure <mode>',
      description:
        'after a failure: `finish` running migrations, `cancel` them, or `continue` with migrations that do not descend from the failed one (default: finish)',
      choices: onFailureModes,
    },
    yesOption,
    ...reviewOptions,
    serverWaitOption,
    ...waitOptions,
    ...progressOptions,
  ],
  examples: [
    { command: 'kat up', explanation: 'apply everything that is pending' },
    { command: 'kat up --count 1', explanation: 'apply the next migration only' },
    {
      command: 'kat up --to create_posts',
      explanation: 'apply that migration and its unapplied ancestors, and nothing else',
    },
    { command: 'kat up --dry-run', explanation: 'see what would be applied; checks the syntax of the SQL' },
    {
      command: 'kat up --dry-run=rollback',
      explanation: 'execute it in a transaction and roll it back',
    },
    { command: 'kat up --jobs 4', explanation: 'apply independent migrations in four sessions' },
    { command: 'kat up --wait=30s', explanation: 'first wait for a database server that is starting' },
    { command: 'kat up --config prod.conf.yaml', explanation: 'use another configuration file' },
  ],
  run: (
    context,
    { count, to, allowMissing, singleTransaction, strict, strictDrift, onFailure, wait, ...flags },
  ) =>
    runCommand(
      context,
      'up',
      { ...flags, ...(strict ? { lintOnUp: 'strict' } : {}) },
      (kat, { dryRun, plan }) =>
        kat.up({
          count: count || undefined,
          to,
          allowMissing,
          singleTransaction,
          strictDrift,
          onFailure,
          dryRun,
          plan,
          waitMs: wait,
        }),
    ),
};
