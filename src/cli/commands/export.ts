/** `kat export` */

import { resolve } from 'node:path';
import type { CommandSpec } from '../command.js';
import { openProject } from '../open-project.js';
import { saveFile } from '../save-file.js';

export const exportGraph: CommandSpec<'export', { file?: string }> = {
  name: 'export',
  summary: 'Print the migration graph in DOT format',
  description:
    'Prints the graph for Graphviz: one node for each migration and one edge from each parent to its child. Needs no database.',
  options: [{ flags: '-f, --file <file>', description: 'write to this file instead of stdout' }],
  examples: [
    { command: 'kat export', explanation: 'print the graph' },
    {
      command: 'kat export --file graph.dot',
      explanation: 'save it, to be drawn with `dot -Tsvg graph.dot`',
    },
  ],
  run: async (context, { file }) => {
    const { kat } = await openProject(context, { isOffline: true });
    const dot = await kat.exportDot();
    if (file === undefined) {
      context.writeExact(dot);
      return { document: { format: 'dot', dot } };
    }
    saveFile(resolve(context.cwd, file), dot);
    context.write(`Graph written to ${file}\n`);
    return { document: { format: 'dot', file: resolve(context.cwd, file) } };
  },
};
