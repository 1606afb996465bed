/** `kat export` */

import { extname, resolve } from 'node:path';
import type { KatError } from '../../errors.js';
import { type FileFormat, fileFormats, formatOfFile } from '../../graph/draw/export-formats.js';
import { saveOutput } from '../../project/save-output.js';
import type { CommandSpec } from '../command.js';
import type { Context } from '../context.js';
import { flagError } from '../flag-error.js';
import { withProject } from '../open-project.js';

interface ExportFlags {
  file?: string;
  format?: FileFormat;
  offline?: boolean;
}

export const exportGraph: CommandSpec<'export', ExportFlags> = {
  name: 'export',
  description:
    'Prints the graph for Graphviz, Mermaid or a program, as a picture, or as a web page with the SQL, effects, findings and history of each migration. The extension of --file chooses the format: .mmd or .mermaid for Mermaid, .json for JSON, .svg for SVG, .png for PNG (requires the package @resvg/resvg-js and --file), .html for the page, and DOT for all others. Only the page uses the database, if it can be reached.',
  options: [
    { flags: '-f, --file <file>', description: 'write to this file instead of stdout' },
    {
      flags: '--format <format>',
      description: 'the format (default: that of the extension, or dot)',
      choices: fileFormats,
    },
    { flags: '--offline', description: 'do not connect to the database for the page' },
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
    { command: 'kat export --file graph.html', explanation: 'save a page, to be opened in a browser' },
  ],
  run: async (context, { file, format: asked, offline = false }) => {
    if (file !== undefined && !asked && isOtherPicture(file)) throw otherPicture(file);
    const format = asked ?? formatOfFile(file ?? '');
    if (format === 'png' && file === undefined) {
      throw flagError('export', '`--format png` requires `--file`', 'Name a file for the picture.');
    }
    const content = await exportAs(context, format, offline);
    if (file !== undefined) {
      saveOutput(resolve(context.cwd, file), content);
      context.write(`Graph written to ${file}\n`);
      return { document: { format, file: resolve(context.cwd, file) } };
    }
    const text = content.toString();
    context.writeExact(text);
    return {
      document: { format, ...(format === 'json' ? { graph: JSON.parse(text) } : { [format]: text }) },
    };
  },
};

/** DOT is a text, which a program for pictures would not open. */
function isOtherPicture(file: string): boolean {
  return /\.(?:gif|jpe?g|webp|avif|bmp|tiff?|pdf)$/i.test(file);
}

function otherPicture(file: string): KatError {
  const help = `Write ${file.replace(/\.\w+$/, '')}.svg or .png; or name \`--format dot\` and an extension such as .dot.`;
  return flagError('export', `kat export cannot write ${extname(file)}`, help);
}

async function exportAs(
  context: Context,
  format: FileFormat,
  offline: boolean,
): Promise<string | Uint8Array> {
  return withProject(
    context,
    { isOffline: offline || format !== 'html', hasOfflineFlag: true },
    ({ kat }): Promise<string | Uint8Array> =>
      format === 'png' ? kat.exportPng() : kat.exportGraph({ format, offline }),
  );
}
