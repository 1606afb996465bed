/** `kat deps` */

import type { DepsResult } from '../../index.js';
import type { Config } from '../../project/config/config.js';
import type { CommandSpec } from '../command.js';
import type { Context } from '../context.js';
import { type FindingsFlags, findingsExitCode, findingsOptions } from '../findings-options.js';
import { named } from '../named.js';
import { withProject } from '../open-project.js';
import { depsSummary, formatChanges, formatNeeds } from '../output/deps-text.js';
import { printReport } from '../print-report.js';

interface DepsFlags extends FindingsFlags {
  infer?: boolean;
  conservative?: boolean;
  fix?: boolean;
  write?: boolean;
  dryRun?: boolean;
}

export const deps: CommandSpec<'deps', DepsFlags> = {
  name: 'deps',
  description:
    "Reads the SQL of all migrations with PostgreSQL's own parser and lists the dependencies of each, with reasons. Finds undeclared dependencies, names that no migration creates, and unneeded parents. Exits with code 3 when there is an error. With --infer, ignores the declared parents and builds the graph that the SQL requires. Needs no database.",
  arguments: [
    {
      name: '[migrations...]',
      description: 'only these migrations, with all reasons: id, timestamp, name or prefix (default: all)',
    },
  ],
  options: [
    { flags: '--fix', description: 'add the undeclared parents to metadata.yaml' },
    { flags: '--infer', description: 'show the graph that the SQL requires' },
    { flags: '--write', description: 'with --infer: write its parents into every metadata.yaml' },
    {
      flags: '--conservative',
      description: 'also count uncertain dependencies: dynamic SQL, catalog queries, ambiguous names',
    },
    { flags: '--dry-run', description: 'show what --fix or --write would change' },
    ...findingsOptions,
  ],
  examples: [
    { command: 'kat deps', explanation: 'list all dependencies, and problems with parents' },
    { command: 'kat deps create_posts', explanation: 'one migration, with all reasons' },
    { command: 'kat deps --fix --dry-run', explanation: 'show the parents to add' },
    {
      command: 'kat deps --infer --conservative --write --dry-run',
      explanation: 'preview the parents of a project that was imported as a list',
    },
  ],
  run: (context, { format, ...options }, operands) =>
    withProject(context, { isOffline: true }, async ({ kat, config }) => {
      const result = await kat.deps({ ...options, of: named(operands) });
      print(context, config, { format, result, isNamed: operands.length > 0 });
      return { document: { ...result }, exitCode: findingsExitCode(result) };
    }),
};

interface Printing {
  format: FindingsFlags['format'];
  result: DepsResult;
  isNamed: boolean;
}

function print(context: Context, config: Config, { format, result, isNamed }: Printing): void {
  const { cwd, style } = context;
  const { findings, migrations, changes } = result;
  const screen = { cwd, style, isVerbose: config.verbose || isNamed };
  printReport(context, config, {
    format,
    findings,
    heading: formatNeeds(migrations, screen),
    isVerbose: true,
    details: changes ? formatChanges(changes, screen) : '',
    summary: depsSummary(result, style),
  });
}
