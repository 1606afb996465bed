/** `kat plan` */

import { resolve } from 'node:path';
import type { MovePlan } from '../../engine/plan/move-plan.js';
import type { PlanOptions } from '../../engine/plan-options.js';
import { counted } from '../../graph/counted.js';
import type { Kat } from '../../index.js';
import type { CommandSpec } from '../command.js';
import type { Context, Outcome } from '../context.js';
import { sessionCount, wholeNumber } from '../numbers.js';
import { withProject } from '../open-project.js';
import { formatPlan } from '../output/plan/plan-text.js';
import { assumedApplied, type PlanFlags, planOptions, refuseLoneFlags } from '../plan-flags.js';
import { waitOptions, waitSettings } from '../wait-options.js';

export const plan: CommandSpec<'plan', PlanFlags> = {
  name: 'plan',
  description:
    'Makes the same plan as that command with the same flags, checks its SQL, and shows each step with its reason. Changes nothing and takes no lock. With --sql, prints a script that psql can run without Kat. The script contains the transactions, the tracking rows, the log entries and the lock. It refuses to run if other migrations are applied than when it was written. With --applied or --applied-from, no database is needed.',
  arguments: [
    {
      name: '[command]',
      description: 'up, down, redo or sync (default: up)',
      choices: ['up', 'down', 'redo', 'sync'],
    },
    {
      name: '[migrations...]',
      description: 'for down and redo: the migrations, as those commands take them',
    },
  ],
  options: [
    {
      flags: '-n, --count <number>',
      description: 'as in `kat up` and `kat down`',
      parse: wholeNumber(1),
    },
    {
      flags: '--to <migration>',
      description: 'as in `kat up` (several) and `kat down`',
      isRepeatable: true,
    },
    { flags: '--all', description: 'as in `kat down`' },
    { flags: '--modified', description: 'as in `kat redo` and `kat sync`' },
    { flags: '--allow-missing', description: 'as in `kat up`' },
    {
      flags: '--applied <migration>',
      description:
        'plan without a database: this migration and its ancestors are applied; `heads`, `none`; repeat for more',
      suggestions: ['none'],
      isRepeatable: true,
    },
    {
      flags: '--applied-from <file>',
      description:
        'plan without a database: read the applied migrations from this file, one id a line or the output of `kat status --json`; `-` for stdin',
    },
    {
      flags: '-j, --jobs <number>',
      description: 'also predict `kat up --jobs`: sessions, longest chain, and what is kept apart; or `auto`',
      suggestions: ['auto'],
      parse: sessionCount,
    },
    { flags: '--sql', description: 'print the plan as an SQL script' },
    { flags: '-f, --file <file>', description: 'write the script to this file instead of stdout' },
    {
      flags: '--plain',
      description: 'write a script without psql commands, for a client that stops at the first error',
    },
    {
      flags: '--single-transaction',
      description: 'write a script that runs in one transaction; not with no_transaction migrations',
    },
    ...waitOptions.filter(({ flags }) => /--(lock|statement)-timeout/.test(flags)),
  ],
  examples: [
    { command: 'kat plan', explanation: 'show what `kat up` would do' },
    {
      command: 'kat plan down --to create_posts',
      explanation: 'show the rollback to this migration',
    },
    { command: 'kat plan --jobs 4', explanation: 'see which steps `kat up --jobs 4` runs side by side' },
    {
      command: 'kat plan --sql --file release.sql',
      explanation: 'write a script that another person can run',
    },
    {
      command: 'kat plan --sql --applied none',
      explanation: 'the script for an empty database, without a connection',
    },
  ],
  run: async (context, flags, operands) => {
    refuseLoneFlags(flags);
    const options = { ...planOptions(flags, operands), ...assumedApplied(context, flags) };
    const isOffline = options.applied !== undefined || options.appliedIds !== undefined;
    return withProject(context, { isOffline, flags: waitSettings(flags) }, ({ kat }) =>
      flags.sql ? writeSql(context, kat, { flags, options }) : show(context, kat, options),
    );
  },
};

async function show(context: Context, kat: Kat, options: PlanOptions): Promise<Outcome<'plan'>> {
  const planned = await kat.plan(options);
  context.write(formatPlan(planned, context));
  return { document: { ...planned } };
}

async function writeSql(
  context: Context,
  kat: Kat,
  { flags, options }: { flags: PlanFlags; options: PlanOptions },
): Promise<Outcome<'plan'>> {
  const { plain = false, singleTransaction } = flags;
  const client = plain ? ('any' as const) : ('psql' as const);
  const { sql, ...planned } = await kat.planSql({ ...options, client, singleTransaction });
  warnOfHints(context, planned);
  if (flags.file === undefined) {
    context.writeExact(sql);
    return { document: { ...planned, sql } };
  }
  const file = resolve(context.cwd, flags.file);
  const { saveOutput } = await import('../../project/save-output.js');
  saveOutput(file, sql);
  context.write(`Script of ${counted(planned.steps.length, 'step')} written to ${flags.file}\n`);
  return { document: { ...planned, file } };
}

/** Standard output is for the script alone. */
function warnOfHints(context: Context, { hints }: MovePlan): void {
  for (const { message, help } of hints) {
    context.warn(`Warning: ${help === undefined ? message : `${message}. ${help}`}`);
  }
}
