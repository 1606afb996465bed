/** `kat schema` */

import { existsSync } from 'node:fs';
import { listIds } from '../../graph/list-ids.js';
import type { SchemaResult } from '../../index.js';
import type { CommandSpec } from '../command.js';
import type { Context } from '../context.js';
import { findingsExitCode } from '../findings-options.js';
import { openProject } from '../open-project.js';
import { counted } from '../output/counted.js';
import { shortPath } from '../output/excerpt.js';

interface SchemaFlags {
  file?: string;
  check?: boolean;
  load?: boolean;
  on?: string;
}

export const schemaCommand: CommandSpec<'schema', SchemaFlags> = {
  name: 'schema',
  summary: 'Write the schema that the migrations make',
  description:
    'Builds the schema of the migrations folder in a throwaway database and prints it as SQL, one statement per object, in an order that loads. The same folder always gives the same text. --file writes it, with the ids of its migrations in FILE.migrations. --load needs an empty database.',
  options: [
    { flags: '--file <file>', description: 'write the schema into this file' },
    {
      flags: '--check',
      description: 'exit with code 3 and show the changes if the file is stale (default file: schema.sql)',
    },
    {
      flags: '--load',
      description:
        'execute the file in the database and record its migrations as applied, in one transaction (default file: schema.sql)',
    },
    {
      flags: '--on <place>',
      description:
        'where the throwaway database is: `pglite` (in memory), or the URL of a server (default: pglite)',
    },
  ],
  examples: [
    { command: 'kat schema', explanation: 'print the schema' },
    { command: 'kat schema --file schema.sql', explanation: 'write it, to review it with the migrations' },
  ],
  run: async (context, flags) => {
    const { kat } = await openProject(context, { isOffline: flags.load !== true });
    try {
      const result = await kat.schema(flags);
      print(context, result);
      if (result.rowMigrations.length > 0)
        context.warn(
          `Warning: a schema has no rows, so the database lacks those of ${listIds(result.rowMigrations)}. Insert them yourself, or use \`kat up\` instead.`,
        );
      return { document: { ...result }, exitCode: findingsExitCode(result) };
    } finally {
      await kat.close();
    }
  },
};

function print(context: Context, { sql, file, changes, migrations, isValid, isLoaded }: SchemaResult): void {
  const { cwd, style } = context;
  const name = file === undefined ? '' : shortPath(file, cwd);
  const count = counted(migrations.length, 'migration');
  if (file === undefined) context.writeExact(sql ?? '');
  else if (isLoaded) context.write(`loaded ${name} and recorded ${count} as applied\n`);
  else if (sql !== undefined) context.write(`wrote ${name} with the schema of ${count}\n`);
  else if (isValid) context.write(`${style.green(`${name} is the schema of ${count}`)}\n`);
  else {
    context.write(
      `${changes.map((line) => (line.startsWith('-') ? style.red(line) : style.green(line))).join('\n')}\n`,
    );
    const problem = existsSync(file) ? 'stale' : 'missing';
    context.write(`${style.red(`${name} is ${problem}`)}: run \`kat schema --file ${name}\`\n`);
  }
}
