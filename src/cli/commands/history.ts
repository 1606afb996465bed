/** `kat history` */

import type { KatError } from '../../errors.js';
import type { HistoryFilter } from '../../index.js';
import type { CommandSpec } from '../command.js';
import { flagError } from '../flag-error.js';
import { wholeNumber } from '../numbers.js';
import { withProject } from '../open-project.js';
import { formatHistoryBlocks, formatHistoryEnd, formatHistoryTable } from '../output/history-text.js';
import { pointInTime } from '../when.js';

type HistoryFlags = Pick<HistoryFilter, 'outcome' | 'direction' | 'since' | 'until' | 'statements'> & {
  limit?: number;
  all?: boolean;
};

export const history: CommandSpec<'history', HistoryFlags> = {
  name: 'history',
  description:
    'Lists log entries, newest first: applied and rolled back migrations, failures with their errors, and records made without running SQL. --verbose shows whole entries. Changes nothing.',
  arguments: [
    {
      name: '[migrations...]',
      description:
        'only these: id, timestamp, name or prefix, also of those whose folder is gone (default: all)',
    },
  ],
  options: [
    {
      flags: '--outcome <outcome>',
      description: 'only this outcome',
      choices: ['succeeded', 'failed', 'stamped', 'repaired', 'started'],
    },
    { flags: '--direction <direction>', description: 'only this direction', choices: ['up', 'down'] },
    {
      flags: '--since <when>',
      description: 'not before: 2026-11-22, "2026-11-22 18:00" (UTC), or how long ago: 45m, 24h, 7d',
      parse: pointInTime('beginning'),
    },
    {
      flags: '--until <when>',
      description: 'not after, written like --since; a date alone includes that day',
      parse: pointInTime('end'),
    },
    {
      flags: '-n, --limit <number>',
      description: 'at most this many entries (default: 20)',
      parse: wholeNumber(1),
    },
    { flags: '--all', description: 'all entries' },
    { flags: '--statements', description: 'also list single statements of no_transaction migrations' },
  ],
  examples: [
    { command: 'kat history', explanation: 'show the last 20 entries' },
    { command: 'kat history create_posts --verbose', explanation: 'show all about one migration' },
    { command: 'kat history --outcome failed --since 7d', explanation: 'show what failed this week' },
  ],
  run: async (context, { all = false, limit, ...filter }, migrations) => {
    if (all && limit !== undefined) throw bothLimits();
    return withProject(context, {}, async ({ kat, config }) => {
      const result = await kat.history({ ...filter, migrations, limit: all ? Infinity : limit });
      const format = config.verbose ? formatHistoryBlocks : formatHistoryTable;
      const screen = { style: context.style, columns: process.stdout.columns };
      const lines = [...format(result.entries, screen), ...formatHistoryEnd(result)];
      context.write(lines.map((line) => `${line}\n`).join(''));
      return { document: { ...result } };
    });
  },
};

function bothLimits(): KatError {
  return flagError('history', '--all and --limit cannot be combined', 'Give only one of them.');
}
