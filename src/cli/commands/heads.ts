/** `kat heads` */

import type { CommandSpec } from '../command.js';
import { listEnds } from './list-ends.js';

export const heads: CommandSpec<'heads'> = {
  name: 'heads',
  description:
    'Prints the ids of migrations without children, one a line, in graph order. They become the parents of the next new migration. Needs no database.',
  options: [],
  examples: [{ command: 'kat heads', explanation: 'show the parents of the next migration' }],
  run: (context) => listEnds(context, (kat) => kat.heads()),
};
