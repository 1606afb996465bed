/** `kat baseline` */

import { counted } from '../../graph/counted.js';
import type { BaselineResult } from '../../index.js';
import type { CommandOption, CommandSpec } from '../command.js';
import { yesOption } from '../confirm.js';
import { confirmEnvironment } from '../confirm-environment.js';
import type { Context } from '../context.js';
import { shortPath } from '../output/excerpt.js';
import { lockOptions, type WaitFlags } from '../wait-options.js';
import { openForRecords } from './record-command.js';

interface BaselineFlags extends WaitFlags {
  name?: string;
  schema?: string[];
  privileges?: boolean;
  /** Commander's name for `--no-record`. */
  record: boolean;
  pgDump?: string;
  dryRun?: boolean;
  yes?: boolean;
}

/** Which `pg_dump` is run. */
export const pgDumpOption: CommandOption = {
  flags: '--pg-dump <program>',
  description: 'the pg_dump to run (default: the one on the PATH)',
  env: 'KAT_PG_DUMP',
};

export const baselineCommand: CommandSpec<'baseline', BaselineFlags> = {
  name: 'baseline',
  description:
    'Dumps the schema with pg_dump as up.sql of a new migration, and records that migration as applied on this database. Rows, subscriptions, comments on extensions and the tracking table are left out; owners and privileges, too, unless --privileges is given. On an empty database, `kat up` then creates the same schema. Needs a pg_dump at least as new as the server. Refuses when the folder or the database already has migrations.',
  options: [
    { flags: '--name <name>', description: 'the name of the migration (default: baseline)' },
    {
      flags: '--schema <name>',
      description: 'only this schema, without extensions; repeat for more (default: all)',
      isRepeatable: true,
    },
    {
      flags: '--privileges',
      description: 'include owners and privileges; the roles must exist in every database',
    },
    { flags: '--no-record', description: 'write the migration but do not record it in the database' },
    pgDumpOption,
    {
      flags: '--dry-run',
      description: 'dump and check the schema, but write nothing [env: KAT_DRY_RUN]',
    },
    yesOption,
    ...lockOptions,
  ],
  examples: [
    {
      command: 'kat baseline',
      explanation: 'dump all schemas, and record the migration as applied on this database',
    },
    { command: 'kat baseline --schema public --schema audit', explanation: 'just these two' },
  ],
  run: async (context, { name, schema: schemas, privileges, record, pgDump, yes, ...flags }) => {
    const { kat, config, isDryRun } = await openForRecords(context, flags);
    try {
      if (record && !isDryRun) await confirmEnvironment(context, config, { yes });
      const result = await kat.baseline({
        ...{ name, schemas, withRoles: privileges, record, pgDump },
        dryRun: isDryRun,
      });
      context.write(baselineText(result, context));
      const { added, leftOut, ...facts } = result;
      return {
        document: {
          ...facts,
          ...(leftOut.length > 0 ? { leftOut } : {}),
          ...(added ? { id: added.id, parents: added.parents, files: added.files } : {}),
        },
      };
    } finally {
      await kat.close();
    }
  },
};

function baselineText(
  { author, statements, added, isRecorded, leftOut }: BaselineResult,
  context: Context,
): string {
  const what = `${counted(statements, 'statement')}, by ${author}`;
  const notes = leftOut.map((one) => `${context.style.yellow('Note')}: ${one}`);
  if (!added) return `${[...notes, `DRY RUN: Would write a migration of ${what}`].join('\n')}\n`;
  const lines = [
    ...notes,
    `${context.style.green('Wrote')} ${shortPath(added.files.up, context.cwd)}: ${what}`,
    isRecorded ? `Recorded ${added.id} as applied` : 'Recorded nothing in the database',
  ];
  return `${lines.join('\n')}\n`;
}
