/** Shared arguments and options of the commands that examine migrations: which ones. */

import type { CommandOption, CommandSpec } from './command.js';

export const choiceArguments: NonNullable<CommandSpec['arguments']> = [
  {
    name: '[migrations...]',
    description: 'only these: id, timestamp, name or prefix (default: all)',
  },
];

export const choiceOptions: readonly CommandOption[] = [
  { flags: '--pending', description: 'only pending migrations, as recorded in the database' },
  {
    flags: '--git-base <revision>',
    description: 'only migrations that this branch added or edited since this git revision',
  },
];
