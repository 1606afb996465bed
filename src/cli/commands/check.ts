/** `kat check` */

import { checkKinds } from '../../engine/check/codes.js';
import type { CheckResult } from '../../index.js';
import type { Config } from '../../project/config/config.js';
import type { CommandSpec } from '../command.js';
import type { Context } from '../context.js';
import { type FindingsFlags, findingsExitCode, findingsOptions } from '../findings-options.js';
import { withProject } from '../open-project.js';
import { checkSummary, formatFurtherReasons } from '../output/check-text.js';
import { printReport } from '../print-report.js';

interface CheckFlags extends FindingsFlags {
  gitBase?: string;
}

export const check: CommandSpec<'check', CheckFlags> = {
  name: 'check',
  description:
    'Reads the SQL of all migrations and compares every pair of migrations that the graph does not order. Reports each pair whose result depends on the order, with both lines and the parent that fixes the order. Exits with code 3 when there is an error. With --git-base, compares only migrations that are new on this branch with those of the other branch. Needs no database.',
  options: [
    {
      flags: '--git-base <revision>',
      description:
        'compare migrations new on this branch with this revision, such as origin/main; `none` checks all pairs (default: none)',
      suggestions: ['none'],
    },
    ...findingsOptions,
  ],
  examples: [
    { command: 'kat check', explanation: 'check all pairs' },
    { command: 'kat check --verbose', explanation: 'with all reasons of each pair' },
    {
      command: 'kat check --git-base origin/main --format github',
      explanation: 'annotate a pull request',
    },
  ],
  run: (context, { format, ...options }) =>
    withProject(context, { isOffline: true }, async ({ kat, config }) => {
      const result = await kat.check(options);
      print(context, config, { format, result });
      return { document: { ...result }, exitCode: findingsExitCode(result) };
    }),
};

function print(
  context: Context,
  config: Config,
  { format, result }: { format: FindingsFlags['format']; result: CheckResult },
): void {
  const { cwd, style } = context;
  const { findings, pairs } = result;
  printReport(context, config, {
    format,
    findings,
    isVerbose: true,
    details: config.verbose ? formatFurtherReasons(pairs, cwd, style) : '',
    summary: checkSummary(result, style),
    rules: Object.entries(checkKinds).map(([id, { meaning }]) => ({ id, summary: meaning })),
  });
}
