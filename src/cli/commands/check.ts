/** `kat check` */

import { checkKinds } from '../../engine/check/codes.js';
import type { CheckResult } from '../../index.js';
import type { Config } from '../../project/config/config.js';
import type { CommandSpec } from '../command.js';
import type { Context } from '../context.js';
import { type FindingsFlags, findingsExitCode, findingsOptions } from '../findings-options.js';
import { openProject } from '../open-project.js';
import { checkSummary, formatFurtherReasons } from '../output/check-text.js';
import { printReport } from '../print-report.js';

interface CheckFlags extends FindingsFlags {
  gitBase?: string;
}

export const check: CommandSpec<CheckFlags> = {
  name: 'check',
  summary: 'Find migrations in no order whose order matters',
  description:
    'Reads the SQL of all migrations and looks at every pair that the graph leaves in no order: do both end the same, whichever comes first? Names each pair that does not, with both lines and the edge that would settle it; exits 3 when there is an error. With --git-base only pairs across the branch point count: what is new on this branch against what the other branch has, also what came to it since. Needs no database.',
  options: [
    {
      flags: '--git-base <revision>',
      description:
        'check what is new on this branch against this revision, such as origin/main; `none` checks all pairs (default: none)',
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
  run: async (context, { format, ...options }) => {
    const { kat, config } = await openProject(context, { isOffline: true });
    try {
      const result = await kat.check(options);
      print(context, config, { format, result });
      return { document: { ...result }, exitCode: findingsExitCode(result) };
    } finally {
      await kat.close();
    }
  },
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
