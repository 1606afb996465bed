/** `kat roots` */

import type { CommandSpec } from '../command.js';
import { listEnds } from './list-ends.js';

export const roots: CommandSpec<'roots'> = {
  name: 'roots',
  description: 'Prints the ids of migrations without parents, one a line, in graph order. Needs no database.',
  options: [],
  examples: [{ command: 'kat roots', explanation: 'show the first migrations of the graph' }],
  run: (context) => listEnds(context, (kat) => kat.roots()),
};
