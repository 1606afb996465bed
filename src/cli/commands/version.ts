/** `kat version` */

import { version } from '../../version.js';
import type { CommandSpec } from '../command.js';

export const versionCommand: CommandSpec<'version'> = {
  name: 'version',
  description: 'Prints the version of Kat. `kat --version` prints the bare number.',
  options: [],
  examples: [{ command: 'kat version', explanation: 'print the version' }],
  run: async (context) => {
    context.write(`Version: ${version}\n`);
    return { document: { version } };
  },
};
