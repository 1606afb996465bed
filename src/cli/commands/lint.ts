/** `kat lint` */

import { listLintRules } from '../../engine/lint/list-rules.js';
import type { LintResult } from '../../index.js';
import type { Config } from '../../project/config/config.js';
import { choiceArguments, choiceOptions } from '../choice-options.js';
import type { CommandSpec } from '../command.js';
import type { Context, Outcome } from '../context.js';
import { type FindingsFlags, findingsExitCode, findingsOptions } from '../findings-options.js';
import { named } from '../named.js';
import { withProject } from '../open-project.js';
import { fixesText, lintSummary, rulesText } from '../output/lint-text.js';
import { formatTrace } from '../output/trace-text.js';
import { printReport } from '../print-report.js';

interface LintFlags extends FindingsFlags {
  pending?: boolean;
  gitBase?: string;
  rule?: string[];
  listRules?: boolean;
  trace?: boolean;
  fix?: boolean;
  dryRun?: boolean;
}

export const lintCommand: CommandSpec<'lint', LintFlags> = {
  name: 'lint',
  description:
    "Reads migrations with PostgreSQL's own parser. Reports locks, rewrites, scans, statements that fail on tables with rows, and incomplete rollbacks, each with a safer way. Tables that the migration or a pending ancestor creates are not in use yet, so they are not reported. The comment `-- kat:ignore RULE reason` accepts a finding. Exits with code 3 when there is an error.",
  arguments: choiceArguments,
  options: [
    ...choiceOptions,
    { flags: '--rule <rule>', description: 'check only this rule; repeat for more', isRepeatable: true },
    {
      flags: '--trace',
      description:
        'also run the migrations on an embedded database and show the observed locks, rewrites and scans',
    },
    {
      flags: '--fix',
      description: 'fix findings that have a safe rewrite; needs --pending, --git-base or named migrations',
    },
    { flags: '--dry-run', description: 'show what --fix would write' },
    { flags: '--list-rules', description: 'list all rules and end' },
    ...findingsOptions,
  ],
  examples: [
    { command: 'kat lint', explanation: 'all migrations' },
    { command: 'kat lint --pending', explanation: 'what the next `kat up` would apply' },
    {
      command: 'kat lint --git-base origin/main --format github',
      explanation: 'annotate a pull request',
    },
    {
      command: 'kat lint --pending --trace',
      explanation: 'also show the observed locks, rewrites and scans',
    },
    {
      command: 'kat lint --pending --fix --dry-run',
      explanation: 'show the fixes of pending migrations',
    },
    { command: 'kat lint create_posts --rule set-not-null-scan', explanation: 'one migration, one rule' },
  ],
  run: async (context, flags, operands) => {
    if (flags.listRules) return listRules(context);
    const { format, rule, listRules: _, ...options } = flags;
    return withProject(context, { isOffline: options.pending !== true }, async ({ kat, config }) => {
      const result = await kat.lint({ ...options, of: named(operands), ...(rule ? { rules: rule } : {}) });
      await print(context, config, { format, result, isDryRun: options.dryRun === true });
      return { document: { ...result }, exitCode: findingsExitCode(result) };
    });
  },
};

async function listRules(context: Context): Promise<Outcome<'lint'>> {
  const rules = await listLintRules();
  context.write(rulesText(rules, context.style));
  return { document: { rules } };
}

function isGrave({ severity }: LintResult['findings'][number]): boolean {
  return severity !== 'info';
}

interface Printing {
  format: FindingsFlags['format'];
  result: LintResult;
  isDryRun: boolean;
}

async function print(
  context: Context,
  config: Config,
  { format, result, isDryRun }: Printing,
): Promise<void> {
  // Infos are hundreds of lines in an old project.
  const isForPeople = format === 'text' || format === 'github';
  printReport(context, config, {
    format,
    findings: isForPeople && !config.verbose ? result.findings.filter(isGrave) : result.findings,
    heading: result.fixes ? fixesText(result.fixes, { isDryRun, style: context.style }) : '',
    isVerbose: true,
    details: result.trace ? formatTrace(result.trace, context.style) : '',
    summary: lintSummary(result, { style: context.style, hidesInfos: isForPeople && !config.verbose }),
    rules: format === 'sarif' ? await listLintRules() : [],
  });
}
