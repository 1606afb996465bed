/** `kat diff` */

import { driftKinds } from '../../engine/drift/codes.js';
import type { CommandSpec } from '../command.js';
import { type CompareFlags, compareOptions } from '../compare-options.js';
import { findingsExitCode } from '../findings-options.js';
import { withProject } from '../open-project.js';
import { diffSummary, formatDifferences } from '../output/drift-text.js';
import { printReport } from '../print-report.js';

const source =
  'a database URL (SQLite: the path of its file), a git revision, migrations separated by commas, or a path to an SQL file or a migrations folder';

export const diffCommand: CommandSpec<'diff', CompareFlags> = {
  name: 'diff',
  description:
    'Compares the schemas of databases, git revisions, migrations and SQL files, and shows each difference with the SQL in both directions. Databases are only read; everything else is built in a throwaway database. Exits with code 3 when there is a difference.',
  arguments: [
    { name: '<first>', description: source },
    { name: '<second>', description: 'the same' },
  ],
  options: compareOptions,
  examples: [
    { command: 'kat diff origin/main heads', explanation: 'what this branch changes' },
    { command: 'kat diff create_users_table create_posts_table', explanation: 'between two states' },
  ],
  run: (context, { format, ...flags }, [first = '', second = '']) =>
    withProject(context, { isOffline: true }, async ({ kat, config }) => {
      const result = await kat.diff(first, second, { ...flags, cwd: context.cwd });
      const words = { putBack: 'from second to first', takeOver: 'from first to second' };
      const screen = { style: context.style, isVerbose: config.verbose, words };
      printReport(context, config, {
        format,
        findings: format === 'text' ? [] : result.findings,
        isVerbose: false,
        heading: formatDifferences(result.differences, screen),
        summary: diffSummary(result, context.style),
        rules: Object.entries(driftKinds).map(([id, { meaning }]) => ({ id, summary: meaning })),
      });
      return { document: { ...result }, exitCode: findingsExitCode(result) };
    }),
};
