/** `kat add` */

import type { CommandSpec } from '../command.js';
import { openProject } from '../open-project.js';
import { shortPath } from '../output/excerpt.js';

interface AddFlags {
  description?: string;
  parent?: string[];
  /** Commander's name for `--no-transaction`. */
  transaction: boolean;
}

export const add: CommandSpec<AddFlags> = {
  name: 'add',
  summary: 'Create a new migration',
  description:
    'Writes a folder with up.sql, down.sql and metadata.yaml. The name is put into lower case, spaces become underscores, and other characters than letters, digits and underscores are dropped. The parents are the current heads of the graph, so that the first migration after two merged branches joins them.',
  arguments: [{ name: '<name>', description: 'what the migration does, such as create_users_table' }],
  options: [
    { flags: '--description <text>', description: 'a sentence about the migration, for metadata.yaml' },
    {
      flags: '--parent <migration>',
      description: 'a parent: id, timestamp, name or prefix; repeat for more (default: all heads)',
      isRepeatable: true,
    },
    {
      flags: '--no-transaction',
      description:
        'run it outside of a transaction, statement by statement, as CREATE INDEX CONCURRENTLY needs',
    },
  ],
  examples: [
    { command: 'kat add create_users_table', explanation: 'a migration that follows everything so far' },
    {
      command: 'kat add "add email to users" --parent create_users_table',
      explanation: 'one that follows only that migration',
    },
    { command: 'kat add index_emails --no-transaction', explanation: 'one for CREATE INDEX CONCURRENTLY' },
  ],
  run: async (context, { description, parent, transaction }, [name = '']) => {
    const { kat, config } = await openProject(context);
    const added = await kat.add(name, {
      noTransaction: !transaction,
      ...(description === undefined ? {} : { description }),
      ...(parent === undefined ? {} : { parents: parent }),
    });
    context.write(`${context.style.green('Migration created successfully!')}\n`);
    if (config.verbose) {
      const { up, down, metadata } = added.files;
      context.write(`Up query file: ${shortPath(up, context.cwd)}\n`);
      context.write(`Down query file: ${shortPath(down, context.cwd)}\n`);
      context.write(`Metadata file: ${shortPath(metadata, context.cwd)}\n`);
    }
    return { document: { id: added.id, parents: added.parents, files: added.files } };
  },
};
