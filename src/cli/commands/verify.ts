/** `kat verify` */

import { verifyKinds } from '../../engine/verify-codes.js';
import { choiceArguments, choiceOptions } from '../choice-options.js';
import type { CommandSpec } from '../command.js';
import { type FindingsFlags, findingsExitCode, findingsOptions } from '../findings-options.js';
import { named } from '../named.js';
import { wholeNumber } from '../numbers.js';
import { withProject } from '../open-project.js';
import { formatTrials, verifySummary } from '../output/verify-text.js';
import { printReport } from '../print-report.js';
import { throwawayOption } from '../throwaway-option.js';

interface VerifyFlags extends FindingsFlags {
  pending?: boolean;
  gitBase?: string;
  all?: boolean;
  on?: string;
  /** Commander's name for `--no-cache`. */
  cache: boolean;
  order?: number;
  seed?: number;
  evidence?: boolean;
}

/** Without a number. */
const defaultOrders = 20;

export const verifyCommand: CommandSpec<'verify', VerifyFlags> = {
  name: 'verify',
  description:
    'Executes each migration on a throwaway database: up, down, and up again, starting with the schema of its ancestors. Compares the schemas and reports each object that differs, with the line of the file. The comment `-- kat:ignore CODE reason` accepts a finding. Never changes the database of the project. Exits with code 3 when there is an error.',
  arguments: choiceArguments,
  options: [
    ...choiceOptions,
    { flags: '--all', description: 'all migrations; the default' },
    throwawayOption,
    { flags: '--no-cache', description: 'execute everything again, without the results of earlier runs' },
    {
      flags: '--order[=count]',
      description:
        'run the whole history in this many orders that the graph allows (20 without a number), and find the pairs of migrations whose order matters',
      parse: (text) => (text === 'true' ? defaultOrders : wholeNumber(2, 10_000)(text)),
    },
    {
      flags: '--seed <number>',
      description: 'with --order: repeat the random orders',
      parse: wholeNumber(0, 2 ** 31),
    },
    {
      flags: '--evidence',
      description:
        'write the results into kat-evidence.jsonl beside the migrations folder: `kat lint`, `check` and `deps` then mark findings as confirmed or refuted',
    },
    ...findingsOptions,
  ],
  examples: [
    { command: 'kat verify', explanation: 'all migrations' },
    { command: 'kat verify create_posts', explanation: 'one migration' },
    { command: 'kat verify --pending', explanation: 'what the next `kat up` would apply' },
    { command: 'kat verify --order', explanation: 'does the order of the branches matter?' },
    {
      command: 'kat verify --git-base origin/main --format github',
      explanation: 'annotate a pull request',
    },
  ],
  run: (context, { format, ...options }, operands) =>
    withProject(
      context,
      { isOffline: options.pending !== true && options.on !== 'server' },
      async ({ kat, config }) => {
        const engine = config.database.driver === 'sqlite' ? 'SQLite' : 'PostgreSQL';
        const result = await kat.verify({ ...options, of: named(operands) });
        printReport(context, config, {
          format,
          findings: result.findings,
          isVerbose: true,
          details: formatTrials(result, context.style),
          summary: verifySummary(result, { style: context.style, engine }),
          rules: Object.entries(verifyKinds).map(([id, { meaning }]) => ({ id, summary: meaning })),
        });
        return { document: { ...result }, exitCode: findingsExitCode(result) };
      },
    ),
};
