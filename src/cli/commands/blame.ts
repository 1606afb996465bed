/** `kat blame` */

import type { CommandSpec } from '../command.js';
import { withProject } from '../open-project.js';
import { formatBlame } from '../output/blame-text.js';

export const blameCommand: CommandSpec<'blame'> = {
  name: 'blame',
  description:
    'Lists the statements that created, changed and dropped an object, in graph order, with the commit and author of each line. Follows renames: a former name finds the object as well. Names migrations whose SQL Kat cannot read. --verbose shows whole statements. Needs no database.',
  arguments: [
    {
      name: '<object>',
      description:
        'a table, `table.column`, an index, a function, a type or another object; with or without its schema',
    },
  ],
  options: [],
  examples: [
    { command: 'kat blame users', explanation: 'who created and changed the table' },
    { command: 'kat blame users.id', explanation: 'who created and changed the column' },
    { command: 'kat blame users --json', explanation: 'the same, for programs' },
  ],
  run: (context, _options, [name = '']) =>
    withProject(context, { isOffline: true }, async ({ kat, config }) => {
      const result = await kat.blame(name);
      const { cwd, style } = context;
      context.write(formatBlame(result, { cwd, style, isVerbose: config.verbose === true }));
      return { document: { ...result } };
    }),
};
