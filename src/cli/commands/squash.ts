/** `kat squash` */

import type { SquashPlan, SquashResult } from '../../index.js';
import type { CommandSpec } from '../command.js';
import { shortPath } from '../output/excerpt.js';
import { squashText } from '../output/squash-text.js';
import { throwawayOption } from '../throwaway-option.js';
import { pgDumpOption } from './baseline.js';
import { type RecordFlags, recordOptions, runRecordCommand } from './record-command.js';

interface SquashFlags extends RecordFlags {
  to: string;
  dump?: boolean;
  pgDump?: string;
  force?: boolean;
  verify?: boolean;
  rows?: boolean;
  on?: string;
}

export const squashCommand: CommandSpec<'squash', SquashFlags> = {
  name: 'squash',
  description:
    'The target migration keeps its id and lists the replaced migrations in its metadata.yaml. Its up.sql contains the SQL of all of them, in order. Its down.sql contains their rollbacks in reverse order, if each has one. Kat deletes the other folders. Databases with all of these migrations need no action; new databases run one migration instead of many. A database with only some of them must be updated with the old folders first. Executes the old migrations and the new one on a throwaway database, and refuses if the schemas differ. Refuses if other migrations depend on the replaced ones, or if git cannot restore the folders. Kat shows the plan and asks for confirmation.',
  options: [
    {
      flags: '--to <migration>',
      description: 'the migration that stays: id, timestamp, name or prefix',
      isRequired: true,
    },
    {
      flags: '--dump',
      description:
        'use the schema of the configured database as up.sql; the database must have exactly these migrations applied',
    },
    pgDumpOption,
    { flags: '--rows', description: 'also compare the rows that the migrations insert' },
    throwawayOption,
    { flags: '--no-verify', description: 'squash without comparing the schemas before and after' },
    { flags: '--force', description: 'continue although git cannot restore the old folders' },
    ...recordOptions,
  ],
  examples: [
    { command: 'kat squash --to create_posts --dry-run', explanation: 'show the result without writing' },
    { command: 'kat squash --to create_posts --yes', explanation: 'squash this migration and its ancestors' },
    {
      command: 'kat squash --to create_posts --dump --yes',
      explanation: 'use the schema of a database with exactly these migrations',
    },
  ],
  run: (context, { to, dump, pgDump, force, verify, rows, on, ...flags }) =>
    runRecordCommand<SquashPlan, SquashResult>(context, flags, {
      carryOut: (kat, manner) => kat.squash({ to, dump, pgDump, force, verify, rows, on, ...manner }),
      show: (plan) => squashText(plan, context.style),
      needsConsent: () => true,
      action: 'replacing migration folders',
      summarize: ({ isDryRun, replaces, files, proof }) => {
        const count = replaces.length + 1;
        if (isDryRun) return `DRY RUN: Would squash ${count} migrations\n`;
        const done = context.style.green(`Squashed ${count} migrations`);
        const advice = proof.isProven ? '' : 'Try it on an empty database before you commit it\n';
        return `${done} into ${shortPath(files.up, context.cwd)}\n${advice}`;
      },
    }),
};
