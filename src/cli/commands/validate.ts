/** `kat validate` */

import type { Validation } from '../../engine/validate/validate.js';
import type { Config } from '../../project/config/config.js';
import type { CommandSpec } from '../command.js';
import type { Context } from '../context.js';
import { type FindingsFlags, findingsExitCode, findingsOptions } from '../findings-options.js';
import { withProject } from '../open-project.js';
import { validationSummary } from '../output/validation-text.js';
import { printReport } from '../print-report.js';

interface ValidateFlags extends FindingsFlags {
  offline?: boolean;
  all?: boolean;
  gitBase?: string;
}

export const validateCommand: CommandSpec<'validate', ValidateFlags> = {
  name: 'validate',
  description:
    'Finds problems before anything runs: in files, metadata, the graph, the SQL of pending and edited migrations, and the tracking table. Also finds migrations of the base branch that this branch changed. Reports all problems at once, one line each. Exits with code 3 when there is an error.',
  options: [
    { flags: '--offline', description: 'do not connect; check the folder and all of its SQL' },
    { flags: '--all', description: 'check the SQL of all migrations, applied ones included' },
    {
      flags: '--git-base <revision>',
      description:
        'compare with the commit where the branch started from this revision; `none` disables this (default: the target branch of the pull request, else the upstream of the current branch)',
      suggestions: ['none'],
      env: 'KAT_GIT_BASE',
    },
    ...findingsOptions,
  ],
  examples: [
    { command: 'kat validate', explanation: 'check everything' },
    { command: 'kat validate --offline', explanation: 'where there is no database, as in most CI jobs' },
    {
      command: 'kat validate --offline --git-base origin/main --format github',
      explanation: 'annotate a pull request',
    },
  ],
  run: (context, { format, offline = false, ...options }) =>
    withProject(context, { isOffline: offline, hasOfflineFlag: true }, async ({ kat, config }) => {
      const result = await kat.validate({
        ...options,
        offline: offline || !namesDatabase(config, context.env),
        pullRequestBase: pullRequestBase(context.env),
      });
      print(context, config, { format, result });
      return { document: { ...result }, exitCode: findingsExitCode(result) };
    }),
};

/** Variables of libpq that name a database by themselves. */
const libpqVariables = ['PGHOST', 'PGHOSTADDR', 'PGPORT', 'PGDATABASE', 'PGSERVICE'];

function namesDatabase({ database }: Config, env: Context['env']): boolean {
  const { driver, connectTimeoutMs: _timeout, ...address } = database;
  return driver !== 'postgres' || Object.keys(address).length > 0 || libpqVariables.some((name) => env[name]);
}

/** GitHub Actions names the branch, which actions/checkout knows as one of `origin`. */
function pullRequestBase({ GITHUB_BASE_REF: branch }: Context['env']): string | undefined {
  return branch ? `origin/${branch}` : undefined;
}

function print(
  context: Context,
  config: Config,
  { format, result }: { format: FindingsFlags['format']; result: Validation },
): void {
  printReport(context, config, {
    format,
    findings: result.findings,
    isVerbose: config.verbose,
    summary: validationSummary(result, context.style),
  });
}
