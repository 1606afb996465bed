/** `kat mcp` */

import { printableJson } from '../../outside-text.js';
import type { CommandIndex, CommandSpec } from '../command.js';
import { flagError } from '../flag-error.js';
import { writeTo } from '../outputs.js';

export function mcpCommand(commands: CommandIndex): CommandSpec<'mcp', { allow?: string[] }> {
  return {
    name: 'mcp',
    description:
      'Speaks the Model Context Protocol on stdin and stdout until stdin ends. The tools are commands of Kat; they read the migrations folder and the database that the configuration names, and return the documents of `--json`. Without --allow they change nothing. A tool that changes the database runs only the plan whose id it is given, as `kat up --plan-id` does.',
    options: [
      {
        flags: '--allow <what>',
        description:
          '`write-files`: tools may write migrations and metadata; `apply=NAME`: tools may run plans on the database NAME (for PGlite, the name of its folder; for SQLite, of its file); repeat for both',
        suggestions: ['write-files', 'apply='],
        isRepeatable: true,
      },
    ],
    examples: [
      { command: 'kat mcp', explanation: 'tools that look and change nothing' },
      {
        command: 'kat mcp --allow write-files --allow apply=shop_dev',
        explanation: 'also tools that write migrations, and run plans on the database shop_dev',
      },
    ],
    run: async (context, { allow = [] }) => {
      if (context.global.json) throw flagError('mcp', '--json has no meaning here', 'Remove it.');
      const { parseAllowed } = await import('../mcp/allow.js');
      const { serve } = await import('../mcp/serve.js');
      await serve(
        { context, commands: await commands.load(), allowed: parseAllowed(allow) },
        { input: process.stdin, send: (line) => writeTo(process.stdout, `${printableJson(line)}\n`) },
      );
      return { document: {} };
    },
  };
}
