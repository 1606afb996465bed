/** `kat export` */

import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { KatError } from '../../errors.js';
import { ioProblem } from '../../project/io-problem.js';
import type { CommandSpec } from '../command.js';
import { openProject } from '../open-project.js';

export const exportGraph: CommandSpec<{ file?: string }> = {
  name: 'export',
  summary: 'Draw the graph of migrations in the DOT language',
  description:
    'Prints the graph for Graphviz and the tools that read its language, one node a migration with its name as the label, one edge from each parent to its child. Needs no database.',
  options: [{ flags: '-f, --file <file>', description: 'write to this file instead of stdout' }],
  examples: [
    { command: 'kat export', explanation: 'print the graph' },
    {
      command: 'kat export --file graph.dot',
      explanation: 'save it, to be drawn with `dot -Tsvg graph.dot`',
    },
  ],
  run: async (context, { file }) => {
    const { kat } = await openProject(context);
    const dot = await kat.exportDot();
    if (file === undefined) {
      context.write(dot);
      return { document: { format: 'dot', dot } };
    }
    save(resolve(context.cwd, file), dot);
    context.write(`Graph written to ${file}\n`);
    return { document: { format: 'dot', file: resolve(context.cwd, file) } };
  },
};

function save(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (cause) {
    throw new KatError('FILES_INVALID', ioProblem('write', file, cause).message, {
      help: 'Name a file in a folder that exists and that you may write to.',
      cause,
    });
  }
}
