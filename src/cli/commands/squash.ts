/** `kat squash` */

import type { SquashPlan, SquashResult } from '../../index.js';
import type { CommandSpec } from '../command.js';
import { shortPath } from '../output/excerpt.js';
import { squashText } from '../output/squash-text.js';
import { pgDumpOption } from './baseline.js';
import { type RecordFlags, recordOptions, runRecordCommand } from './record-command.js';

interface SquashFlags extends RecordFlags {
  to: string;
  dump?: boolean;
  pgDump?: string;
  force?: boolean;
}

export const squashCommand: CommandSpec<'squash', SquashFlags> = {
  name: 'squash',
  summary: 'Replace a migration and its ancestors with one',
  description:
    'The one keeps its id and says in its metadata.yaml what it replaces, so that databases which have it need nothing, and new ones run one migration instead of many. Its up.sql is that of all of them, in order; its down.sql too, the last first, if all have one. Their folders are deleted: git has them. Refuses when other migrations follow from the middle, and when git could not bring the folders back. A database that has only a part of them must be brought up to date with the old folders first, and `kat up` says so there. Shows what it would do and asks first.',
  options: [
    {
      flags: '--to <migration>',
      description: 'the migration that stays: id, timestamp, name or prefix',
      isRequired: true,
    },
    {
      flags: '--dump',
      description: 'use the schema of this database as up.sql; it must have exactly these migrations applied',
    },
    pgDumpOption,
    { flags: '--force', description: 'continue although git cannot restore the old folders' },
    ...recordOptions,
  ],
  examples: [
    { command: 'kat squash --to create_posts --dry-run', explanation: 'see what would become of it' },
    { command: 'kat squash --to create_posts --yes', explanation: 'everything up to that one becomes it' },
    {
      command: 'kat squash --to create_posts --dump --yes',
      explanation: 'with the schema of a database that has just these',
    },
  ],
  run: (context, { to, dump, pgDump, force, ...flags }) =>
    runRecordCommand<SquashPlan, SquashResult>(context, flags, {
      carryOut: (kat, manner) => kat.squash({ to, dump, pgDump, force, ...manner }),
      show: (plan) => squashText(plan, context.style),
      needsConsent: () => true,
      action: 'replacing migration folders',
      summarize: ({ isDryRun, replaces, files }) => {
        const count = replaces.length + 1;
        if (isDryRun) return `DRY RUN: Would squash ${count} migrations\n`;
        const done = context.style.green(`Squashed ${count} migrations`);
        return `${done} into ${shortPath(files.up, context.cwd)}\nTry it on an empty database before you commit it\n`;
      },
    }),
};
