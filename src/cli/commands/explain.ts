/** `kat explain` */

import type { CommandSpec } from '../command.js';

export const explainCommand: CommandSpec<'explain'> = {
  name: 'explain',
  description:
    'Prints what the docs say about a code: causes, examples and solutions. Without a code, lists all of them. Needs neither a project nor a network.',
  arguments: [
    {
      name: '[code]',
      description: 'such as `GRAPH_INVALID`, `add-required-column`, `unordered` or `3` (default: list all)',
    },
  ],
  options: [],
  examples: [
    { command: 'kat explain', explanation: 'list all codes' },
    { command: 'kat explain GRAPH_INVALID', explanation: 'explain an error' },
    { command: 'kat explain drop-column', explanation: 'explain a lint rule' },
    { command: 'kat explain 3', explanation: 'explain an exit code' },
  ],
  run: async ({ style, write }, _options, [code]) => {
    const { explanations } = await import('../explain/explanations.js');
    const { formatCodes, formatExplanations } = await import('../explain/explain-text.js');
    const { findExplanations } = await import('../explain/find-explanations.js');
    if (code === undefined) {
      write(formatCodes(explanations, { style, columns: process.stdout.columns }));
      return { document: { explanations } };
    }
    const found = findExplanations(explanations, code);
    write(formatExplanations(found, style));
    return { document: { explanations: found } };
  },
};
