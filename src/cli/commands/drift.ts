/** `kat drift` */

import { driftKinds } from '../../engine/drift/codes.js';
import type { DriftResult } from '../../index.js';
import { present } from '../../present.js';
import type { Config } from '../../project/config/config.js';
import type { CommandSpec } from '../command.js';
import { type CompareFlags, compareOptions } from '../compare-options.js';
import { yesOption } from '../confirm.js';
import { confirmEnvironment } from '../confirm-environment.js';
import type { Context } from '../context.js';
import { type FindingsFlags, findingsExitCode } from '../findings-options.js';
import { withProject } from '../open-project.js';
import { driftSummary, formatDifferences } from '../output/drift-text.js';
import { printReport } from '../print-report.js';

interface DriftFlags extends CompareFlags {
  adopt?: string;
  dryRun?: boolean;
  yes?: boolean;
}

export const driftCommand: CommandSpec<'drift', DriftFlags> = {
  name: 'drift',
  description:
    'Builds the schema of exactly the applied migrations in a throwaway database and compares the database with it. Shows each difference with the SQL that undoes it in this database, and the SQL that keeps it in a migration. Exits with code 3 when there is a difference. Without --adopt it changes nothing. Waits for a running `kat up`.',
  options: [
    {
      flags: '--adopt <name>',
      description: 'write a migration with the SQL that keeps all differences, and record it as applied',
    },
    {
      flags: '--dry-run',
      description: 'with --adopt: check everything, but write and record nothing [env: KAT_DRY_RUN]',
    },
    yesOption,
    ...compareOptions,
  ],
  examples: [
    { command: 'kat drift', explanation: 'compare the database with its migrations' },
    { command: "kat drift --ignore 'cron.*'", explanation: 'leave out the schema of an extension' },
    { command: 'kat drift --format sarif', explanation: 'for a code scanning service' },
  ],
  run: (context, { format, yes, dryRun, ...flags }) =>
    withProject(context, { flags: present({ dryRun }) }, async ({ kat, config }) => {
      const isDryRun = flags.adopt === undefined ? dryRun : config.migration.dryRun;
      if (flags.adopt !== undefined && !isDryRun) await confirmEnvironment(context, config, { yes });
      const result = await kat.drift({ ...flags, dryRun: isDryRun });
      for (const { migration, reason } of result.assumptions)
        context.warn(`Warning: ${migration === undefined ? '' : `${migration}: `}${reason}`);
      print(context, config, { format, result });
      return { document: { ...result }, exitCode: findingsExitCode(result) };
    }),
};

function print(
  context: Context,
  config: Config,
  { format, result }: { format: FindingsFlags['format']; result: DriftResult },
): void {
  const { style } = context;
  const words = { putBack: 'to undo it', takeOver: 'to keep it' };
  const screen = { style, isVerbose: config.verbose, words };
  printReport(context, config, {
    format,
    findings: format === 'text' ? [] : result.findings,
    isVerbose: false,
    heading: formatDifferences(result.differences, screen),
    summary: driftSummary(result, style),
    rules: Object.entries(driftKinds).map(([id, { meaning }]) => ({ id, summary: meaning })),
  });
}
