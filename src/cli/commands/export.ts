/** `kat export` */

import { resolve } from 'node:path';
import { type ExportFormat, exportFormats, formatOfFile } from '../../graph/draw/export-formats.js';
import { saveFile } from '../../project/save-file.js';
import type { CommandSpec } from '../command.js';
import { openProject } from '../open-project.js';

interface ExportFlags {
  file?: string;
  format?: ExportFormat;
}

export const exportGraph: CommandSpec<'export', ExportFlags> = {
  name: 'export',
  summary: 'Print the migration graph as DOT, Mermaid, JSON or SVG',
  description:
    'Prints the graph for Graphviz, Mermaid or a program, or as a picture: one node for each migration and one edge from each parent to its child. The extension of --file chooses the format: .mmd or .mermaid for Mermaid, .json for JSON, .svg for SVG, and DOT for all others. Needs no database.',
  options: [
    { flags: '-f, --file <file>', description: 'write to this file instead of stdout' },
    {
      flags: '--format <format>',
      description: 'the format (default: that of the extension, or dot)',
      choices: exportFormats,
    },
  ],
  examples: [
    { command: 'kat export', explanation: 'print the graph' },
    {
      command: 'kat export --file graph.dot',
      explanation: 'save it, to be drawn with `dot -Tsvg graph.dot`',
    },
    {
      command: 'kat export --format mermaid',
      explanation: 'print a Mermaid flowchart, which code hosts draw in Markdown',
    },
    { command: 'kat export --file graph.svg', explanation: 'save a picture' },
  ],
  run: async (context, { file, format = formatOfFile(file ?? '') }) => {
    const { kat } = await openProject(context, { isOffline: true });
    const text = await kat.exportGraph({ format });
    if (file !== undefined) {
      saveFile(resolve(context.cwd, file), text);
      context.write(`Graph written to ${file}\n`);
      return { document: { format, file: resolve(context.cwd, file) } };
    }
    context.writeExact(text);
    return {
      document: { format, ...(format === 'json' ? { graph: JSON.parse(text) } : { [format]: text }) },
    };
  },
};
